"""Which characters can be printed? Those of the fonts; any other stands as a box, which the reader sees, instead of failing the run."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

BOX = "☐"
_PLAIN = re.compile(r"[ -~\u00a0-\u00ac\u00ae-\u02ff]*")
_LATIN = "\u024f"  # the last of the letters that need no question
_NARROW = "\u202f"  # between thousands; the font's own is hardly seen, and its ordinary space is narrow already
_JOINERS = "\u00ad\u200b\u200c\u200d"  # invisible, and wanted: where a word may break, how Arabic letters join


def clean(content: Any) -> Any:
    """The same lists and dictionaries without control characters: a line break or tab is a space, a mark of writing direction nothing."""
    return _each(content, lambda text: text if _PLAIN.fullmatch(text) else "".join(map(_visible, unicodedata.normalize("NFC", text))))


def boxed(content: Any, known: Callable[[str], bool]) -> Any:
    """The same with a box for every character that is not known to the fonts."""
    return _each(content, lambda text: "".join(char if char <= _LATIN or char in _JOINERS or known(char) else BOX for char in text))


def _each(content: Any, change: Callable[[str], str]) -> Any:
    if isinstance(content, str):
        return change(content)
    if isinstance(content, list | tuple):
        return [_each(one, change) for one in content]
    if isinstance(content, dict):
        return {name: _each(one, change) for name, one in content.items()}
    return content


def _visible(char: str) -> str:
    if char == _NARROW:
        return "\u00a0"
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf":
        return char if char in _JOINERS else ""
    return BOX if category in ("Cs", "Co", "Cn") else char
