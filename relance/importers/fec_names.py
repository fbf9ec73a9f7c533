"""How is a ledger line known again next month, and what is its document called?

Keys. A line is known by what no program changes afterwards: its posting date, party, account, journal, piece and amount, and its rank among
lines alike in all of these. Not by its entry's number: some programs renumber entries when they are validated. Nor by what comes later: its
letter, its validation, a corrected label. The posting date comes first, so that keys compare as dates do.

Names. A document's number is its piece reference. That is often a batch label: the party's first document keeps it plain, the others get
their date, then a rank behind it (``VE 0323``, ``VE 0323/2023-03-13``, ``VE 0323/2023-03-13/2``). A payment's reference is unique in the
company, so its party's code goes before it. A name once given stays with its key. A name whose line is gone from its file is free again: an
entry corrected before validation keeps its number, and so its document.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from hashlib import blake2b

_LONGEST_KEY = 200
LONGEST_NUMBER = 60  # of the piece in a number: a name has 80 letters, and a date and a rank must fit behind
LONGEST_PART = 30  # of the party's code, and of the piece, in a reference

_iso = lru_cache(maxsize=10_000)(date.isoformat)  # as slow as all the rest of a key, and the days of a file are few


class Keys:
    """The keys of one party's lines; call ``of`` in the order of posting dates and, on one day, of the file."""

    def __init__(self, side: str, code: str) -> None:
        self._owner = f"{side[0].upper()}|{code}"
        self._ranks: dict[str, int] = {}

    def of(self, posted_on: date, account: str, journal: str, piece: str, amount: int) -> str:
        """The key of the next line; signed amounts, minor units."""
        key = f"{_iso(posted_on)}|{self._owner}|{account}|{journal}|{piece}|{amount}"
        rank = self._ranks[key] = self._ranks.get(key, 0) + 1
        if rank > 1:
            key = f"{key}|{rank}"
        return key if len(key) <= _LONGEST_KEY else fit(key)


class Names:
    """Names given once each: the numbers of a party's documents, the references of a company's payments.

    ``used`` are the names in use before this file, each with its key (empty: it did not come from a FEC); ``taken`` further names not to be
    given; names of ``used`` whose key lies in ``period`` and is not among ``keys`` are free again.
    """

    def __init__(self, used: Mapping[str, str], keys: Iterable[str], period: tuple[date, date], taken: set[str]) -> None:
        self._taken = taken
        self._given: dict[str, str] = {}
        if used:
            self._keep(used, set(keys), *(on.isoformat() for on in period))

    def _keep(self, used: Mapping[str, str], present: set[str], first: str, last: str) -> None:
        self._given = {key: name for name, key in used.items() if key in present}
        for name, key in used.items():
            if key in present or not first <= key[:10] <= last:
                self._taken.add(name)
            else:
                self._taken.discard(name)

    def give(self, key: str, base: str, on: date) -> str:
        """The name this key has already, or else the first that is free."""
        name = self._given.get(key)
        if name is None:
            name = base if base not in self._taken else self._distinguish(f"{base}/{on.isoformat()}")
            self._taken.add(name)
        return name

    def _distinguish(self, dated: str) -> str:
        name, rank = dated, 1
        while name in self._taken:
            rank += 1
            name = f"{dated}/{rank}"
        return name


def fit(key: str) -> str:
    """A key no longer than the database takes: of a longer one, a digest stands for the end."""
    if len(key) <= _LONGEST_KEY:
        return key
    return f"{key[: _LONGEST_KEY - 33]}#{blake2b(key.encode(), digest_size=16).hexdigest()}"
