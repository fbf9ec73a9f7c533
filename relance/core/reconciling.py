"""For which invoices is this money, of whichever customer? What a bank entry may be for, each with a reason and a confidence.

Only one answer is certain: the entry names one customer's documents, by numbers that are nobody else's, and pays them to the cent. All the
rest is proposed, the likeliest first. For money that comes back the same is asked of what had been paid.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

from relance.core.matching import Claim, Receipt, propose_matches

Confidence = Literal["certain", "high", "medium", "low"]
Reason = Literal[
    "names_them",
    "names_part",
    "names_more",
    "known_account",
    "known_name",
    "same_name",
    "same_amount",
    "sum_of_the_oldest",
    "sum_of_neighbours",
    "on_account",
]
_MOST = 6  # proposals for one entry
_LONGEST_RUN = 6  # words that a number is written in
_FEWEST_FIGURES = 3
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_LEGAL_FORMS = frozenset(
    (
        *("sarl", "sas", "sasu", "eurl", "snc", "sci", "scop", "selarl", "scea", "earl", "gaec", "gie", "ste", "societe", "ets"),
        *("etablissements", "cie", "compagnie", "fils", "the", "les", "des", "monsieur", "madame", "mme", "gmbh", "ltd", "plc", "inc"),
        *("llc", "spa", "srl"),
    )
)
_SHORTEST_WORD = 3


class Owed(NamedTuple):
    """A due item that money may be for; ``open`` is what may be settled of it, below zero for a credit note."""

    item: int
    customer: int
    number: str
    dated_on: date
    open: int
    currency: str


class Money(NamedTuple):
    """What came in, or (below zero) was taken back; ``accounts`` and ``names`` are customers for whom this payer has paid before."""

    on: date
    amount: int
    currency: str
    says: str = ""
    payer: str = ""  # collation key of the name
    accounts: tuple[int, ...] = ()
    names: tuple[int, ...] = ()


class Candidate(NamedTuple):
    """What the money may be for: a customer, and parts of it for his due items; no part: on account."""

    customer: int
    parts: tuple[tuple[int, int], ...]
    reason: Reason
    confidence: Confidence


class Claims:
    """Due items by what a payer may write of them."""

    def __init__(self, owed: Iterable[Owed]) -> None:
        self._documents: dict[tuple[int, str], list[Owed]] = defaultdict(list)
        self._name_of: dict[int, tuple[int, str]] = {}
        for one in owed:
            self._documents[one.customer, one.number].append(one)
            self._name_of[one.item] = one.customer, one.number
        self._by_key: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for name in self._documents:
            for key in number_keys(name[1]):
                self._by_key[key].add(name)

    def take(self, parts: Iterable[tuple[int, int]]) -> None:
        """Count parts as settled, so that no other money is found to be for them."""
        for item, part in parts:
            name = self._name_of[item]
            items = self._documents[name]
            self._documents[name] = [
                one._replace(open=one.open - (abs(part) if one.open > 0 else -abs(part))) if one.item == item else one for one in items
            ]

    def certain(self, money: Money) -> Candidate | None:
        """The documents named, where they are one customer's, told apart by their numbers, and their sum is the amount."""
        found = self._named(money)
        names = {name for some in found for name in some}
        if len(names) != len(found) or len({customer for customer, _ in names}) != 1:
            return None
        items = [one for name in sorted(names) for one in self._of(name, money)]
        exact = _adding_up(items, money.amount, alone=len(names) == 1)
        return _candidate(exact, "names_them", "certain") if exact else None

    def named(self, money: Money) -> Iterator[Candidate]:
        """By customer, the documents that the entry names, settled as far as the money goes, the oldest first."""
        by_customer: dict[int, list[Owed]] = defaultdict(list)
        for name in dict.fromkeys(name for some in self._named(money) for name in sorted(some)):
            by_customer[name[0]] += self._of(name, money)
        for items in by_customer.values():
            exact = _adding_up(items, money.amount, alone=len({one.number for one in items}) == 1)
            total = sum(one.open for one in items)
            if exact:
                yield _candidate(exact, "names_them", "high" if len(by_customer) == 1 else "medium")
            elif items and total > 0:
                reason: Reason = "names_part" if total > abs(money.amount) else "names_more"
                yield Candidate(items[0].customer, _spread(items, money.amount), reason, "high" if len(by_customer) == 1 else "medium")

    def of_customer(self, customer: int, money: Money) -> Iterator[tuple[tuple[tuple[int, int], ...], str, str]]:
        """What the amount alone says among the due items of one customer: parts, reason and confidence."""
        items = [one for name, some in self._documents.items() if name[0] == customer for one in some if one.currency == money.currency]
        claims = [Claim(str(one.item), one.dated_on, one.open) for one in items if one.open > 0]
        sign = 1 if money.amount > 0 else -1
        for found in propose_matches(claims, [Receipt("", money.on, abs(money.amount))]):
            yield tuple((int(item), sign * part) for item, part in found.parts), found.reason, found.confidence

    def of_amount(self, money: Money) -> list[Owed]:
        """Due items open to exactly the amount, whoever owes them."""
        items = (one for some in self._documents.values() for one in some if one.open == abs(money.amount))
        found = [one for one in items if one.currency == money.currency and one.dated_on <= money.on]
        return sorted(found, key=lambda one: (one.dated_on, one.number))

    def _named(self, money: Money) -> list[set[tuple[int, str]]]:
        """For each number that is written in the text, the documents that have it; a longer number hides those inside it."""
        found: list[tuple[int, int, set[tuple[int, str]]]] = []
        for start, end, keys in _runs(money.says):
            names = set().union(*(self._by_key.get(key, ()) for key in keys))
            names = {name for name in names if self._of(name, money)}
            if names:
                found.append((start, end, names))
        outer = [one for one in found if not any(a <= one[0] and one[1] <= b and b - a > one[1] - one[0] for a, b, _ in found)]
        told: list[set[tuple[int, str]]] = []
        for _, _, names in outer:
            if names not in told:
                told.append(names)
        return told

    def _of(self, name: tuple[int, str], money: Money) -> list[Owed]:
        return [one for one in self._documents[name] if one.open and one.currency == money.currency]


