"""How is a large text file read piece by piece, whatever ends its lines? In blocks of whole lines, a megabyte at a time."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from relance.importers.problems import Unreadable

_CHUNK = 1 << 20
LONGEST_LINE = 1 << 20
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")

Progress = Callable[[int], None]


def read_blocks(source: BinaryIO, on_progress: Progress | None = None) -> Iterator[bytes]:
    r"""The file in blocks of whole lines; between two lines, and between two blocks, stands one ``\n`` or stood one.

    ``\n``, ``\r\n``, ``\r\r\n`` and ``\r`` all end lines. Raises Unreadable for what is no text, or has a line of more than a megabyte.
    """
    done, rest, end = 0, b"", b""
    while chunk := source.read(_CHUNK):
        if b"\0" in chunk:
            raise Unreadable(_refusal(rest + chunk))
        block = rest + chunk
        end = end or _end_of_lines(block)
        whole, mark, rest = block.rpartition(end) if end else (b"", b"", block)
        if len(rest) > LONGEST_LINE:
            raise Unreadable("a line of more than a megabyte: this is no table in a text file")
        if mark:
            yield _with_plain_ends(whole, end)
        done += len(chunk)
        if on_progress:
            on_progress(done)
    if rest:
        yield _with_plain_ends(rest, end)


def _end_of_lines(block: bytes) -> bytes:
    r"""``\r`` where it ends lines alone, else the ``\n`` that any ``\r`` only goes before; nothing where that cannot be told yet."""
    if b"\n" in block:
        return b"\n"
    return b"\r" if b"\r" in block.rstrip(b"\r") else b""


def _with_plain_ends(block: bytes, end: bytes) -> bytes:
    if b"\r" not in block:
        return block
    return block.replace(b"\r", b"\n") if end == b"\r" else block.replace(b"\r", b"")


def _refusal(block: bytes) -> str:
    if block.startswith(_WIDE_MARKS):
        return "this file is written in UTF-16: save it as UTF-8"
    return "this is a binary file (it holds zero bytes), not a text file"
