"""How does a load set up the company: its identity and options, payment methods, statuses and collaborators?"""

from datetime import date

from django.db import models
from django.utils import timezone

from relance.core import money
from relance.core.rates import UnknownRate, rate_below_floor, show_rate
from relance.dossier import shape
from relance.dossier.display import Pictures, lay_display
from relance.dossier.entry import Entry
from relance.dossier.faults import Place
from relance.dossier.merging import Load, Sheet, Values, named_rows
from relance.dossier.noun import Noun
from relance.models import Collaborator, Company, CustomerType, PaymentMethod, Status, Webhook
from relance.models.display import display_of
from relance.models.history import Source
from relance.models.messaging import messaging_of

COLUMNS = {**shape.COMPANY.columns, **shape.OPTIONS.columns}


_AMOUNTS = ("min_invoice_amount", "ceiling_amount")  # options in the currency of the company


def lay_codes(load: Load, dossier: Entry) -> list[Sheet]:
    """Payment methods, statuses, collaborators, types, webhooks without their secrets, which do not travel, and sources of lists."""
    return [
        _lay_table(load, dossier, "payment_methods", "payment_method", PaymentMethod, shape.PAYMENT_METHOD),
        _lay_table(load, dossier, "statuses", "status", Status, shape.STATUS),
        _lay_table(load, dossier, "collaborators", "collaborator", Collaborator, shape.COLLABORATOR),
        _lay_table(load, dossier, "customer_types", "customer_type", CustomerType, shape.CUSTOMER_TYPE),
        _lay_table(load, dossier, "webhooks", "webhook", Webhook, shape.WEBHOOK),
        _lay_sources(load, dossier),
    ]


def lay_company(load: Load, dossier: Entry, pictures: Pictures) -> Values:
    """What the company's row is to hold, by column."""
    company = load.company
    before = {column: getattr(company, column) for column in COLUMNS.values()} if company.name else None
    values = load.lay(dossier["company"], before, shape.COMPANY)
    options = dossier.get("options") or _no_options()
    for name in _AMOUNTS:
        load.read_amount(options, name, values["currency"])
    values |= load.lay(options, before, shape.OPTIONS)
    for name in _AMOUNTS:
        if before and name not in options and before[name] is not None:
            values[name] = money.rescale(before[name], before["currency"], values["currency"])
    _check(load, values, options)
    values["display"] = lay_display(load, dossier, company if before else None, pictures)
    values["messaging"] = _lay_messaging(load, dossier, company if before else None)
    stored = before and before | {"display": display_of(company), "messaging": messaging_of(company)}
    load.count("company").add(None if stored is None else values != stored)
    return values


def write_company(company: Company, values: Values) -> None:
    """Store what the company's row is to hold."""
    Company.objects.filter(pk=company.pk).update(**values)


def check_floor(load: Load, rate: int, country: str, on: date, place: Place) -> None:
    """Refuse a contractual rate below the legal floor of the day. A dump is only warned of: what was allowed once must come back."""
    try:
        floor = rate_below_floor(rate, country, on)
    except UnknownRate:
        return
    if floor is not None:
        tell = load.findings.warn if load.restoring else load.findings.fault
        tell(place, f"{show_rate(rate)} is below the legal floor, {show_rate(floor)} on {on}")


def _lay_messaging(load: Load, dossier: Entry, before: Company | None) -> Values:
    """What the company's ``messaging`` column is to hold: every option. Passwords and keys are in no dossier."""
    entry = dossier.get("messaging") or Entry([])
    entry.place = ("messaging",)
    return load.lay(entry, messaging_of(before) if before else None, shape.MESSAGING)


def _no_options() -> Entry:
    options = Entry([])
    options.place = ("options",)
    return options


def _check(load: Load, values: Values, options: Entry) -> None:
    for name in _AMOUNTS:
        if values[name] is not None and values[name] < 0:
            load.findings.fault((*options.place, name), "is below zero")
    rate = options.get("interest_rate")
    if isinstance(rate, int):
        check_floor(load, rate, values["country"], timezone.localdate(), (*options.place, "interest_rate"))


def _lay_sources(load: Load, dossier: Entry) -> Sheet:
    """Where lists come from: named by the kind of the list, and the code of who makes it."""
    columns = list(shape.SOURCE.columns.values())
    stored = Source.objects.filter(company=load.company.pk).values_list("kind", "code", "id", *columns)
    sheet = Sheet(Source, columns, (((kind, code), tuple(row)) for kind, code, *row in stored))
    for entry in dossier.get("sources", []):
        name = shape.SOURCE.identity(entry)
        sheet.expect([name])
        sheet.put(name, load.lay(entry, sheet.before(name), shape.SOURCE), load.count("sources"))
    return sheet


def _lay_table(load: Load, dossier: Entry, key: str, refer_as: str, model: type[models.Model], noun: Noun) -> Sheet:
    """A table whose rows are named by their code; all of them are known afterwards, those that the file does not name too."""
    columns = noun.columns.values()
    sheet = Sheet(model, columns, named_rows(model, "code", columns, company_id=load.company.pk))
    entries = dossier.get(key, [])
    sheet.expect(entry["code"] for entry in entries)
    load.ids[refer_as] = sheet.ids
    for entry in entries:
        sheet.put(entry["code"], load.lay(entry, sheet.before(entry["code"]), noun), load.count(key))
    return sheet
