"""How is a noun of the dossier described: its keys, what may stand under them, their defaults, and what is inside it?

Lengths and defaults are those of the columns that the keys fill.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models

from relance.dossier import kinds, values
from relance.dossier.entry import BROKEN, REQUIRED, Entry
from relance.dossier.kinds import Reader
from relance.dossier.values import MOST_DAYS

LONGEST_CODE = 80


class Key(NamedTuple):
    """One key of a noun."""

    read: Reader
    default: Any = REQUIRED
    refers: str = ""  # the noun whose code it holds
    column: str | None = ""  # where it is kept: by default under its own name (a code: its identifier); None: not in a column


@dataclass(frozen=True)
class Noun:
    """One kind of object."""

    keys: Mapping[str, Key]
    named_by: str = ""  # the key at which a second one of the same name is told
    name: Callable[[Entry], Hashable] | None = None  # by default, what stands under ``named_by``
    required: tuple[str, ...] = ()
    numbered: bool = False  # ``named_by`` defaults to the place in the list, from 1
    lists: Mapping[str, "Noun"] = field(default_factory=dict)
    objects: Mapping[str, "Noun"] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether such a key may stand in it."""
        return name in self.keys or name in self.lists or name in self.objects

    def identity(self, entry: Entry) -> Hashable:
        """What tells this object from its siblings; BROKEN, or holding it, when that could not be read."""
        return self.name(entry) if self.name else entry.get(self.named_by, BROKEN)

    @cached_property
    def columns(self) -> dict[str, str]:
        """The database column of each key that has one."""
        return {name: key.column or (f"{name}_id" if key.refers else name) for name, key in self.keys.items() if key.column is not None}


def text(model: type[models.Model], name: str, default: Any = "") -> Key:
    """A text no longer than its column; prose, of several lines, where the column has no bound."""
    longest = _field(model, name).max_length
    return Key(kinds.text(longest, empty=default is not REQUIRED, without=kinds.PROSE if longest is None else kinds.ONE_LINE), default)


def kept_text(model: type[models.Model], name: str) -> Key:
    """A text that comes back as it was kept, whatever its characters."""
    return Key(kinds.text(_field(model, name).max_length, without=kinds.KEPT), "")


def code(model: type[models.Model], name: str = "code") -> Key:
    """What names the object."""
    return text(model, name, REQUIRED)


def code_of(noun: str) -> Key:
    """A reference to another noun, by its code; by default none."""
    return Key(a_code, None, refers=noun)


def truth(model: type[models.Model], name: str) -> Key:
    """True or false; by default as the column."""
    return Key(kinds.truth, _field(model, name).default)


def choice(model: type[models.Model], name: str, words: tuple[str, ...]) -> Key:
    """One word of a list; by default as the column, or none where the column may be empty."""
    column = _field(model, name)
    return Key(kinds.one_of(words), None if column.null else column.default)


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


a_code = kinds.text(LONGEST_CODE, empty=False)
days = kinds.whole(0, MOST_DAYS)
bound = kinds.whole(-MOST_DAYS, MOST_DAYS)

DATE = Key(values.on)
DATE_OR_NONE = Key(values.on, None)
LINES = Key(kinds.lines_of(kinds.text(200)), "")
EMAIL = Key(values.email_or_none, "")
EMAILS = Key(kinds.lines_of(values.email), "")
LEVEL_OR_ZERO = Key(values.level, 0)
AMOUNT = Key(values.amount)
