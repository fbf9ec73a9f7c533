"""Which rules has the company set up? Its options and policies as the engine takes them, defaults already in."""

from datetime import date
from typing import Any

from relance.core.facts import NA, Channel, Clock, LevelRow, Mode, Options, Policy, Progression
from relance.core.selection import Terms
from relance.models import company as setup
from relance.models.company import Company, PolicyLevel
from relance.models.display import display_of
from relance.models.messaging import messaging_of


def read_terms(company: Company, as_of: date, mode: Mode, cc: tuple[str, ...] = ()) -> Terms:
    """Everything but the request of a run: options, the default policy and the further ones.

    The default policy has no rows where none is set up; a run is refused then (register K2).
    """
    rows: dict[int, list[LevelRow]] = {}
    for level in PolicyLevel.objects.filter(company=company).order_by("policy", "level"):
        rows.setdefault(level.policy_id, []).append(_row(level, company))
    default = Policy(())
    further = {}
    for policy in setup.Policy.objects.filter(company=company):
        further[policy.pk] = _policy(policy, tuple(rows.get(policy.pk, ())), company)
        if not policy.code:
            default = further[policy.pk]
    return Terms(as_of, mode, read_options(company), default, further, cc)


def read_options(company: Company) -> Options:
    """The company's options that decide who is written to, and how."""
    return Options(
        currency=company.currency,
        contacts_of_billed_customer=company.contacts_of_billed_customer,
        dun_creditor_customers=company.dun_creditor_customers,
        min_invoice_amount=company.min_invoice_amount,
        promise_grace_days=company.promise_grace_days,
        letter_grouping=company.letter_grouping,
        email_by_customer=company.email_grouping == "by_customer",
        include_credits=company.include_credits,
        letter_when_no_recipient=company.no_recipient_channel == "letter",
        hold_unmatched_payments=company.hold_unmatched_payments,
    )


def _row(level: PolicyLevel, company: Company) -> LevelRow:
    clock = Clock(level.clock or company.level_basis)
    return LevelRow(level.level, level.lower_bound, level.upper_bound, clock, level.automatic, Channel(level.channel))


def _policy(policy: setup.Policy, rows: tuple[LevelRow, ...], company: Company) -> Policy:
    """What a policy leaves unsaid is the company's; where nobody says, a stepwise progression waits seven days between notices."""
    progression = Progression(policy.progression or company.progression)
    said = policy.min_days_between if policy.min_days_between is not None else company.min_days_between
    unsaid = 7 if progression is Progression.STEPWISE else 0
    return Policy(rows, progression, unsaid if said is None else said)


def frozen_settings(company: Company) -> dict[str, Any]:
    """What all the notices of a run share, as it is now: who claims, and what each level of each policy says (JSON)."""
    levels: dict[str, dict[str, Any]] = {}
    for level in PolicyLevel.objects.filter(company=company).select_related("policy").order_by("policy", "level"):
        levels.setdefault(level.policy.code, {})[str(level.level)] = _said(level, company.language)
    for policy_levels in levels.values():
        _rank(policy_levels)
    identity = {name: getattr(company, name) for name in _IDENTITY}
    address = [line for line in company.address.split("\n") if line]
    attachments = {
        "invoices": company.attach_invoices,
        "originals_only": company.originals_only,
        "limit_mb": company.attachments_limit_mb,
    }
    messaging = messaging_of(company)
    return {
        "company": identity | {"address": address},
        "messaging": {name: messaging[name] for name in ("sender_name", "reply_to")},
        "levels": levels,
        "display": display_of(company),
        "attachments": attachments,
    }


_IDENTITY = (
    "code",
    "name",
    "country",
    "language",
    "siren",
    "vat_number",
    "iban",
    "bic",
    "sender_email",
    "currency",
    "expected_payment_delay_days",
)


def _said(level: PolicyLevel, language: str) -> dict[str, Any]:
    own = {"subject": level.subject, "header": level.header, "footer": level.footer}
    again = level.texts.get(language, {})
    texts = level.texts | {language: own | {part: text for part, text in again.items() if text}}
    return {
        "label": level.label,
        "texts": texts,
        "lower_bound": level.lower_bound,
        "charge_interest": level.charge_interest,
        "charge_indemnity": level.charge_indemnity,
        "attach_invoices": level.attach_invoices,
    }


def _rank(levels: dict[str, Any]) -> None:
    """Which default text a level falls back to: the last of three or more is the formal notice, one before the due date a courtesy."""
    late = sorted((int(number) for number, level in levels.items() if level["lower_bound"] >= 0 and int(number) != NA))
    for number, level in levels.items():
        place = late.index(int(number)) if int(number) in late else -1
        final = place == len(late) - 1 and len(late) >= 3
        level["rank"] = "pre_due" if place < 0 else "final" if final else "first" if place == 0 else "second"
