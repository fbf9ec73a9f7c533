"""Which notice does a test write? The claim as a small table, everything else as usual unless the test says otherwise."""

from datetime import date
from typing import Any

from relance.core import money
from relance.core.display import DEFAULTS

TODAY = "2026-11-23"
USUAL = """
    FA-1   2026-09-06  2026-10-06  1234.50  1234.50
    FA-2   2026-09-20  2026-10-20   800.00   300.00
"""
COMPANY = {
    "code": "ACME",
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


def notice(lines: str = USUAL, *, credits: str = "", company: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """The data of a letter. A line reads: document, date, due date, amount, open, perhaps a currency; a credit: document, date, open."""
    claimed = [_line(*row.split()) for row in lines.strip().splitlines()]
    deducted = [_credit(*row.split()) for row in credits.strip().splitlines()]
    totals: dict[str, int] = {}
    for one in (*claimed, *deducted):
        totals[one["currency"]] = totals.get(one["currency"], 0) + one["open"]
    usual = {
        "number": "2026-000123",
        "run": 3,
        "kind": "letter",
        "provisional": False,
        "duplicate": False,
        "language": "fr",
        "date": TODAY,
        "level": 2,
        "rank": "second",
        "company": COMPANY | (company or {}),
        "customer": {"code": "C001", "name": "Garage Müller & Fils", "kind": "business"},
        "recipient": {"name": "Garage Müller & Fils", "address": ["ZA des Quatre Chemins", "42000 Saint-Étienne"]},
        "texts": {"subject": "", "header": "", "footer": ""},
        "lines": claimed,
        "credits": deducted,
        "totals": totals,
        "charges": None,
        "not_due": [],
        "subtotals": False,
        "display": DEFAULTS | {"window": "right"},
        "pay_before": "2026-12-01",
        "previous_on": "2026-11-02",
        "template": None,
        "enclosed": [],
    }
    return usual | said


def to(name: str, *address: str) -> dict[str, Any]:
    """Who is written to, and where."""
    return {"name": name, "address": list(address)}


def many(count: int) -> str:
    """So many lines: the first over 1.01, the second over 2.02 and so on."""
    return "\n".join(
        f"FA-{number} 2026-09-06 2026-10-06 {number}.{number % 100:02} {number}.{number % 100:02}" for number in range(1, count + 1)
    )


def _line(document: str, dated: str, due: str, amount: str, open_amount: str, currency: str = "EUR") -> dict[str, Any]:
    return {
        "document": document,
        "label": "",
        "date": dated,
        "due_date": due,
        "amount": money.parse(amount, currency),
        "paid": money.parse(amount, currency) - money.parse(open_amount, currency),
        "open": money.parse(open_amount, currency),
        "currency": currency,
        "days_overdue": (date.fromisoformat(TODAY) - date.fromisoformat(due)).days,
        "level_before": 1,
        "level_after": 2,
        "last_dunned_on": "2026-11-02",
        "interest": None,
    }


def _credit(document: str, dated: str, open_amount: str, currency: str = "EUR") -> dict[str, Any]:
    return {"document": document, "date": dated, "due_date": dated, "open": money.parse(open_amount, currency), "currency": currency}
