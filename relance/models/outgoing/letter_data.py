"""What does a frozen notice give to the page? One plain dictionary for every engine (docs/reference/letter-data.md)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from relance.models.display import shown_with
from relance.models.outgoing.frozen import Frozen, Line

DEADLINE_DAYS = 8  # "sous huitaine": eight calendar days


def letter_data(
    notice: Frozen,
    settings: dict[str, Any],
    as_of: date,
    *,
    provisional: bool = False,
    subtotals: bool | None = None,
    enclosed: Sequence[str] = (),
) -> dict[str, Any]:
    """The data of one letter or e-mail; ``settings`` are those frozen with its run, amounts are minor units, dates ISO.

    ``subtotals`` are the company's display option where the run did not say; ``enclosed`` are the numbers of the invoices that go with it.
    """
    display = shown_with(settings)
    said = level_said(settings, notice.recipient["policy"], notice.level)
    recipient = notice.recipient
    payees = recipient.get("payees", [])
    return {
        "number": f"{as_of.year:04}-{notice.number:06d}" if notice.number else "",
        "run": notice.run_id,
        "kind": notice.channel,
        "provisional": provisional,
        "duplicate": False,
        "language": notice.language,
        "date": as_of.isoformat(),
        "level": notice.level,
        "rank": said["rank"],
        "company": settings["company"] | ({"iban": "", "bic": ""} if payees else {}),  # nobody is asked to pay to the wrong account
        "payees": payees,
        "customer": {"code": recipient["code"], "name": recipient["name"], "kind": recipient["kind"]},
        "recipient": {"name": recipient["name"], "contact": recipient.get("contact", ""), "address": recipient["address"]},
        "texts": said["texts"].get(notice.language) or {"subject": "", "header": "", "footer": ""},
        "lines": [_line(line) for line in notice.lines],
        "credits": notice.credits,
        "totals": dict(notice.totals),
        "charges": notice.charges,
        "not_due": notice.not_due,
        "subtotals": display["subtotals"] if subtotals is None else subtotals,
        "display": display,
        "pay_before": (as_of + timedelta(DEADLINE_DAYS)).isoformat(),
        "previous_on": notice.previous_on.isoformat() if notice.previous_on else None,
        "template": notice.template_id,
        "enclosed": list(enclosed),
    }


def level_said(settings: dict[str, Any], policy: str, level: int) -> dict[str, Any]:
    """What a level of a policy says, as frozen with the run; a level that the policy has not is the default policy's."""
    levels = settings["levels"]
    found: dict[str, Any] | None = levels.get(policy, {}).get(str(level)) or levels.get("", {}).get(str(level))
    return found or {"rank": "second", "texts": {}, "charge_interest": False, "charge_indemnity": False}


def _line(line: Line) -> dict[str, Any]:
    return {
        "document": line.document_number,
        "label": line.label,
        "date": line.date.isoformat(),
        "due_date": line.due_date.isoformat(),
        "amount": line.amount,
        "paid": line.amount - line.open_amount,
        "open": line.open_amount,
        "currency": line.currency,
        "days_overdue": line.days_overdue,
        "level_before": line.level_before,
        "level_after": line.level_after,
        "last_dunned_on": line.dunned_before.isoformat() if line.dunned_before else None,
        "interest": line.interest,
    }
