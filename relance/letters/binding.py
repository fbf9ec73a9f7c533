"""How do letters become one file, however many there are? Some at a time, as a part; the parts are written one after the other.

Only one part is in memory at once. qpdf makes a part and numbers its objects from 1; here they are given the numbers that follow those
already written. What qpdf writes is regular enough to be renumbered by a pattern: its strings are escaped or hexadecimal, and its streams
begin where their dictionary ends.
"""

import hashlib
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

from relance.letters import archival

LETTERS, BYTES = 200, 16 << 20  # that make a part
_CATALOG, _PAGES = 1, 2  # the objects that qpdf writes first
_REFERENCE = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>|\b(\d+) 0 R\b", re.DOTALL)
_COUNT = re.compile(rb"/Count (\d+)")
_STREAM = re.compile(rb"\nstream\r?\n")


class Merged(NamedTuple):
    """What came of putting letters into one file."""

    letters: int
    archival: bool  # whether the file is PDF/A, as each of its letters was


def merge(letters: Iterable[bytes], out: Path) -> Merged:
    """Write the letters one after the other into one PDF, PDF/A where they all are. Without letters nothing is written."""
    parts = _parts(iter(letters))
    first = next(parts, None)
    if first is None:
        return Merged(0, archival=False)
    count = 0
    with out.open("wb") as file:
        whole = _Whole(file)
        for some in itertools.chain([first], parts):
            whole.add(*_part(some))
            count += len(some)
        return Merged(count, whole.close())


def _parts(letters: Iterator[bytes]) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    weight = 0
    for letter in letters:
        some.append(letter)
        weight += len(letter)
        if len(some) == LETTERS or weight >= BYTES:
            yield some
            some, weight = [], 0
    if some:
        yield some


def _part(letters: list[bytes]) -> tuple[bytes, bytes | None]:
    """A PDF of these letters, and the colour profile that they have in common with others where they are PDF/A."""
    import pikepdf

    made, profiles = io.BytesIO(), []
    with pikepdf.new() as part, ExitStack() as opened:
        for letter in letters:
            pdf = opened.enter_context(pikepdf.open(io.BytesIO(letter)))
            part.pages.extend(pdf.pages)
            profiles.append(archival.profile(pdf))
        part.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable, deterministic_id=True)
    return made.getvalue(), profiles[0] if all(profiles) else None


class _Whole:
    """A PDF being written: its objects as they come, and at the end the tree of its pages and the table of where everything is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()
        self._places = [0, 0, 0]  # of objects by number: none, the catalog, the root of the pages
        self._kids: list[int] = []
        self._pages = 0
        self._profiles: list[bytes | None] = []
        self._write(b"%PDF-1.7\n%\xbf\xf7\xa2\xfe\n")

    def add(self, part: bytes, profile: bytes | None) -> None:
        """Write a part's objects; its pages are a branch of this document's. ``profile`` is None unless the part is PDF/A."""
        self._profiles.append(profile)
        base = len(self._places) - _PAGES  # object 2 of the part becomes the next one
        for number, written in _objects(part):
            if number == _CATALOG:
                continue
            if number == _PAGES:
                self._kids.append(base + number)
                self._pages += int(_COUNT.findall(written)[0])
                written = written.replace(b"<<", b"<< /Parent %d 0 R" % _PAGES, 1)
            self._put(base + number, _renumbered(written, lambda old: old + base))

    def close(self) -> bool:
        """Write what holds the parts together; whether the whole is PDF/A."""
        said = b""
        if (profile := self._profiles[0]) and all(self._profiles):
            metadata = len(self._places)
            self._put(metadata, archival.statement())
            self._put(metadata + 1, archival.colours(profile))
            said = b" /Metadata %d 0 R /OutputIntents [ %s ]" % (metadata, archival.intent(metadata + 1))
        self._put(_CATALOG, b"<< /Pages %d 0 R /Type /Catalog%s >>" % (_PAGES, said))
        kids = b" ".join(b"%d 0 R" % kid for kid in self._kids)
        self._put(_PAGES, b"<< /Count %d /Kids [ %s ] /Type /Pages >>" % (self._pages, kids))
        name = self._digest.hexdigest()[:32].encode()
        table = self._file.tell()
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._places))
        self._write(b"".join(b"%010d 00000 n \n" % place for place in self._places[1:]))
        self._write(b"trailer << /Root %d 0 R /Size %d /ID [<%s><%s>] >>\n" % (_CATALOG, len(self._places), name, name))
        self._write(b"startxref\n%d\n%%%%EOF\n" % table)
        return bool(said)

    def _put(self, number: int, written: bytes) -> None:
        if number == len(self._places):
            self._places.append(0)
        self._places[number] = self._file.tell()
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, written))

    def _write(self, some: bytes) -> None:
        self._digest.update(some)
        self._file.write(some)


def _objects(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Each object of a part by its number, without the words around it, in the order in which they are written: ascending."""
    table = int(part[part.rindex(b"startxref") + 9 :].split()[0])
    count = int(part[table:].split(maxsplit=3)[2])
    first = part.index(b"\n", part.index(b"\n", table) + 1) + 1
    places = [int(part[first + 20 * number : first + 20 * number + 10]) for number in range(count)]
    for number, (place, end) in enumerate(itertools.pairwise([*places[1:], table]), 1):
        written = part[part.index(b"obj\n", place) + 4 : end]
        yield number, written[: written.rindex(b"\nendobj")]


def _renumbered(written: bytes, number: Callable[[int], int]) -> bytes:
    """An object with its references renumbered, those in its strings and its stream excepted, which are none."""
    stream = _STREAM.search(written)
    head, rest = (written[: stream.start()], written[stream.start() :]) if stream else (written, b"")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % number(int(found[1])) if found[1] else found[0], head) + rest
