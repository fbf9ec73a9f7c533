"""Does a statement that was spoilt anyhow end in statements, problems or a refusal, and never in anything else?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.importers.problems import Unreadable
from tests.importers.banks import Move, camt, cfonb, mt940, ofx, read

MOVES = [
    Move("2026-07-10", 12050, "FACTURE FA-1", "DUPONT VINS", "FR1420041010050500013M02606", "E2E-7"),
    Move("2026-07-11", -5000, "FA-2", "MARTIN", returned="AM04", code="B3"),
    Move("2026-07-12", -390, "FRAIS"),
]
SAMPLES = {
    "camt": camt(MOVES),
    "camt 8": camt(MOVES, version="053.001.08"),
    "cfonb": cfonb(MOVES),
    "mt940": mt940(MOVES),
    "ofx": ofx(MOVES),
}
BITS = [
    b"",
    b"\0",
    b"<",
    b">",
    b"&",
    b"-",
    b",",
    b"\n",
    b":61:",
    b":86:",
    b"?20",
    b"01",
    b"05",
    b"}",
    b"\xff",
    b"9" * 40,
    b"<STMTTRN>",
    b"EUR",
]


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A sample with pieces cut out, doubled or replaced."""
    content = draw(st.sampled_from(list(SAMPLES.values())))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(BITS) | st.binary(max_size=8) | st.just(content[start:end] * 2))
        content = content[:start] + piece + content[end:]
    return content


@given(spoilt())
def test_a_spoilt_statement_is_read_or_refused(content: bytes):
    try:
        reading = read(content)
    except Unreadable:
        return
    assert reading.statements or reading.problems
    assert all(str(problem) for problem in reading.problems)


@pytest.mark.parametrize("content", SAMPLES.values(), ids=SAMPLES)
def test_a_sample_itself_is_read(content: bytes):
    reading = read(content)
    assert (len(reading.statements[0].entries), reading.problems.count) == (3, 0)
