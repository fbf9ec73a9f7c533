"""How does a test say what is in a dossier, and what comes of loading it?"""

import json
from typing import Any

from relance.dossier import Faults, LoadReport, dump, load
from relance.models import Company, Event

Json = dict[str, Any]

LEVELS = [{"level": 1, "lower_bound": 0, "upper_bound": 10}, {"level": 2, "lower_bound": 11, "upper_bound": None}]


def file(**nouns: Any) -> Json:
    """A dossier of the company ACME that holds these nouns."""
    return {"format": "relance/1", "company": {"code": "ACME", "name": "Acme SAS"}} | nouns


def customer(code: str = "C001", **keys: Any) -> Json:
    """A customer."""
    return {"code": code, "name": f"Client {code}"} | keys


def due(amount: str = "100.00", due_date: str = "2026-01-31", **keys: Any) -> Json:
    """A due item."""
    return {"due_date": due_date, "amount": amount} | keys


def invoice(number: str = "FA-1", amount: str = "100.00", **keys: Any) -> Json:
    """An invoice of the customer C001 with one due item."""
    whose = {} if "supplier" in keys else {"customer": "C001"}
    return {"number": number, "date": "2026-01-01", "due": [due(amount)]} | whose | keys


def credit(number: str = "AV-1", amount: str = "-30.00", **keys: Any) -> Json:
    """A credit note of the customer C001."""
    return invoice(number, amount, type="credit_note", **keys)


def payment(reference: str = "P1", amount: str = "50.00", settles: dict[str, str] | None = None, **keys: Any) -> Json:
    """A payment of the customer C001, and what it settles: amounts by document."""
    parts = [{"document": number, "amount": part} for number, part in (settles or {}).items()]
    whose = {} if "supplier" in keys else {"customer": "C001"}
    return {"reference": reference, "date": "2026-02-03", "amount": amount, "allocations": parts} | whose | keys


def books(**nouns: Any) -> Json:
    """A dossier with the customer C001, the usual codes, and these nouns."""
    usual = {
        "payment_methods": [{"code": "VIR"}, {"code": "PRLV", "dunnable": False}],
        "statuses": [{"code": "LITIGE", "stops_dunning": True}],
        "collaborators": [{"code": "DUP", "name": "Alice Dupuis"}],
        "customers": [customer()],
    }
    return file(**(usual | nouns))


def take_in(dossier: Json | bytes, *, with_levels: bool = False) -> LoadReport:
    """Load a dossier as Jeanne does."""
    return load(as_bytes(dossier), by="jeanne", with_levels=with_levels)


def faults_of(dossier: Json | bytes) -> list[str]:
    """What loading a dossier is refused for; nothing is stored, not even the company."""
    before = stored()
    try:
        load(as_bytes(dossier), by="jeanne")
    except Faults as refused:
        assert stored() == before
        return [str(fault) for fault in refused.faults]
    return []


def as_bytes(dossier: Json | bytes) -> bytes:
    """The file itself."""
    return dossier if isinstance(dossier, bytes) else json.dumps(dossier).encode()


def text_of(code: str = "ACME") -> str:
    """A company as the text of its dump."""
    return "".join(dump(Company.objects.get(code=code)))


def stored(code: str = "ACME") -> Json | None:
    """A company as its dump holds it; None when there is no such company."""
    return json.loads(text_of(code)) if Company.objects.filter(code=code).exists() else None


def held(noun: str, place: int = 0) -> Json:
    """One object of the dump."""
    found = stored()
    assert found is not None
    return dict(found[noun][place])


def events() -> list[tuple[str, Json]]:
    """What happened to the company, as its history tells it."""
    return list(Event.objects.filter(company__code="ACME").order_by("number").values_list("what", "facts"))
