"""Which characters can be printed? Those of the fonts; any other stands as a box, which the reader sees, instead of failing the run."""

import functools
import re
import struct
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import font_source_sans_pro

BOX = "☐"
_JOINERS = "\u00ad\u200b\u200c\u200d"  # invisible, and wanted: where a word may break, how Arabic letters join
_CLEAN = re.compile(r"[ -~\u00a0-\u00ac\u00ae-\u02ff]*")
_TABLE, _CHOICE, _GROUP = struct.Struct(">4sIII"), struct.Struct(">HHI"), struct.Struct(">III")


def clean(content: Any) -> Any:
    """The same lists and dictionaries without control characters: a line break or tab is a space, a mark of writing direction nothing."""
    return _each(content, lambda text: text if _CLEAN.fullmatch(text) else "".join(map(_visible, unicodedata.normalize("NFC", text))))


def boxed(content: Any) -> Any:
    """The same with a box for every character that the letter's own font has not."""
    own = own_characters()
    return _each(content, lambda text: "".join(char if char in own or char in _JOINERS else BOX for char in text))


def _each(content: Any, change: Callable[[str], str]) -> Any:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list | tuple):
        return [_each(one, change) for one in content]
    if isinstance(content, dict):
        return {name: _each(one, change) for name, one in content.items()}
    return content


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category == "Cf" and char not in _JOINERS else BOX if category in ("Cs", "Co", "Cn") else char


@functools.cache
def own_characters() -> frozenset[str]:
    """The characters that the letter's font has, read from its own table (OpenType ``cmap``, format 12)."""
    font = (Path(font_source_sans_pro.font_directory) / "SourceSansPro-Regular.otf").read_bytes()
    tables = {tag: offset for tag, _, offset, _ in _TABLE.iter_unpack(font[12 : 12 + 16 * int.from_bytes(font[4:6])])}
    cmap = tables[b"cmap"]
    choices = _CHOICE.iter_unpack(font[cmap + 4 : cmap + 4 + 8 * int.from_bytes(font[cmap + 2 : cmap + 4])])
    start = next(cmap + offset for platform, encoding, offset in choices if (platform, encoding) == (3, 10))
    groups = _GROUP.iter_unpack(font[start + 16 : start + 16 + 12 * int.from_bytes(font[start + 12 : start + 16])])
    return frozenset(chr(code) for first, last, _ in groups for code in range(first, last + 1))
