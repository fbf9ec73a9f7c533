"""How do bank accounts, what the bank said and how payments were matched come in and out of a dossier?"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from relance.core import money
from relance.core.names import collation_key
from relance.dossier import shape_of_ledger
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.merging import Load, Sheet, Values, named_rows
from relance.dossier.payments import Payments
from relance.dossier.text import Json, by_code, instant_of, json_of, rows
from relance.models import BankAccount, BankEntry, Company, Match, Payment, tuples

_OF_ENTRY = ("account_id", "payer_key", *shape_of_ledger.BANK_ENTRY.columns.values())
_OF_MATCH = ("payment_id", "entry_id", "parts", *shape_of_ledger.MATCH.columns.values())
_PART = tuple(shape_of_ledger.MATCH_PART.keys)  # as the database keeps a part: a list of these, the day as text, minor units


class Bank:
    """The accounts that a file gives with their entries, and the matches."""

    def __init__(self, load: Load, dossier: Entry, payments: Payments) -> None:
        self._load, self._payments = load, payments
        given: list[Entry] = dossier.get("bank_accounts", [])
        self._accounts = self._lay_accounts(given)
        self._entries = self._lay_entries([(account["code"], one) for account in given for one in account.get("entries", [])])
        self._matches = self._lay_matches(dossier.get("matches", []))

    def write(self) -> None:
        """Store them; payments are there already."""
        for sheet in (self._accounts, self._entries, self._matches):
            sheet.write(self._load.company.pk)

    def _lay_accounts(self, given: list[Entry]) -> Sheet:
        load, columns = self._load, shape_of_ledger.BANK_ACCOUNT.columns.values()
        sheet = Sheet(BankAccount, columns, named_rows(BankAccount, "code", columns, company_id=load.company.pk))
        sheet.expect([entry["code"] for entry in given])
        for entry in given:
            before = sheet.before(entry["code"])
            currency = entry.get("currency") or (before["currency"] if before else load.company.currency) or "EUR"
            load.read_amount(entry, "balance", currency)
            values = load.lay(entry, before, shape_of_ledger.BANK_ACCOUNT) | {"currency": currency}
            sheet.put(entry["code"], values, load.count("bank_accounts"))
        return sheet

    def _lay_entries(self, given: list[tuple[str, Entry]]) -> Sheet:
        load, ids = self._load, self._accounts.ids
        stored = tuples.read(BankEntry, ("account_id", "key", "id", *_OF_ENTRY), account_id=[ids[code] for code, _ in given])
        sheet = Sheet(BankEntry, _OF_ENTRY, ((row[:2], row[2:]) for row in stored))
        sheet.expect((ids[code], entry["key"]) for code, entry in given)
        for code, entry in given:
            name, account = (ids[code], entry["key"]), self._accounts.after(code)
            currency = account["currency"] if account else "EUR"
            for amount in ("amount", "day_begins_at"):
                load.read_amount(entry, amount, currency)
            values = load.lay(entry, sheet.before(name), shape_of_ledger.BANK_ENTRY) | {"account_id": name[0]}
            self._check_sign(entry, values)
            sheet.put(name, values | {"payer_key": collation_key(values["payer"] or "")[:200]}, load.count("bank_entries"))
        return sheet

    def _check_sign(self, entry: Entry, values: Values) -> None:
        amount, kind = values["amount"], values["kind"]
        wrong = {"receipt": lambda: amount <= 0, "return": lambda: amount >= 0}.get(kind, bool)
        if BROKEN not in entry.values() and amount is not None and wrong():
            self._load.findings.fault((*entry.place, "amount"), f"of a {kind} must be {'above' if kind == 'receipt' else 'below'} zero")

    def _lay_matches(self, given: list[Entry]) -> Sheet:
        load = self._load
        sheet = Sheet(Match, _OF_MATCH, named_rows(Match, "number", _OF_MATCH, company_id=load.company.pk))
        sheet.expect(entry["number"] for entry in given)
        payments = self._known_payments(given)
        for entry in given:
            before = sheet.before(entry["number"])
            values = load.lay(entry, before, shape_of_ledger.MATCH)
            values["restores"] = [list(one) for one in values["restores"]]
            payment = self._found(payments, entry, "payment", before, "payment_id")
            bank_entry = self._entry(entry, before)
            parts = self._parts(entry, before)
            sheet.put(entry["number"], values | {"payment_id": payment, "entry_id": bank_entry, "parts": parts}, load.count("matches"))
        return sheet

    def _known_payments(self, given: list[Entry]) -> dict[Any, int]:
        references = [entry["payment"] for entry in given if isinstance(entry.get("payment"), str)]
        stored = tuples.read(Payment, ("reference", "id"), company_id=self._load.company.pk, reference=references)
        return dict(stored) | self._payments.ids

    def _found(self, known: dict[Any, int], entry: Entry, key: str, before: Values | None, column: str) -> int | None:
        given = entry.get(key, BROKEN)
        if given is BROKEN or given is None:
            return before[column] if before else None
        if given not in known:
            self._load.findings.fault((*entry.place, key), f'unknown {key}: "{given}"')
        return known.get(given)

    def _entry(self, entry: Entry, before: Values | None) -> int | None:
        account, key = entry.get("account"), entry.get("entry")
        if not account or not key or BROKEN in (account, key):
            return before["entry_id"] if before and "entry" not in entry else None
        found = self._entries.ids.get((self._accounts.ids.get(account), key))
        if found is None:
            stored = BankEntry.objects.filter(company=self._load.company, account__code=account, key=key)
            found = stored.values_list("id", flat=True).first()
        if found is None:
            self._load.findings.fault((*entry.place, "entry"), f'unknown entry of account {account}: "{key}"')
        return found

    def _parts(self, entry: Entry, before: Values | None) -> list[Any]:
        if "parts" not in entry:
            return before["parts"] if before else []
        currency = self._payments.currency_of(entry.get("payment"))
        for part in entry["parts"]:
            self._load.read_amount(part, "amount", currency)
        parts = [[part.get(key) for key in _PART] for part in entry["parts"] if BROKEN not in part.values()]
        return [[one.isoformat() if isinstance(one, dt.date) else one for one in part] for part in parts]


def told_accounts(company: Company) -> Iterator[Json]:
    """The bank accounts of a company with their entries, as a dossier holds them."""
    accounts = BankAccount.objects.filter(company=company).order_by(by_code("code"))
    for account in accounts:
        currency = account.currency
        told: Json = {key: getattr(account, key) for key in shape_of_ledger.BANK_ACCOUNT.keys}
        yield told | {"balance": _shown(account.balance, currency), "entries": list(_entries(account))}


def _entries(account: BankAccount) -> Iterator[Json]:
    keys = {key: key for key in shape_of_ledger.BANK_ENTRY.keys}
    ordered = BankEntry.objects.filter(account=account).order_by("booked_on", by_code("key"))
    for _, entry in rows(ordered, keys):
        yield entry | {name: _shown(entry[name], account.currency) for name in ("amount", "day_begins_at")}


def told_matches(company: Company) -> Iterator[Json]:
    """The matches of a company, as a dossier holds them."""
    paths = {key: key for key in shape_of_ledger.MATCH.columns}
    paths |= {"payment": "payment__reference", "account": "entry__account__code", "entry": "entry__key"}
    paths |= {"parts": "parts", "currency": "payment__currency"}
    for _, match in rows(Match.objects.filter(company=company).order_by("number"), paths):
        currency = match.pop("currency")
        parts = [dict(zip(_PART, part, strict=True)) | {"amount": _shown(part[-1], currency)} for part in json_of(match["parts"])]
        yield match | {"at": instant_of(match["at"]), "restores": json_of(match["restores"]), "parts": parts}


def _shown(amount: int | None, currency: str) -> str | None:
    return None if amount is None else money.show(amount, currency)
