"""Are large files cut into blocks of whole lines, whatever ends the lines, in bounded memory?"""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.importers import blocks
from relance.importers.blocks import read_blocks
from relance.importers.problems import Unreadable


class Zeros:
    """A file without end of one letter, that counts what was read of it."""

    def __init__(self, letter: bytes) -> None:
        self.letter, self.given = letter, 0

    def read(self, size: int) -> bytes:
        self.given += size
        return self.letter * size


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r\r\n", b"\r"])
@pytest.mark.parametrize("last", [True, False])
def test_every_end_of_line_is_understood(end: bytes, last: bool):
    content = end.join([b"one", b"two", b"three"]) + (end if last else b"")
    assert b"\n".join(read_blocks(BytesIO(content))) == b"one\ntwo\nthree"


@given(st.lists(st.text("ab é", max_size=5), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n", "\r\r\n"]), st.integers(1, 7))
def test_blocks_are_the_lines_however_the_file_is_cut(lines: list[str], end: str, size: int):
    content = end.join(lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_CHUNK", size)
        assert b"\n".join(read_blocks(BytesIO(content))) == "\n".join(lines).encode().removesuffix(b"\n")


def test_progress_is_told_in_bytes():
    told: list[int] = []
    list(read_blocks(BytesIO(b"line\n" * 500_000), told.append))
    assert told == [1 << 20, 2 << 20, 2_500_000]


@pytest.mark.parametrize(
    ("letter", "refusal"), [(b"x", "a line of more than a megabyte"), (b"\0", "binary file"), (b"\r", "more than a megabyte")]
)
def test_a_line_without_end_is_refused_after_two_megabytes(letter: bytes, refusal: str):
    source = Zeros(letter)
    with pytest.raises(Unreadable, match=refusal):
        list(read_blocks(source))
    assert source.given <= 3 << 20


def test_utf16_is_named():
    with pytest.raises(Unreadable, match="UTF-16"):
        list(read_blocks(BytesIO("JournalCode\n".encode("utf-16"))))