def propose(claims: Claims, money: Money, customers: Mapping[int, str]) -> list[Candidate]:
    """Proposals for one entry, the likeliest first; ``customers`` may be the payer: the collation keys of their names."""
    found = [one for one in (claims.certain(money),) if one]
    found += claims.named(money)
    for customer, how in _payers(money, customers):
        sure = how == "known_account"
        told = False
        for parts, reason, confidence in claims.of_customer(customer, money):
            told = True
            named: Reason = how if reason == "same_amount" else reason  # type: ignore[assignment]  # the reasons of matching are among ours
            found.append(Candidate(customer, parts, named, _grade(confidence, sure=sure)))
        if not told and money.amount > 0:
            found.append(Candidate(customer, (), "on_account", "medium" if sure else "low"))
    same = claims.of_amount(money)
    alone: Confidence = "medium" if len(same) == 1 else "low"
    found += [Candidate(one.customer, ((one.item, money.amount),), "same_amount", alone) for one in same[:3]]
    seen: dict[tuple[int, frozenset[tuple[int, int]]], Candidate] = {}
    for one in found:
        seen.setdefault((one.customer, frozenset(one.parts)), one)
    order = {"certain": 0, "high": 1, "medium": 2, "low": 3}
    return sorted(seen.values(), key=lambda one: order[one.confidence])[:_MOST]


def number_keys(number: str) -> set[str]:
    """What a number is looked up by: its letters and figures joined, as they are, and without the zeros that begin its figures."""
    words = _WORDS.findall(number.upper())
    if sum(len(word) for word in words if word.isdecimal()) < _FEWEST_FIGURES:
        return set()
    return {"".join(words), "".join(map(_bare, words))}


def said_keys(text: str) -> set[str]:
    """Every key that a text may hold a number by."""
    return {key for _, _, keys in _runs(text) for key in keys}


def words_of(name: str) -> frozenset[str]:
    """The words of a name (its collation key) that tell it from others."""
    return frozenset(word for word in name.split() if word not in _LEGAL_FORMS and len(word) >= _SHORTEST_WORD)


def is_named(customer: str, payer: str) -> bool:
    """Whether all that tells a customer's name stands in what the payer is called."""
    words = words_of(customer)
    return bool(words) and words <= frozenset(payer.split())


def _runs(text: str) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """Words that follow each other, joined, from the beginning of one as it is written: where they stand, and their keys."""
    upper = text.upper()
    words = [(match.start(), match.end(), match[0]) for match in _WORDS.finditer(upper)]
    for first, (start, _, _) in enumerate(words):
        if start and upper[start - 1].isalnum():
            continue  # the middle of something written together
        figures, exact, bare = 0, "", ""
        for _, end, word in words[first : first + _LONGEST_RUN]:
            exact, bare = exact + word, bare + _bare(word)
            figures += len(word) if word.isdecimal() else 0
            if figures >= _FEWEST_FIGURES:
                yield start, end, (exact, bare)


def _bare(word: str) -> str:
    return word.lstrip("0") or "0" if word.isdecimal() else word


def _adding_up(items: Sequence[Owed], amount: int, *, alone: bool) -> list[tuple[Owed, int]]:
    """All the items where they make the amount; of one document alone the only instalment that does. Each with its part."""
    sign, wanted = (1 if amount > 0 else -1), abs(amount)
    if items and sum(one.open for one in items) == wanted:
        return [(one, sign * one.open) for one in items]
    same = [one for one in items if one.open == wanted] if alone else []
    return [(same[0], amount)] if len(same) == 1 else []


def _candidate(parts: Collection[tuple[Owed, int]], reason: Reason, confidence: Confidence) -> Candidate:
    customer = next(iter(parts))[0].customer
    return Candidate(customer, tuple((one.item, part) for one, part in parts), reason, confidence)


def _spread(items: Iterable[Owed], amount: int) -> tuple[tuple[int, int], ...]:
    """Credit notes whole, then invoices from the oldest on, as far as the money and they go."""
    sign, left, parts = (1 if amount > 0 else -1), abs(amount), list[tuple[int, int]]()
    for one in sorted(items, key=lambda one: (one.open > 0, one.dated_on, one.number)):
        part = min(one.open, left)
        if part:
            parts.append((one.item, sign * part))
        left -= part
    return tuple(parts)


def _payers(money: Money, customers: Mapping[int, str]) -> Iterator[tuple[int, Reason]]:
    """Who may have paid: for whom this account has paid before, then this name, then whose name it is."""
    called = f"{money.payer} {money.says.lower()}" if not money.payer else money.payer
    found: dict[int, Reason] = dict.fromkeys(money.accounts, "known_account")
    for customer in money.names:
        found.setdefault(customer, "known_name")
    for customer, name in customers.items():
        if is_named(name, called):
            found.setdefault(customer, "same_name")
    yield from found.items()


def _grade(confidence: str, *, sure: bool) -> Confidence:
    """An account that has paid before makes an answer more likely than a name does; nothing of it is certain."""
    if sure:
        return "high" if confidence in ("high", "medium") else "medium"
    return "medium" if confidence == "high" else "low"
