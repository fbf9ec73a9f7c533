"""Bank statement -> entries, and payments where it is certain whose they are: what a statement repeats is known again and kept once.

One transaction per file. Of the entries of one day, as many of a kind are kept as the fullest statement of that day tells; a statement that
goes on where another of that day ended only adds.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from django.db import transaction

from relance.core.names import collation_key
from relance.importers.bank import read_bank
from relance.importers.problems import Unreadable as NoStatement
from relance.importers.statements import Entry, Reading, Statement
from relance.models import bulk, tuples
from relance.models.bank import BankAccount, BankEntry
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.freshness import note_brought_in
from relance.models.incoming.applied import applied_before, keep_upload
from relance.models.incoming.certain import settle_certain
from relance.models.incoming.imprints import imprinted
from relance.models.incoming.reconciling import own_accounts, waiting_entries
from relance.steps import Refused, Unreadable, opened

Progress = Callable[[int, int], None]
KIND = "bank"
_COLUMNS = (
    *("company_id", "account_id", "key", "booked_on", "amount", "kind", "state", "payer", "payer_key", "payer_iban", "says"),
    *("reference", "bank_reference", "batch", "code", "return_reason", "day_begins_at"),
)


@dataclass
class Banked:
    """What came of one file."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: {"bank_entries": Counter(), "payments": Counter()})
    remarks: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    certain: int = 0  # entries allocated without asking
    on_account: int = 0  # payments of a known payer that name no document
    booked: int = 0  # entries whose payment the ledger had already
    waiting: int = 0  # entries of the company that wait for a person, those of earlier files included

    def told(self, filename: str) -> dict[str, Any]:
        """What came of a statement, as JSON has it."""
        counts = {noun: dict(counted) for noun, counted in self.counts.items()}
        said = {name: getattr(self, name) for name in ("certain", "on_account", "booked", "waiting", "remarks")}
        return {"file": filename, "accounts": self.accounts, "counts": counts} | said


def import_bank(company: Company, path: Path, by: str, progress: Progress | None = None, *, dry_run: bool = False) -> Banked:
    """Bring the statements of a file in; ``dry_run`` tells and stores nothing.

    Raises Unreadable with every fault of the file, Refused where it is no statement.
    """
    with opened(path) as file, tuples.many_tuples():
        reading = _read(path, file, progress)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        with transaction.atomic():
            locked = Company.objects.select_for_update().get(pk=company.pk)
            banked = Banked(remarks=reading.remarks())
            with imprinted(locked):
                _Ledger(locked, banked).take(reading.statements)
                settled = settle_certain(locked, by)
                banked.certain, banked.on_account, banked.booked = settled.certain, settled.on_account, settled.booked
                banked.counts["payments"]["created"] = settled.certain + settled.on_account
                banked.waiting = waiting_entries(locked).count()
                if dry_run:
                    transaction.set_rollback(True)
                    return banked
                note_brought_in(locked.pk, documents=False, payments=True)
                _remember(locked, path.name, digest, banked, settled.facts, by)
    return banked


def _read(path: Path, file: BinaryIO, progress: Progress | None) -> Reading:
    size = path.stat().st_size
    try:
        reading = read_bank(file, (lambda done: progress(done, size)) if progress else None)
    except NoStatement as error:
        raise Refused(f"{path.name}: {error}") from None
    if reading.problems:
        raise Unreadable(path.name, reading.problems, reading.problems.count)
    return reading


def _remember(company: Company, filename: str, digest: str, banked: Banked, facts: list[Fact], by: str) -> None:
    """Keep that this file was applied; one that tells nothing new is kept once."""
    counts: dict[str, Any] = {noun: dict(counted) for noun, counted in banked.counts.items()}
    news = banked.counts["bank_entries"]["created"] or facts
    if not news and applied_before(company, KIND, digest):
        return
    kept = {name: getattr(banked, name) for name in ("remarks", "accounts", "certain", "on_account", "booked")}
    keep_upload(company, KIND, filename, digest, counts, facts, by, **kept)


# -- entries


class _Held(NamedTuple):
    """An entry as it is held; ``id`` is None where the same file has told it."""

    id: int | None
    key: str
    amount: int
    state: str
    batch: str
    begins_at: int | None

    @property
    def content(self) -> str:
        return self.key.partition("-")[0]


class _Day:
    """What is held of one day of an account."""

    def __init__(self) -> None:
        self.contents: Counter[str] = Counter()
        self.batches: dict[str, list[_Held]] = defaultdict(list)
        self._sums: dict[int | None, int] = defaultdict(int)  # of the entries, by the balance before them

    def note(self, one: _Held) -> None:
        """Take up an entry."""
        self.contents[one.content] += 1
        self._sums[one.begins_at] += one.amount
        if one.batch:
            self.batches[one.batch].append(one)

    def forget(self, one: _Held) -> None:
        """An entry goes: its parts take its place."""
        self.contents[one.content] -= 1
        self._sums[one.begins_at] -= one.amount
        self.batches[one.batch].remove(one)

    def goes_on(self, begins_at: int | None) -> bool:
        """Whether entries behind this balance come after all that is held, in place of telling it again."""
        if begins_at is None or begins_at in self._sums:
            return False
        return any(start is not None and begins_at == start + total for start, total in self._sums.items())


