"""How is an uploaded list read, as far as its user says so? Which list it is, of which day and source, and which column is what."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from relance.importers.list_heads import VOCABULARIES, ListKind
from relance.importers.recognising import Kind, recognise_file
from relance.importers.sheet_look import Column, Look, look
from relance.models.company import Company
from relance.models.history import Source, columns_remembered

COLUMNS = {
    "customer": gettext_lazy("Customer's code"),
    "name": gettext_lazy("Customer's name"),
    "number": gettext_lazy("Document number"),
    "date": gettext_lazy("Date"),
    "due_date": gettext_lazy("Due date"),
    "open": gettext_lazy("Open amount"),
    "amount": gettext_lazy("Amount"),
    "debit": gettext_lazy("Debit"),
    "credit": gettext_lazy("Credit"),
    "currency": gettext_lazy("Currency"),
    "label": gettext_lazy("Label"),
    "payment_method": gettext_lazy("Payment method"),
    "sales_rep": gettext_lazy("Sales rep"),
    "email": gettext_lazy("E-mail address"),
    "address": gettext_lazy("Address"),
    "address_2": gettext_lazy("Address, second line"),
    "postcode": gettext_lazy("Postcode"),
    "city": gettext_lazy("Town"),
    "country": gettext_lazy("Country"),
    "account": gettext_lazy("Account"),
    "language": gettext_lazy("Language"),
    "kind": gettext_lazy("Business, consumer or public body"),
    "payment_terms": gettext_lazy("Payment terms"),
    "dunning": gettext_lazy("Dunned (yes or no)"),
    "contact": gettext_lazy("Contact's name"),
    "last_name": gettext_lazy("Contact's last name"),
    "first_name": gettext_lazy("Contact's first name"),
    "function": gettext_lazy("Function"),
    "receives": gettext_lazy("Receives reminders (yes or no)"),
    "invoices": gettext_lazy("Receives invoices (yes or no)"),
    "site": gettext_lazy("Site"),
    "left_on": gettext_lazy("Left on"),
    "reference": gettext_lazy("Reference of the payment"),
    "document": gettext_lazy("Document paid"),
    "type": gettext_lazy("Kind"),
}


class Asked(NamedTuple):
    """What the user says of a list: its day, whose it is, whether it is all that is open, which sheet, and which column is what."""

    as_of: date
    source: str
    partial: bool
    sheet: str | None
    columns: dict[int, str]  # by place; an empty word: nothing


def kind_of(path: Path, form: Mapping[str, str]) -> Kind | ListKind:
    """What a file is: of a list the user may say so, else its heads do; of what is no table, its reader says what is wrong."""
    with path.open("rb") as file:
        kind = recognise_file(file, form.get("sheet") or None)
    chosen = next((one for one in VOCABULARIES if one == form.get("kind")), None)
    return chosen or kind if kind in VOCABULARIES else kind


def asked_of(form: Mapping[str, str], kind: str) -> Asked:
    """What the address or the form says; what makes no sense is not said."""
    try:
        as_of = date.fromisoformat(form.get("as_of", ""))
    except ValueError:
        as_of = localdate()
    columns = {}
    for name, what in form.items():
        place = name.removeprefix("column-")
        if place != name and place.isdecimal() and len(place) <= len("9999") and what in ("", *_fields(kind)):
            columns[int(place)] = what
    return Asked(as_of, form.get("source", "").strip()[:80], form.get("partial") == "1", form.get("sheet") or None, columns)


def columns_of(kind: str) -> dict[str, object]:
    """What a column of such a list may be, with its words."""
    return {what: COLUMNS[what] for what in _fields(kind)}


def sources(company: Company, kind: str) -> list[str]:
    """Whose lists of this kind came before."""
    return list(Source.objects.filter(company=company, kind=kind).exclude(code="").order_by("code").values_list("code", flat=True))


def looked_at(company: Company, kind: ListKind, path: Path, asked: Asked) -> Look:
    """The columns of the list as they are understood now. Raises Unreadable."""
    columns = columns_remembered(company, kind, asked.source) | corrections(company, kind, path, asked)
    with path.open("rb") as file:
        return look(file, columns, asked.sheet, VOCABULARIES[kind])


def corrections(company: Company, kind: ListKind, path: Path, asked: Asked) -> dict[str, str]:
    """What the user says otherwise than it was recognised: for each thing the head that names it, or none. Raises Unreadable."""
    if not asked.columns:
        return {}
    with path.open("rb") as file:
        found = look(file, columns_remembered(company, kind, asked.source), asked.sheet, VOCABULARIES[kind]).columns
    corrected = {}
    for what in _fields(kind):
        now = next((one for one in found if one.what == what), None)
        wanted = _wanted(what, found, asked.columns)
        if wanted != now:
            corrected[what] = wanted.title if wanted else ""
    return corrected


def _fields(kind: str) -> tuple[str, ...]:
    return next((tuple(vocabulary.heads) for one, vocabulary in VOCABULARIES.items() if one == kind), ())


def _wanted(what: str, found: list[Column], columns: Mapping[int, str]) -> Column | None:
    """The column that is to be this. Of two, the one that was not before: it is the one that the user has just chosen."""
    claiming = [one for one in found if columns.get(one.place, one.what) == what]
    return next((one for one in claiming if one.what != what), next(iter(claiming), None))
