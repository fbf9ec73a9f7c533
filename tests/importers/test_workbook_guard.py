"""Is a workbook that would do harm refused before it is opened, in words?"""

import io
import re
import struct
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from relance.importers.problems import Unreadable
from relance.importers.sheet import open_sheet

ODS_NAMES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))


def xlsx(*cells: tuple[int, int, str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, column, text in cells or [(0, 0, "Client"), (0, 1, "Solde"), (1, 0, "C1"), (1, 1, "x")]:
            sheet.write(row, column, text)
    return out.getvalue()


def ods(rows: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        table = f'<table:table table:name="F">{rows}</table:table>'
        content = f"<office:document-content {ODS_NAMES}><office:body><office:spreadsheet>{table}"
        archive.writestr("content.xml", f"{content}</office:spreadsheet></office:body></office:document-content>")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with a part more, or another in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


def part_of(workbook: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return archive.read(name)


def lying_about_its_size(workbook: bytes, name: str) -> bytes:
    """The workbook whose directory says that a part is a byte long."""
    place = workbook.index(b"PK\x01\x02", workbook.index(b"PK\x01\x02"))
    while name.encode() not in workbook[place : place + 46 + len(name)]:
        place = workbook.index(b"PK\x01\x02", place + 4)
    return workbook[: place + 24] + struct.pack("<I", 1) + workbook[place + 28 :]


SHEET = "xl/worksheets/sheet1.xml"
PLAIN = xlsx()
CELL = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
REPEATED = CELL.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
DDE = b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'
ALL_BLANK = '<table:table-cell table:number-columns-repeated="16384"/>'
DANGERS: dict[str, tuple[Callable[[], bytes], str]] = {  # each made when it is tried
    "two cells at the far corners": (lambda: xlsx((0, 0, "a"), (1_048_575, 16_383, "b")), "spread over far more cells than it holds"),
    "a cell repeated for ever": (
        lambda: ods(f'<table:table-row table:number-rows-repeated="1048576">{REPEATED}</table:table-row>'),
        "spread over far more cells",
    ),
    "entities": (
        lambda: with_part(PLAIN, SHEET, b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + part_of(PLAIN, SHEET)),
        "declares entities",
    ),
    "another alphabet": (lambda: with_part(PLAIN, SHEET, part_of(PLAIN, SHEET).decode().encode("utf-16")), "an unusual alphabet"),
    "a VBA project": (lambda: with_part(PLAIN, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "holds macros"),
    "macros of Excel 4": (lambda: with_part(PLAIN, "xl/macrosheets/sheet1.xml", b"<m/>"), "holds macros"),
    "macros of LibreOffice": (lambda: with_part(ods(""), "Basic/Standard/Module1.xml", b"<m/>"), "holds macros"),
    "scripts of LibreOffice": (lambda: with_part(ods(""), "Scripts/python/run.py", b"1"), "holds macros"),
    "an embedded object": (lambda: with_part(PLAIN, "xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"), "objects of other programs"),
    "a DDE link": (
        lambda: with_part(PLAIN, "xl/externalLinks/externalLink1.xml", DDE),
        "DDE",
    ),
    "a part that swells": (lambda: with_part(PLAIN, "xl/sharedStrings.xml", b" " * 30_000_000), "unpacks to far more"),
    "a part larger than it says": (lambda: lying_about_its_size(PLAIN, SHEET), "unpacks to far more"),
}


@pytest.mark.parametrize("danger", DANGERS)
def test_a_dangerous_workbook_is_refused_in_words(danger):
    made, words = DANGERS[danger]
    content = made()
    with pytest.raises(Unreadable, match=re.escape(words)):
        open_sheet(io.BytesIO(content))


def test_a_plain_workbook_is_read():
    assert list(open_sheet(io.BytesIO(PLAIN)).rows()) == [["Client", "Solde"], ["C1", "x"]]


def test_empty_rows_repeated_to_the_end_of_a_sheet_are_no_danger():
    rest = f'<table:table-row table:number-rows-repeated="1048000">{ALL_BLANK}</table:table-row>'
    sheet = open_sheet(io.BytesIO(ods(f"<table:table-row>{CELL}</table:table-row>{rest}")))
    assert next(iter(sheet.rows())) == ["x"]


class Endless(io.RawIOBase):
    """A file of two gigabytes without the end of a line, that is nowhere."""

    def __init__(self, letter: bytes) -> None:
        self._letter, self.handed, self._place = letter, 0, 0

    def read(self, size: int = -1) -> bytes:
        some = min(size if size >= 0 else 1 << 20, (2 << 30) - self._place)
        self._place += some
        self.handed += some
        return self._letter * some

    def seek(self, place: int, whence: int = 0) -> int:
        self._place = place
        return place


@pytest.mark.parametrize("letter", [b"a", b";", b'"', b"\0"])
def test_a_line_of_two_gigabytes_is_refused_after_a_few_megabytes(letter):
    source = Endless(letter)
    with pytest.raises(Unreadable):
        open_sheet(source)
    assert source.handed < 10_000_000
