"""On which letters is a template or a text tried before it is taken? A usual one in each language, one with everything, one with little."""

from datetime import date
from typing import Any

from relance.core.charges import Terms, interest
from relance.core.display import DEFAULTS
from relance.core.rates import CustomerKind
from relance.letters.placeholders import Data
from relance.letters.wording import WORDINGS

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
    return [*(usual | {"language": language} for language in WORDINGS), everything, bare]


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
        "enclosed": [],
    }
    return usual | said


def specimen_of(rank: str, *, charged: bool, **said: Any) -> Data:
    """A made-up account as a level of this rank meets it: with all that the company may have chosen to show."""
    lines = [_line(1) | {"label": "Saumur-Champigny, 12 caisses"}, _line(2), _line(3)]
    if rank == "pre_due":
        lines = [line | {"due_date": f"2026-11-2{place}", "days_overdue": 3 - place} for place, line in enumerate(lines, 7)]
    credit = {"document": "AV-7", "date": "2026-10-01", "due_date": "2026-10-01", "open": -34_50, "currency": "EUR"}
    later = credit | {"document": "FA-2301", "date": "2026-11-10", "due_date": "2026-12-10", "open": 75_00}
    return specimen(
        rank=rank,
        lines=lines,
        credits=[credit],
        totals={"EUR": 265_50},
        not_due=[later] if said["display"]["not_due"] else [],
        charges=_charges(lines) if charged and rank != "pre_due" else None,
        previous_on="2026-11-02" if rank in ("second", "final") else None,
        **said,
    )


def specimen_of_level(settings: Data, policy: str, level: int, *, kind: str, language: str, texts: Data, display: Data) -> Data:
    """A made-up account as a level of a company's policy meets it: ``settings`` as a run freezes them, ``texts`` what is said."""
    row = settings["levels"][policy][str(level)]
    return specimen_of(
        row["rank"],
        charged=row["charge_interest"] or row["charge_indemnity"],
        kind=kind,
        language=language,
        level=level,
        company=settings["company"],
        texts={"subject": "", "header": "", "footer": ""} | row["texts"].get(language, {}) | texts,
        display=display,
        subtotals=display["subtotals"],
    )


def _charges(lines: list[dict[str, Any]]) -> Data:
    """Interest on each line, and the indemnity once for each."""
    periods = []
    for line in lines:
        due, open_amount = date.fromisoformat(line["due_date"]), line["open"]
        found = interest(due, open_amount, (), date(2026, 11, 23), Terms("FR", CustomerKind.BUSINESS, 12_40)).periods
        line["interest"] = sum(one.interest for one in found)
        said = {"document": line["document"], "due_date": line["due_date"], "agreed": False, "currency": "EUR"}
        for one in found:
            amounts = {"days": one.days, "rate": one.rate, "base": one.base, "interest": one.interest}
            periods.append(said | amounts | {"from": one.first.isoformat(), "to": one.last.isoformat()})
    return {
        "interest": {"EUR": sum(one["interest"] for one in periods)},
        "indemnity": {"EUR": 40_00 * len(lines)},
        "indemnities": len(lines),
        "periods": periods,
    }


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