class _Ledger:
    """The entries of a company's accounts, while a file is laid over them."""

    def __init__(self, company: Company, banked: Banked) -> None:
        self._company, self._banked = company, banked
        self._own = own_accounts(company)
        self._rows: list[tuple[Any, ...]] = []

    def take(self, statements: list[Statement]) -> None:
        """Keep what is new of them."""
        by_account: dict[str, list[Statement]] = defaultdict(list)
        for statement in statements:
            by_account[statement.account].append(statement)
        self._own |= set(by_account)
        for code, told in by_account.items():
            account = self._account(code, told)
            days = self._held(account, told)
            for statement in told:
                self._statement(account, statement, days)
            self._banked.accounts.append(code)
        bulk.insert(BankEntry, _COLUMNS, self._rows, {"aside_by": "", "aside_reason": ""})

    def _account(self, code: str, told: list[Statement]) -> BankAccount:
        currency = told[0].currency
        if any(one.currency != currency for one in told):
            raise Refused(f"account {code} is in {currency} in one statement and in another currency in another")
        account = BankAccount.objects.filter(company=self._company, code=code).first()
        if account is None:
            _refuse_other_format(self._company, code)
            account = BankAccount.objects.create(company=self._company, code=code, currency=currency)
        elif account.currency != currency:
            raise Refused(f"account {code} is in {account.currency}, the statement in {currency}")
        last = max((one for one in told if one.closing_on), key=lambda one: one.closing_on or date.min, default=None)
        if last and last.closing_on and (account.told_until is None or account.told_until <= last.closing_on):
            bulk.touching(BankAccount, [account.pk])
            account.told_until, account.balance = last.closing_on, last.closing
            account.save(update_fields=["told_until", "balance"])
        return account

    def _held(self, account: BankAccount, told: list[Statement]) -> dict[date, _Day]:
        days: dict[date, _Day] = defaultdict(_Day)
        spoken = [entry.booked_on for statement in told for entry in statement.entries]
        if spoken:
            held = BankEntry.objects.filter(account=account, booked_on__range=(min(spoken), max(spoken))).order_by("id")
            for on, *row in tuples.stream(held.values_list("booked_on", "id", "key", "amount", "state", "batch", "day_begins_at")):
                days[on].note(_Held(*row))
        return days

    def _statement(self, account: BankAccount, statement: Statement, days: dict[date, _Day]) -> None:
        balance = statement.opening
        by_day: dict[date, list[Entry]] = defaultdict(list)
        for entry in statement.entries:
            by_day[entry.booked_on].append(entry)
        for on in sorted(by_day):
            self._day(account, by_day[on], days[on], balance)
            balance = None if balance is None else balance + sum(entry.amount for entry in by_day[on])

    def _day(self, account: BankAccount, entries: list[Entry], held: _Day, begins_at: int | None) -> None:
        before = Counter[str]() if held.goes_on(begins_at) else held.contents.copy()
        batches: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            batches[entry.batch].append(entry)
        known = {batch for batch, parts in batches.items() if before and batch and self._is_known(held, batch, parts)}
        seen: Counter[str] = Counter()
        for entry in entries:
            content = _content(entry)
            seen[content] += 1
            if entry.batch in known or seen[content] <= before[content]:
                self._banked.counts["bank_entries"]["same"] += 1
            else:
                self._add(account, entry, content, held, begins_at)

    def _is_known(self, held: _Day, batch: str, parts: list[Entry]) -> bool:
        """Whether a movement that the bank names is held, whole or in parts; one held whole and not matched gives way to its parts."""
        there = held.batches.get(batch, [])
        if sum(one.amount for one in there) != sum(entry.amount for entry in parts) or not there:
            return False
        if len(there) == 1 < len(parts) and there[0].state != "matched" and there[0].id is not None:
            bulk.touching(BankEntry, [there[0].id])
            BankEntry.objects.filter(pk=there[0].id).delete()
            held.forget(there[0])
            return False
        return True

    def _add(self, account: BankAccount, entry: Entry, content: str, held: _Day, begins_at: int | None) -> None:
        kind = self._kind(entry)
        state = "ignored" if kind == "other" else "waiting"
        key = f"{content}-{held.contents[content] + 1}"
        held.note(_Held(None, key, entry.amount, state, entry.batch, begins_at))
        said = (entry.payer, collation_key(entry.payer)[:200], entry.payer_iban, entry.says, entry.reference, entry.bank_reference)
        what = (self._company.pk, account.pk, key, entry.booked_on, entry.amount, kind, state)
        self._rows.append((*what, *said, entry.batch, entry.code, entry.return_reason, begins_at))
        self._banked.counts["bank_entries"]["created"] += 1

    def _kind(self, entry: Entry) -> str:
        if entry.is_return:
            return "return"
        return "receipt" if entry.amount > 0 and not entry.is_own and entry.payer_iban not in self._own else "other"


def _content(entry: Entry) -> str:
    """What makes two entries of one day the same, as far as the bank tells."""
    said = (
        entry.booked_on.isoformat(),
        str(entry.amount),
        entry.payer,
        entry.payer_iban,
        entry.says,
        entry.reference,
        entry.bank_reference,
    )
    return hashlib.sha256("\0".join((*said, entry.code)).encode()).hexdigest()[:32]


def _refuse_other_format(company: Company, code: str) -> None:
    """An IBAN and the French bank, branch and number in it are one account: told in two formats, its entries would be there twice."""
    for known in BankAccount.objects.filter(company=company).values_list("code", flat=True):
        if _national(known) == _national(code):
            raise Refused(f"account {code} is followed as {known} already, from statements of another format: one account, one format")


def _national(code: str) -> str:
    plain = code.replace("-", "")
    return plain[4:25] if plain.startswith("FR") and len(plain) == len("FR7630006000011234567890189") else plain
