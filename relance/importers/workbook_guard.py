"""Is a workbook safe to be opened? Without macros, embedded objects and entities, and no larger unpacked, or spread out, than it looks.

The library that reads workbooks unpacks what a file asks it to, and lays a sheet out from its first cell to its last: two cells at the
far corners of a sheet of a few hundred bytes would take hundreds of gigabytes. So every part is read through once before.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from relance.importers.problems import Unreadable

_MOST_UNPACKED = 1 << 30  # bytes of a workbook's parts together
_HARDEST_PACKED = 200  # times: XML packs well, a bomb packs a thousand times better
_LIGHT = 1 << 20  # bytes of a part that may be packed as it likes
_CHUNK = 1 << 20
_LONGEST_TAG = 1 << 24  # bytes from one mark to the next
_MOST_PARTS = 10_000
_MOST_CELLS = 30_000_000  # of a sheet laid out whole
_SMALL_SHEET = 1_000_000
_THINNEST = 20  # cells laid out for each that is there, in a larger sheet
_MACROS = re.compile(r"vbaproject|^xl/macrosheets/|^basic/|^scripts/", re.IGNORECASE)
_OBJECTS = re.compile(r"^xl/(embeddings|activex)/|\.ole$|oleobject", re.IGNORECASE)
_LINKS = (b"<ddeLink", b":ddeLink", b"<table:dde-link", b"office:dde-source")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # UTF-16
_REFERENCE = re.compile(rb"""[\s"']r\s*=\s*["']([A-Z]{0,8})([0-9]{1,12})["']""")
_XLSX_TAG = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s>/])")
_ODS_TAG = re.compile(rb"<(?:\w+:)?(table|table-row|table-cell|covered-table-cell)(?=[\s>/])([^>]*)")
_COLUMNS = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]{1,12})["']""")
_ROWS = re.compile(rb"""number-rows-repeated\s*=\s*["']([0-9]{1,12})["']""")
_HUGE = "this workbook unpacks to far more than it weighs: it is not opened"
_UNUSUAL = "this workbook is written in an unusual alphabet: save it anew"
_SPREAD = "a sheet of this workbook is spread over far more cells than it holds: save it anew with its data alone"


def refuse_dangerous(source: BinaryIO) -> None:
    """Raise Unreadable for a workbook that is not to be opened, saying why."""
    try:
        with zipfile.ZipFile(source) as archive:
            parts = archive.infolist()
            _refuse_parts(parts)
            for part in parts:
                _read_through(archive, part)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, RuntimeError, EOFError):
        raise Unreadable("this file is damaged: it is no ZIP archive that can be opened") from None


def _refuse_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if any(_MACROS.search(name) for name in names):
        raise Unreadable("this workbook holds macros: save it as XLSX without them")
    if not any(name in ("xl/workbook.xml", "content.xml") for name in names):
        raise Unreadable("this is a ZIP archive, not a workbook; a table is read from CSV, XLSX or ODS")
    if any(_OBJECTS.search(name) for name in names):
        raise Unreadable("this workbook holds objects of other programs: save it without them")
    swollen = any(part.file_size > max(_LIGHT, part.compress_size * _HARDEST_PACKED) for part in parts)
    if swollen or len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Unreadable(_HUGE)


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part as the library would: no more may come out than is declared, and nothing that is not plain data."""
    extent: _Extent | None = None
    for number, block in enumerate(_blocks(archive, part)):
        if number == 0:
            if block.startswith(_WIDE):
                raise Unreadable(_UNUSUAL)
            if not part.filename.endswith((".xml", ".rels")) and not block.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
                extent = _Picture()
            elif part.filename == "content.xml":
                extent = _Ods()
            elif b"worksheet" in block[:_LIGHT]:
                extent = _Xlsx()
        if isinstance(extent, _Picture):
            continue
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise Unreadable("this workbook declares entities, which no spreadsheet writes: it is not opened")
        if b"\0" in block:
            raise Unreadable(_UNUSUAL)
        if any(link in block for link in _LINKS):
            raise Unreadable("this workbook holds links to other programs (DDE): save it without them")
        if extent:
            extent.add(block)
            extent.refuse_spread()


def _blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part unpacked, cut before marks."""
    declared, unpacked, rest = part.file_size, 0, b""
    part.file_size = _MOST_UNPACKED + 1  # or no more than is declared would be unpacked, while the library unpacks all
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > declared:
                raise Unreadable(_HUGE)
            whole, mark, rest = (rest + chunk).rpartition(b"<")
            rest = mark + rest
            if len(rest) > _LONGEST_TAG:
                raise Unreadable(_HUGE)
            yield whole
    part.file_size = declared
    yield rest


@dataclass
class _Extent:
    """How far a sheet reaches, and how many cells are there."""

    rows: int = 0
    columns: int = 0
    cells: int = 0

    def add(self, block: bytes) -> None:
        """Look through some more of it; of what is no sheet there is nothing to see."""

    def area(self) -> int:
        """Cells of the sheet laid out whole."""
        return self.rows * self.columns

    def refuse_spread(self) -> None:
        """Raise Unreadable for a sheet that would take far more memory than its cells."""
        if self.area() > min(_MOST_CELLS, max(_SMALL_SHEET, self.cells * _THINNEST)):
            raise Unreadable(_SPREAD)


class _Picture(_Extent):
    """What is no XML: it is only measured."""


@dataclass
class _Xlsx(_Extent):
    _in_row: int = 0

    def add(self, block: bytes) -> None:
        tags = _XLSX_TAG.findall(block)
        references = _REFERENCE.findall(block)
        letters = {column for column, _ in references}
        self.rows = max(self.rows + tags.count(b"row"), max((int(row) for row in {row for _, row in references}), default=0))
        self.columns = max(self.columns, max(map(_place, letters), default=0))
        self.cells += tags.count(b"c")
        if len(references) < len(tags):  # some say nothing of where they stand: one after the other
            for tag in tags:
                self._in_row = 0 if tag == b"row" else self._in_row + 1
                self.columns = max(self.columns, self._in_row)


@dataclass
class _Ods(_Extent):
    _repeated: int = 1
    _in_row: int = 0
    _valued: int = 0
    _laid_out: int = 0

    def add(self, block: bytes) -> None:
        for tag, attributes in _ODS_TAG.findall(block):
            if tag in (b"table", b"table-row"):
                self._close_row()
                self._repeated = _repeats(_ROWS, attributes)
            else:
                self._in_row += _repeats(_COLUMNS, attributes)
                if b"value-type" in attributes or b"formula" in attributes:
                    self._valued = self._in_row
                    self.cells += 1

    def area(self) -> int:
        """Rows that hold something, as often and as far as they are laid out."""
        return self._laid_out + self._repeated * self._valued

    def _close_row(self) -> None:
        self._laid_out += self._repeated * self._valued
        self._in_row = self._valued = 0


def _repeats(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _place(letters: bytes) -> int:
    """The number of a column that is written in letters."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64  # A is 65
    return place
