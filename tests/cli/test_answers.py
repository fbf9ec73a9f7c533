"""Is an answer one JSON document, however it is streamed?"""

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from relance.cli.answers import write_json

KEYS = st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def written(pairs):
    out = io.StringIO()
    write_json(pairs, out)
    return out.getvalue()


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_a_document_is_read_back_as_it_was(document):
    assert json.loads(written(document.items())) == document


@given(st.dictionaries(KEYS, st.lists(VALUES, max_size=4), max_size=4))
def test_lists_may_be_written_element_by_element(document):
    assert json.loads(written((key, iter(values)) for key, values in document.items())) == document


def test_a_later_key_may_tell_what_an_earlier_list_added_up_to():
    total = 0

    def accounts():
        nonlocal total
        for amount in (1, 2, 3):
            total += amount
            yield amount

    def document():
        yield "accounts", accounts()
        yield "total", total

    assert json.loads(written(document())) == {"accounts": [1, 2, 3], "total": 6}


def test_accents_are_written_as_they_are():
    assert written([("name", "Élan – 東京")]) == '{"name": "Élan – 東京"}\n'
