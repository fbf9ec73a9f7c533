"""What does a FEC say of customers and suppliers? The French statutory export of accounting entries (LPF art. A47 A-1), read in one pass.

Four lines in five are no third party's: they are counted, checked for their columns, and remembered as one small number per entry (did it
touch the bank, income, an expense?). Third-party lines are kept, as bytes: what alphabet they are in is known when all of them were seen.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import BinaryIO, NamedTuple

from relance.importers.blocks import Progress, read_blocks
from relance.importers.encodings import ASCII, Alphabet, ByteCensus
from relance.importers.fec_accounts import THIRD_PARTIES, Meaning, read_account, touched_by_prefix
from relance.importers.fec_columns import AMOUNT_AND_SENSE, SEPARATORS, Layout, read_heads
from relance.importers.fec_values import Dates, read_cents, read_code, read_sense
from relance.importers.problems import Problem, Problems, Unreadable, extract

_LONGEST_CODE = 80
_END_OF_FILE = b"\x1a"  # DOS programs write it behind the last line
_SAMPLE = 200
_NEVER = b"\0"  # no line begins with it
_new = tuple.__new__  # of a named tuple, in half the time
_EUROS = frozenset((b"", b"EUR", b"eur", b"EURO", b"euro"))


class Line(NamedTuple):
    """One line on a third-party account, in cents: above zero where the customer owes more, or the supplier is owed more."""

    number: int  # in the file, from 1
    account: "Account"
    journal: bytes
    entry: bytes  # journal, number, date, with zero bytes between: numbers begin again in every journal, in some programs every month
    posted_on: date
    piece: bytes
    piece_on: date | None
    label: bytes
    amount: int
    letter: bytes
    lettered_on: date | None


@dataclass(slots=True, eq=False)
class Account:
    """One account of one party, with its lines in the order of the file."""

    number: bytes
    subsidiary: bytes
    name: bytes
    meaning: Meaning
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Fec:
    """What was read. With problems, nothing of it is to be used."""

    problems: Problems = field(default_factory=Problems)
    alphabet: Alphabet = ASCII
    separator: str = ""
    line_count: int = 0
    accounts: list[Account] = field(default_factory=list)
    entries: dict[bytes, int] = field(default_factory=dict)  # what else each entry touches, by the key that ``Line.entry`` holds
    journals: dict[bytes, bytes] = field(default_factory=dict)  # the names of the journals that have third-party lines
    left_out: Counter[str] = field(default_factory=Counter)  # lines on accounts 40 and 41 that are nobody's debt, by account
    foreign_count: int = 0
    _period: tuple[date, date] | None = None  # once it was asked for

    def remarks(self) -> list[Problem]:
        """What the user should know, and what stops nothing."""
        said = [Problem(0, "", f"read as {self.alphabet.name}: {self.alphabet.doubt}")] if self.alphabet.doubt else []
        if self.foreign_count:
            said.append(Problem(0, "Idevise", f"{_lines(self.foreign_count)} in another currency: the euros of the ledger are taken"))
        for account, count in sorted(self.left_out.items()):
            said.append(Problem(0, f"account {account}", f"{_lines(count)} left out: no customer's or supplier's debt stands there"))
        if not self.accounts and not self.problems:
            said.append(Problem(0, "", "there is no line on an account of customers (411) or suppliers (401)"))
        return said

    def third_party_count(self) -> int:
        """How many lines of third parties there are."""
        return sum([len(account.lines) for account in self.accounts])

    def period(self) -> tuple[date, date] | None:
        """The first posting date of a third-party line, and the last of any entry; None where there are no third-party lines."""
        if self._period is None:
            days = {line.posted_on for account in self.accounts for line in account.lines}
            self._period = (min(days), max(chain(days, _posting_dates(self.entries)))) if days else None
        return self._period


def read_fec(source: BinaryIO, on_progress: Progress | None = None) -> Fec:
    """Read a whole FEC, in memory bounded by its third-party lines and its entries. ``on_progress`` is told the bytes read so far.

    Every fault is a problem by line and column; what the file holds never raises. Who reads a large one spares himself the search for
    cycles meanwhile: it would walk over what is kept, again and again.
    """
    fec = Fec()
    try:
        _Reader(fec).read(read_blocks(source, on_progress))
    except Unreadable as verdict:
        fec = Fec()
        fec.problems.add(0, "", str(verdict))
    return fec


class _Copies(dict[bytes, bytes]):
    """One copy of what recurs, journals and letters: memory is bounded by what differs."""

    def __missing__(self, raw: bytes) -> bytes:
        self[raw] = raw
        return raw


class _Reader:
    """The state of one reading, kept apart from its result."""

    def __init__(self, fec: Fec) -> None:
        self._fec = fec
        self._census = ByteCensus()
        self._dates = Dates()
        self._touched = touched_by_prefix()
        self._accounts: dict[tuple[bytes, bytes], Account | None] = {}  # None: nobody's debt
        self._separators = 0  # in a line; not known yet
        self._padded = False  # some column of the block at hand
        self._entries = fec.entries
        self._journal = self._key = b""  # of the entry at hand
        self._copies = _Copies()

    def read(self, blocks: Iterator[bytes]) -> None:
        """Fill the result. Raises Unreadable."""
        number, text = _skip_empty_lines(blocks)
        heads, _, rest = text.partition(b"\n")
        self._layout = read_heads(heads)
        self._account_head = heads.split(self._layout.separator)[self._layout.account].strip()
        number += 1
        for block in chain([rest] if rest else [], blocks):
            number = self._read_lines(block, number)
        self._finish()

    def _finish(self) -> None:
        self._fec.separator = SEPARATORS[self._layout.separator]
        self._fec.alphabet = alphabet = self._census.alphabet()
        for account in self._accounts.values():
            if account is not None and account.lines:
                if not (account.number.isascii() and account.subsidiary.isascii()):
                    account.meaning = _meaning(account.number, account.subsidiary, alphabet.codec) or account.meaning
                self._fec.accounts.append(account)

    def _read_lines(self, block: bytes, start: int) -> int:
        """Read a block whose first line has this number; return the number after its last. A million lines pass through this loop."""
        self._census.add(block)
        separator = self._layout.separator
        separators = self._separators = self._separators or _usual_separators(block, self._layout)
        self._padded = b" " + separator in block or separator + b" " in block
        touched_by = self._touched.get
        prefix, at_account, touched, number = _NEVER, 0, 0, start
        for line in block.split(b"\n"):
            if line.count(separator) != separators:
                line = self._mend(number, line)
            if not line.startswith(prefix):
                self._remember(touched)
                prefix, at_account = self._begin_entry(line)
                touched = 0
            account = line[at_account : at_account + 2]
            touches = touched_by(account)
            if touches is not None:
                touched |= touches
            elif account in THIRD_PARTIES:
                self._read_third_party(number, line.split(separator))
            else:
                touched |= self._read_unusual(number, line)
            number += 1
        self._remember(touched)
        self._fec.line_count += number - start
        return number

    def _begin_entry(self, line: bytes) -> tuple[bytes, int]:
        """What the lines of the entry of this line have in common before their account, and where the account of this one begins."""
        if not line:
            return _NEVER, 0
        layout = self._layout
        fields = line.split(layout.separator, layout.reach)
        journal, entry, posted = fields[layout.journal], fields[layout.entry], fields[layout.posted]
        if self._padded:
            journal, entry, posted = journal.strip(), entry.strip(), posted.strip()
        self._journal = self._copies[journal]
        self._key = b"\0".join((journal, entry, posted))
        if layout.reach > layout.account:
            return _NEVER, sum(map(len, fields[: layout.account])) + layout.account
        at_account = len(line) - len(fields[-1])
        return line[:at_account], at_account

    def _remember(self, touched: int) -> None:
        if touched:
            self._entries[self._key] = self._entries.get(self._key, 0) | touched

    def _mend(self, number: int, line: bytes) -> bytes:
        """The line with as many columns as the first; nothing where it is empty, or where they cannot be told (then a problem too)."""
        layout = self._layout
        if not line.strip(layout.separator + b" " + _END_OF_FILE):
            return b""
        missing = self._separators - line.count(layout.separator)
        if 0 < missing <= self._separators - layout.last_needed:
            return line + layout.separator * missing
        width = layout.separators + 1
        hint = " (a label with the separator in it?)" if missing < 0 else ""
        self._fec.problems.add(number, "", f"{line.count(layout.separator) + 1} columns, where the first line has {width}{hint}")
        return b""

    def _read_unusual(self, number: int, line: bytes) -> int:
        """Read a line whose account is oddly written, be it a third party's; return what it touches beside third parties."""
        fields = line.split(self._layout.separator)
        account = fields[self._layout.account].strip() if line else b""
        if account[:2] in THIRD_PARTIES:
            self._read_third_party(number, fields)
        elif account[:2] in self._touched:
            return self._touched[account[:2]]
        elif not line.strip(self._layout.separator + b" "):
            self._fec.line_count -= 1
        elif account != self._account_head:  # files put end to end repeat their heads
            self._fault(number, "CompteNum", "not an account number" if account else "no account number", account)
        return 0

    def _read_third_party(self, number: int, fields: list[bytes]) -> None:
        fields.append(b"")
        layout, dates = self._layout, self._dates
        columns: Iterable[bytes] = layout.pick(fields)
        if self._padded:
            columns = map(bytes.strip, columns)
        posted, code, subsidiary, piece, piece_on, label, debit, credit, letter, lettered_on, currency = columns
        try:
            amount = read_cents(debit) * read_sense(credit) if layout.signed else read_cents(debit) - read_cents(credit)
            posted_on, piece_date, letter_date = dates[posted], dates[piece_on], dates[lettered_on]
        except ValueError:
            posted_on = None
        if posted_on is None:
            self._find_faults(number, fields)
            return
        try:
            account = self._accounts[code, subsidiary]
        except KeyError:
            account = self._open_account(number, code, subsidiary, fields)
        if account is None:
            self._fec.left_out[code.decode("latin-1")] += 1
        elif amount:
            if currency not in _EUROS:
                self._fec.foreign_count += 1
            if account.meaning.side == "supplier":
                amount = -amount
            journal, letter = self._journal, self._copies[letter]
            if journal not in self._fec.journals:
                self._fec.journals[journal] = self._column("JournalLib", fields)
            line = (number, account, journal, self._key, posted_on, piece, piece_date, label, amount, letter, letter_date)
            account.lines.append(_new(Line, line))

    def _open_account(self, number: int, account: bytes, subsidiary: bytes, fields: list[bytes]) -> Account | None:
        """An account on its first line; None where it is nobody's debt."""
        if len(subsidiary or account) > _LONGEST_CODE:
            self._fault(number, "CompAuxNum" if subsidiary else "CompteNum", f"more than {_LONGEST_CODE} letters", subsidiary or account)
        name, subsidiary_name = [self._column(head, fields) for head in ("CompteLib", "CompAuxLib")]
        meaning = _meaning(account, subsidiary, "latin-1")
        opened = meaning and Account(account, subsidiary, subsidiary_name or name, meaning)
        self._accounts[account, subsidiary] = opened
        return opened

    def _find_faults(self, number: int, fields: list[bytes]) -> None:
        signed = self._layout.signed
        readers: dict[str, Callable[[bytes], object]] = {
            "EcritureDate": self._posting_date,
            "PieceDate": self._dates.__getitem__,
            "DateLet": self._dates.__getitem__,
            "Debit": read_cents,
            "Credit": read_sense if signed else read_cents,
        }
        for name, read in readers.items():
            raw = self._column(name, fields)
            try:
                read(raw)
            except ValueError as fault:
                self._fault(number, AMOUNT_AND_SENSE.get(name, name) if signed else name, str(fault), raw)

    def _column(self, head: str, fields: list[bytes]) -> bytes:
        return fields[self._layout.places.get(head, -1)].strip()

    def _posting_date(self, raw: bytes) -> date:
        posted_on = self._dates[raw]
        if posted_on is None:
            raise ValueError("no date")
        return posted_on

    def _fault(self, number: int, column: str, message: str, raw: bytes) -> None:
        quoted = f": {extract(raw.decode(self._census.alphabet().codec, 'replace'))}" if raw else ""
        self._fec.problems.add(number, column, message + quoted)


def _usual_separators(block: bytes, layout: Layout) -> int:
    """How many separators a line has: as many as the heads, or one more behind the last column, where most lines have it."""
    lines = [line for line in block.split(b"\n", _SAMPLE)[:_SAMPLE] if line.strip()]
    trailing = sum(line.count(layout.separator) == layout.separators + 1 and line.endswith(layout.separator) for line in lines)
    return layout.separators + (trailing * 2 > len(lines))


def _skip_empty_lines(blocks: Iterator[bytes]) -> tuple[int, bytes]:
    """The number of the first line that is not empty, and the block from there on."""
    number = 1
    for block in blocks:
        text = block.lstrip(b"\n")
        if text:
            return number + len(block) - len(text), text
        number += len(block) + 1
    raise Unreadable("the file is empty")


def _meaning(account: bytes, subsidiary: bytes, codec: str) -> Meaning | None:
    return read_account(read_code(account, codec), read_code(subsidiary, codec))


def _posting_dates(entries: Iterable[bytes]) -> Iterator[date]:
    dates = Dates()
    for raw in {key[key.rindex(b"\0") + 1 :] for key in entries}:
        try:
            on = dates[raw]
        except ValueError:
            continue
        if on:
            yield on


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"
