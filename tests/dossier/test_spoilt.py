"""Whatever is wrong with a file, is it told in words, and nothing stored?"""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from relance.dossier import Faults
from relance.models import Company
from tests.dossier.files import Json, stored, take_in, text_of
from tests.dossier.lives import lived_in
from tests.dossier.test_loading import EVERYTHING

pytestmark = pytest.mark.django_db

STRANGE = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-(2**70), 2**70)
    | some.floats(allow_nan=False)
    | some.text(max_size=5)
    | some.sampled_from(
        ["FA-1", "C001", "C002", "S1", "EUR", "2026-01-31", "10.00", "-10.00", "NA", "netting", "credit_note", "\0", "\ud800"]
    ),
    lambda inner: (
        some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(["code", "no", "amount", "document", "x"]), inner, max_size=3)
    ),
    max_leaves=4,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a dossier with each of its keys or places."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for key, one in inside:
        found += [(value, key), *places(one)]
    return found


def spoilt(dossier: Json, data: some.DataObject) -> Json:
    """The dossier with one to three of its values replaced, taken away or said twice."""
    copied = copy.deepcopy(dossier)
    for _ in range(data.draw(some.integers(1, 3))):
        container, key = data.draw(some.sampled_from(places(copied)))
        match data.draw(some.sampled_from(["replace", "replace", "take away", "say twice"])):
            case "replace":
                container[key] = data.draw(STRANGE)
            case "take away":
                del container[key]
            case "say twice" if isinstance(container, list):
                container.append(copy.deepcopy(container[key]))
    return copied


def try_to_load(dossier: Json) -> None:
    """Load, and see that a refusal says why and stores nothing."""
    before, faults = stored(), []
    try:
        take_in(json.dumps(dossier).encode())
    except Faults as refused:
        faults = refused.faults
    assert not faults or stored() == before
    assert all(fault.place and fault.message for fault in faults)


class Spoilt(TestCase):
    """A file that is not what a program wrote."""

    @settings(max_examples=max(20, settings.default.max_examples // 5))
    @given(some.data())
    def test_a_spoilt_file_is_taken_or_refused_in_words(self, data: some.DataObject):
        """Into an empty database, and over the whole file."""
        if data.draw(some.booleans()):
            take_in(EVERYTHING)
        try_to_load(spoilt(EVERYTHING, data))

    @settings(max_examples=max(20, settings.default.max_examples // 5))
    @given(some.data())
    def test_a_spoilt_history_is_taken_or_refused_in_words(self, data: some.DataObject):
        """Into another company, and over its own."""
        lived_in()
        dossier = json.loads(text_of())
        if data.draw(some.booleans()):
            Company.objects.update(code="OTHER")
        try_to_load(dossier | {"history": spoilt(dossier["history"], data)})
