"""Which kinds of value does JSON bring: a text, a number, a list, an object? And how are readers of several made of readers of one?

A reader takes a JSON value and gives what is kept, or raises ValueError in words for a user. What the trade writes (a day, an address,
a level) is read in ``values.py``.
"""

import json
import re
from collections.abc import Callable, Collection
from typing import Any

from relance.dossier.entry import Entry

Reader = Callable[[Any], Any]

LARGEST = 2**31 - 1  # what an integer column holds

# What may not stand in a text. No database holds the first character, no UTF-8 text the halves of surrogate pairs.
KEPT = re.compile("[\x00\ud800-\udfff]")  # what was once kept must come back, whoever wrote it
PROSE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
ONE_LINE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Misread(ValueError):
    """What is wrong at an inner place of a value."""

    def __init__(self, inside: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.inside = inside


def shown(value: Any) -> str:
    """A JSON value as a message quotes it, cut short."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else f'{text[:58]}…"'


def text(longest: int | None, *, empty: bool = True, without: re.Pattern[str] = ONE_LINE) -> Reader:
    """A text of at most so many characters, none of which is one of those."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"a text in quotes is due, not {shown(value)}")
        if not value and not empty:
            raise ValueError("is empty")
        if longest is not None and len(value) > longest:
            raise ValueError(f"longer than {longest} characters: {shown(value)}")
        if found := without.search(value):
            raise ValueError(f"holds a control character (U+{ord(found[0]):04X})")
        return value

    return read


def one_of(words: Collection[str], *, or_empty: bool = False) -> Reader:
    """One word of a closed list."""

    def read(value: Any) -> Any:
        if (isinstance(value, str) and value in words) or (or_empty and value == ""):
            return value
        raise ValueError(f"not one of {', '.join(words)}: {shown(value)}")

    return read


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"true or false is due, not {shown(value)}")
    return value


def whole(least: int, most: int) -> Reader:
    """A whole number between two bounds."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"a whole number is due, not {shown(value)}")
        if not least <= value <= most:
            raise ValueError(f"not between {least} and {most}: {shown(value)}")
        return value

    return read


def each(read_one: Reader) -> Reader:
    """A list of such values; a fault is told at its place in the list."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError(f"a list is due, not {shown(value)}")
        found = []
        for place, one in enumerate(value):
            try:
                found.append(read_one(one))
            except ValueError as error:
                raise Misread((place,), str(error)) from None
        return found

    return read


def lines_of(read_one: Reader) -> Reader:
    """A list of short texts, kept one a line."""
    read_each = each(read_one)
    return lambda value: "\n".join(read_each(value))


def filled(read: Reader) -> Reader:
    """What a reader finds, where it finds anything."""

    def read_filled(value: Any) -> Any:
        if not (found := read(value)):
            raise ValueError("at least one is due")
        return found

    return read_filled


def words_of(words: Collection[str]) -> Reader:
    """A set of words of a closed list."""
    read_each = each(one_of(words))
    return lambda value: frozenset(read_each(value))


def some_of(words: Collection[str]) -> Reader:
    """Words of a closed list in the order given, each once."""
    read_each = each(one_of(words))

    def read(value: Any) -> list[str]:
        found: list[str] = read_each(value)
        if twice := next((word for place, word in enumerate(found) if word in found[:place]), None):
            raise ValueError(f"the same word twice: {shown(twice)}")
        return found

    return read


def json_object(value: Any) -> dict[str, Any]:
    """An object of any keys, as long as a database can hold it."""
    if not isinstance(value, Entry):
        raise ValueError(f"an object is due, not {shown(value)}")
    if value.twice:
        raise ValueError(f"the same key twice: {shown(value.twice[0])}")
    return {_readable(key): _plain(one) for key, one in value.items()}


def texts_by_name(value: Any) -> dict[str, str]:
    """An object whose values are texts."""
    found = json_object(value)
    for one in found.values():
        if not isinstance(one, str):
            raise ValueError(f"a text in quotes is due, not {shown(one)}")
    return found


def json_list(value: Any) -> list[Any]:
    """A list of any values, as long as a database can hold it."""
    if not isinstance(value, list):
        raise ValueError(f"a list is due, not {shown(value)}")
    return [_plain(one) for one in value]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json_object(value)
    if isinstance(value, list):
        return json_list(value)
    if isinstance(value, float) and not float("-inf") < value < float("inf"):
        raise ValueError(f"not a number: {shown(value)}")
    return _readable(value) if isinstance(value, str) else value


_readable = text(None, without=KEPT)
