"""Which characters can be printed? Those of the fonts; any other stands as a box, seen by the reader instead of failing the run."""

import functools
import struct
import unicodedata
from pathlib import Path
from typing import Any

import font_source_sans_pro

MISSING = "☐"
_TABLE, _CHOICE, _GROUP = struct.Struct(">4sIII"), struct.Struct(">HHI"), struct.Struct(">III")


def printable(value: Any) -> Any:
    """The same lists and dictionaries with texts that can be printed."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _printable(value)
    if isinstance(value, list):
        return [printable(one) for one in value]
    if isinstance(value, dict):
        return {name: printable(one) for name, one in value.items()}
    return value


def _printable(text: str) -> str:
    known = covered()
    return "".join(char if char in known else _instead(char) for char in unicodedata.normalize("NFC", text))


def _instead(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp", "Zs"):
        return " "
    return "" if category == "Cf" else MISSING  # invisible marks of writing direction and the like


@functools.cache
def covered() -> frozenset[str]:
    """The characters that the letter's font has, read from its own table (OpenType ``cmap``, format 12)."""
    font = (Path(font_source_sans_pro.font_directory) / "SourceSansPro-Regular.otf").read_bytes()
    tables = {tag: offset for tag, _, offset, _ in _TABLE.iter_unpack(font[12 : 12 + 16 * int.from_bytes(font[4:6])])}
    cmap = tables[b"cmap"]
    choices = _CHOICE.iter_unpack(font[cmap + 4 : cmap + 4 + 8 * int.from_bytes(font[cmap + 2 : cmap + 4])])
    start = next(cmap + offset for platform, encoding, offset in choices if (platform, encoding) == (3, 10))
    groups = _GROUP.iter_unpack(font[start + 16 : start + 16 + 12 * int.from_bytes(font[start + 12 : start + 16])])
    return frozenset(chr(code) for first, last, _ in groups for code in range(first, last + 1))
