"""What does a reader see on a page? The words of a PDF and where they stand, in millimetres from the top left corner."""

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

import pikepdf

_POINT = 25.4 / 72


class Words(NamedTuple):
    """Words set in one go: their page, from 1, and where their baseline begins."""

    page: int
    left: float
    down: float
    text: str


def words(letter: bytes) -> list[Words]:
    """All words of a PDF, page by page, from the top down, in each line from the left."""
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        found = [one for number, page in enumerate(pdf.pages, 1) for one in _words(number, page)]
    return sorted(found, key=lambda one: (one.page, round(one.down, 1), one.left))


def lines(letter: bytes, page: int | None = None) -> list[str]:
    """The lines of text, as one reads them; of one page, or of all. Any kind of space is written as a space."""
    rows: dict[tuple[int, float], list[str]] = {}
    for one in words(letter):
        if page in (None, one.page):
            rows.setdefault((one.page, round(one.down, 1)), []).append(one.text)
    return [re.sub(r"\s+", " ", " ".join(row)).strip() for row in rows.values()]


def text(letter: bytes, page: int | None = None) -> str:
    """Everything that is written, in one string."""
    return " ".join(lines(letter, page))


def pages(letter: bytes) -> int:
    """How many pages it has."""
    with pikepdf.open(io.BytesIO(letter)) as pdf:
        return len(pdf.pages)


def _words(number: int, page: pikepdf.Page) -> Iterator[Words]:
    height = float(page.mediabox[3])
    fonts = {name: _unicode(font) for name, font in (page.resources.get("/Font") or {}).items()}
    here, kept, shown, start, font = pikepdf.Matrix(), [], "", pikepdf.Matrix(), {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "q":
                kept.append(here)
            case "Q":
                here = kept.pop()
            case "cm":
                here = pikepdf.Matrix(*map(float, operands)) @ here
            case "Tf":
                font = fonts[str(operands[0])]
            case "Tm":
                start = pikepdf.Matrix(*map(float, operands)) @ here
            case "Tj" | "TJ":
                shown += "".join(_decoded(one, font) for one in (operands[0] if str(operator) == "TJ" else operands))
            case "ET":
                yield Words(number, start.e * _POINT, (height - start.f) * _POINT, shown)
                shown = ""


def _decoded(piece: object, font: dict[bytes, str]) -> str:
    if not isinstance(piece, pikepdf.String):
        return ""
    codes = bytes(piece)
    return "".join(font.get(codes[at : at + 2], "") for at in range(0, len(codes), 2))


def _unicode(font: pikepdf.Dictionary) -> dict[bytes, str]:
    """What each code of a font stands for, from its ToUnicode table."""
    table = font["/ToUnicode"].read_bytes().decode("ascii")
    found: dict[bytes, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, stands_for in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[bytes.fromhex(code)] = bytes.fromhex(stands_for).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, stands_for in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[(int(first, 16) + step).to_bytes(2)] = chr(int(stands_for, 16) + step)
    return found
