"""How old are a company's documents and payments, and are they too old for dunning that nobody looks at?

An automatic run on last month's ledger writes to those who have paid since; a company can forbid it.
"""

from datetime import date

from django.utils import timezone

from relance.models.company import Company


def note_brought_in(company_id: int, *, documents: bool, payments: bool) -> None:
    """Documents, or payments, have just been brought in, whether they told anything new or not."""
    now = timezone.now()
    told = {"documents_at": now} if documents else {}
    if payments:
        told["payments_at"] = now
    if told:
        Company.objects.filter(pk=company_id).update(**told)


def why_stale(company: Company, on: date) -> str:
    """Why nothing automatic may leave on a day; empty where nothing forbids it."""
    held = Company.objects.only("documents_at", "payments_at", "max_ledger_age_days", "max_bank_age_days").get(pk=company.pk)
    for what, at, most in (
        ("documents", held.documents_at, held.max_ledger_age_days),
        ("payments", held.payments_at, held.max_bank_age_days),
    ):
        if most is None:
            continue
        if at is None:
            return f"nobody knows how old the {what} of {company.code} are: bring them in before the automatic run"
        brought_in = timezone.localdate(at)
        if (on - brought_in).days > most:
            return (
                f"the {what} of {company.code} were last brought in on {brought_in} and may be {most} days old at most: "
                "bring them in before the automatic run"
            )
    return ""
