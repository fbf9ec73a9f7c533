"""Does `make spec` see every disagreement between the register and the tests?"""

import pytest

from tools.spec import IDENTIFIERS, REGISTER, ROOT, Row, faults, read_rows

CONTEXT = {"A6", "A36", "A40", "K6", "K23", "K74"}


def register(**states: str) -> list[Row]:
    """A whole register, every row open but for the states given."""
    return [Row(identifier, "…", states.get(identifier, "open")) for identifier in IDENTIFIERS]


def test_the_register_holds_every_identifier_once_and_knows_which_rows_are_only_context():
    rows = read_rows((ROOT / REGISTER).read_text())
    assert [row.identifier for row in rows] == IDENTIFIERS
    assert {row.identifier for row in rows if row.state == "context"} == CONTEXT


def test_a_row_with_a_test_may_be_done():
    assert list(faults(register(K64="done"), {"K64": ["tests/test_it.py::test_it"]}, set())) == []


@pytest.mark.parametrize(
    ("rows", "tests", "done_once", "said"),
    [
        (register(K64="done"), {}, set(), "K64: done, but no test carries it"),
        (register(K64="open"), {"K64": ["test"]}, {"K64"}, "K64: was done once, and is open now: the list of open rows has grown"),
        (register(K64="context"), {}, {"K64"}, "K64: was done once, and is context now: the list of open rows has grown"),
        (register(K64="finished"), {}, set(), "K64: no such state: finished"),
        (register(), {"K86": ["tests/test_it.py::test_it"]}, set(), "K86: no such identifier, in tests/test_it.py::test_it"),
        (register()[1:], {}, set(), "A1: not in the register"),
        ([*register(), Row("A1", "…", "open")], {}, set(), "A1: 2 times in the register"),
        ([*register(), Row("B1", "…", "open")], {}, set(), "B1: no such identifier, in the register"),
    ],
    ids=[
        "done without a test",
        "open again",
        "context to hide it",
        "unknown state",
        "unknown in a test",
        "missing",
        "twice",
        "unknown row",
    ],
)
def test_a_disagreement_is_said(rows: list[Row], tests: dict[str, list[str]], done_once: set[str], said: str):
    assert list(faults(rows, tests, done_once)) == [said]
