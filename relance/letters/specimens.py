"""On which letters is a template tried before it is taken? A usual one, one with everything there can be, one with next to nothing."""

from typing import Any

from relance.core.display import DEFAULTS
from relance.letters.placeholders import Data

_COMPANY = {
    "code": "DEMO",
    "name": "Maison Aubrelle",
    "country": "FR",
    "language": "fr",
    "siren": "552081317",
    "vat_number": "FR23552081317",
    "iban": "FR7630006000011234567890189",
    "bic": "AGRIFRPPXXX",
    "sender_email": "compta@aubrelle.example",
    "currency": "EUR",
    "expected_payment_delay_days": 0,
    "address": ["12, quai des Chartrons", "33000 Bordeaux"],
}
_BARE: Data = {"siren": "", "vat_number": "", "iban": "", "bic": "", "sender_email": "", "address": []}


def specimens() -> list[Data]:
    """Letters that a template has to stand."""
    usual = specimen()
    everything = specimen(
        lines=[_line(number) for number in range(1, 61)]
        + [_line(61, "USD") | {"label": "Livraison <partielle> & retour", "interest": 1_25}],
        credits=[{"document": "AV-7", "date": "2026-10-01", "due_date": "2026-10-01", "open": -34_50, "currency": "EUR"}],
        totals={"EUR": 1_000_00, "USD": 12_50},
        charges={"interest": {"EUR": 12_34, "USD": 1_25}, "indemnity": {"EUR": 80_00}},
        subtotals=True,
        provisional=True,
        number="",
    )
    bare = specimen(
        company=_COMPANY | _BARE,
        recipient={"name": "Mme D’Été", "contact": "", "address": []},
        customer={"code": "C9", "name": "Mme D’Été", "kind": "consumer"},
        lines=[_line(1)],
        totals={"EUR": 100_00},
        previous_on=None,
        duplicate=True,
    )
    return [usual, everything, bare]


def specimen(**said: Any) -> Data:
    """The data of a letter that was never sent; ``said`` in place of what is usual (docs/reference/letter-data.md)."""
    usual = {
        "number": "2026-000123",
        "run": None,
        "kind": "letter",
        "provisional": False,
        "duplicate": False,
        "language": "fr",
        "date": "2026-11-23",
        "level": 2,
        "rank": "second",
        "company": _COMPANY,
        "customer": {"code": "C034", "name": "La Table d’Hélène", "kind": "business"},
        "recipient": {"name": "La Table d’Hélène", "contact": "", "address": ["Service comptabilité", "4, rue de l’Église", "64000 Pau"]},
        "texts": {"subject": "", "header": "", "footer": ""},
        "lines": [_line(1), _line(2), _line(3)],
        "credits": [],
        "totals": {"EUR": 300_00},
        "charges": None,
        "not_due": [],
        "subtotals": False,
        "display": DEFAULTS | {"window": "right"},
        "pay_before": "2026-12-01",
        "previous_on": "2026-11-02",
        "template": None,
    }
    return usual | said


def _line(number: int, currency: str = "EUR") -> dict[str, Any]:
    return {
        "document": f"FA-{2267 + number}",
        "label": "",
        "date": "2026-09-06",
        "due_date": f"2026-10-{1 + number % 28:02}",
        "amount": 150_00,
        "paid": 50_00 if number % 3 == 0 else 0,
        "open": 100_00,
        "currency": currency,
        "days_overdue": 53 - number % 28,
        "level_before": 1,
        "level_after": 2,
        "last_dunned_on": "2026-11-02",
        "interest": None,
    }
