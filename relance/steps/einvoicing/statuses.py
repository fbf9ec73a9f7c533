"""What does a life-cycle message do to the document it is about? It holds it, stops it, pauses it, pays it, or changes who is paid.

In dispute or suspended: held until it is approved or completed. Refused, rejected or cancelled: stopped. Payment on its way: paused for
some days. Collected: a payment, or one that went back. Factored, or on another account: not to be paid to the company's own account.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from relance.core import money
from relance.importers.life_cycle import Message, Status
from relance.letters import formats
from relance.models import bulk
from relance.models.changing import set_columns
from relance.models.company import Company
from relance.models.events import Fact
from relance.models.history import Event
from relance.models.incoming.applied import taken_back
from relance.models.incoming.posting import AllocationRow, PaymentRow, Posting
from relance.models.ledger import Document, DueItem, Payment
from relance.steps import Refused
from relance.steps.einvoicing.parties import numbers_of
from relance.steps.einvoicing.taken import Change, Taken

EVENT = "einvoice_status"
PAUSE_DAYS = 10  # from the day on which a payment was sent: a transfer takes one, and people take some to note it
HELD = {"207": "dispute", "208": "check"}
STOPPED = frozenset(("210", "213", "220"))
_LIFTED_BY = {"205": frozenset(("207", "208")), "209": frozenset(("208",))}
_PAUSED, _COLLECTED, _NOT_FACTORED = "211", "212", "228"
_PAID_ELSEWHERE = frozenset(("225", "226", "227"))
_PAYEE = _PAID_ELSEWHERE | {_NOT_FACTORED}
_LABELS = {
    "fr": {"207": "En litige", "208": "Suspendue", "210": "Refusée", "211": "Paiement transmis", "213": "Rejetée", "220": "Annulée"},
    "en": {"207": "In dispute", "208": "Suspended", "210": "Refused", "211": "Payment sent", "213": "Rejected", "220": "Cancelled"},
    "de": {"207": "Strittig", "208": "Ausgesetzt", "210": "Abgelehnt", "211": "Gezahlt", "213": "Zurückgewiesen", "220": "Storniert"},
}
_SAID = {"fr": ("{} ({}) le {}", " : "), "en": ("{} ({}) on {}", ": "), "de": ("{} ({}) am {}", ": ")}


def take_message(company: Company, message: Message, taken: Taken) -> None:
    """Do what a message says to each document it is about, in the caller's transaction; what is unknown is told. Raises Refused."""
    known = 0
    for status in sorted(message.statuses, key=lambda one: one.at):
        document = _document(company, status, taken)
        if document is not None:
            known += 1
            _take(company, document, status, taken)
    taken.ignored = not known


def _document(company: Company, status: Status, taken: Taken) -> Document | None:
    own = numbers_of(company)
    if own and status.seller and not own & {status.seller, status.seller[:9]}:
        taken.remarks.append(f"{status.number} is an invoice of another seller ({status.seller}): the message is left aside")
        return None
    found = list(Document.objects.filter(company=company, customer__isnull=False, number=status.number).order_by("pk"))
    if len(found) > 1:
        found = [one for one in found if one.date == status.dated_on]
        if len(found) != 1:
            raise Refused(f"several customers have a document {status.number}: which one is meant cannot be told")
    if not found:
        taken.remarks.append(f"{status.number} is not held: status {status.code} of {status.on} is left aside")
    return next(iter(found), None)


def _take(company: Company, document: Document, status: Status, taken: Taken) -> None:
    """Apply a status once; one that is older than what is known of the same kind is only kept."""
    before = _known(company, document)
    before += [fact.facts for fact in taken.facts if fact.what == EVENT and fact.document_id == document.pk]
    if any((one["code"], one["at"]) == (status.code, status.at) for one in before):
        taken.count("statuses", "same")
        return
    changed: list[Change] = []
    if status.code == _COLLECTED:
        changed = _pay(company, document, status, taken)
    elif any(one["at"] > status.at for one in before if _kind(one["code"]) == _kind(status.code)):
        taken.remarks.append(f"{document.number}: status {status.code} of {status.on} is older than what is known, and changes nothing")
    else:
        wanted = _wanted(company, document, status, before)
        changed = set_columns(document, wanted)[1] if wanted else []
    taken.count("statuses", "created")
    taken.tell(document.number, document.customer.code if document.customer else "", changed)
    facts = {"code": status.code, "at": status.at, "issuer": status.issuer, "reason": status.reason, "changed": changed}
    taken.facts.append(Fact(EVENT, None, document.billed_customer_id, document.pk, facts))


def _known(company: Company, document: Document) -> list[dict[str, Any]]:
    """The statuses of a document so far, oldest first; not those of files that were undone."""
    told = Event.objects.filter(document=document, what=EVENT).exclude(taken_back(company.pk)).order_by("number")
    return list(told.values_list("facts", flat=True))


def _kind(code: str) -> str:
    return "payee" if code in _PAYEE else "payment" if code == _COLLECTED else "cycle"


def _wanted(company: Company, document: Document, status: Status, before: list[dict[str, Any]]) -> dict[str, Any]:
    """The columns that a status sets."""
    code, comment = status.code, _comment(company, status)
    if code in _PAID_ELSEWHERE:
        hidden = code == "226"  # the factor stays unknown to the customer
        return {
            "paid_elsewhere": True,
            "payee_name": "" if hidden else status.payee_name or document.payee_name,
            "payee_iban": "" if hidden else status.payee_iban,
        }
    if code == _NOT_FACTORED:
        return {"paid_elsewhere": False, "payee_name": "", "payee_iban": ""}
    said: dict[str, Any] = {"einvoice_status": code}
    if code in HELD or code in STOPPED:
        return said | _blocked(HELD.get(code, "other"), comment, None)
    if code == _PAUSED:
        until = (status.paid_on or status.on) + timedelta(PAUSE_DAYS)
        return said | (_blocked("other", comment, until) if _is_longer(document, until) else {})
    if document.einvoice_status in _LIFTED_BY.get(code, ()) and document.block_comment == _last_comment(company, document, before):
        return said | _blocked("", "", None) | {"no_auto_dunning": False, "no_manual_dunning": False}
    return said


def _blocked(reason: str, comment: str, until: Any) -> dict[str, Any]:
    return {
        "no_auto_dunning": True,
        "no_manual_dunning": True,
        "no_auto_dunning_until": until,
        "no_manual_dunning_until": until,
        "block_reason": reason,
        "block_comment": comment,
    }


def _is_longer(document: Document, until: Any) -> bool:
    """Whether a pause goes beyond the blocks that are there: it never ends one that lasts longer."""
    blocks = ((document.no_auto_dunning, document.no_auto_dunning_until), (document.no_manual_dunning, document.no_manual_dunning_until))
    return all(not there or (last is not None and last < until) for there, last in blocks)


def _last_comment(company: Company, document: Document, before: list[dict[str, Any]]) -> str | None:
    """What the message that holds the document wrote; a person who has written something else since has taken it over."""
    for facts in sorted(before, key=lambda one: str(one["at"]), reverse=True):
        if facts["code"] == document.einvoice_status:
            return next((str(one["after"]) for one in facts["changed"] if one["what"] == "block_comment"), None)
    return None


def _comment(company: Company, status: Status) -> str:
    language = company.language if company.language in _SAID else "en"
    sentence, colon = _SAID[language]
    label = _LABELS[language].get(status.code) or status.label or status.code
    said = sentence.format(label, status.code, formats.day(status.on.isoformat(), language))
    return f"{said}{colon}{status.reason}" if status.reason else said


# -- payments


def _pay(company: Company, document: Document, status: Status, taken: Taken) -> list[Change]:
    """Book what was collected, or went back, and set it against the document."""
    reference = f"212 {document.number} {status.at.replace('-', '').replace(':', '')}"[:80]
    if not status.collected or not any(status.collected.values()):
        taken.remarks.append(f"{document.number}: collected, but the message does not say how much")
        return []
    if set(status.collected) != {document.currency}:
        raise Refused(f"{document.number} is in {document.currency}, what was collected in {', '.join(status.collected)}")
    if Payment.objects.filter(company=company, reference=reference).exists():
        taken.remarks.append(f"the payment {reference} is held already, and not booked again")
        return []
    amount = status.collected[document.currency]
    items = list(DueItem.objects.filter(document=document).order_by("due_date", "no"))
    parts = list(_parts(amount, items, _sign(document)))
    if not parts:
        what = "is settled already" if _comes_in(document, amount) else "has not been paid"
        taken.remarks.append(f"{document.number} {what}: the {money.show(amount, document.currency)} of {status.on} are not booked")
        return []
    _book(company, document, status, reference, parts, taken)
    taken.count("payments", "created")
    before = sum(item.open_amount for item in items)
    after = before - sum(part for _, part in parts)
    return [{"what": "open", "before": money.show(before, document.currency), "after": money.show(after, document.currency)}]


def _sign(document: Document) -> int:
    """A credit note is collected by an amount below zero."""
    return 1 if document.type == "invoice" else -1


def _comes_in(document: Document, amount: int) -> bool:
    """Whether an amount settles the document, or opens it again."""
    return amount * _sign(document) > 0


def _parts(amount: int, items: list[DueItem], sign: int) -> Iterable[tuple[int, int]]:
    """How an amount goes to due items: the oldest are paid first, the last that were paid are open again first."""
    left = amount * sign
    for item in items if left > 0 else reversed(items):
        part = min(left, max(sign * item.open_amount, 0)) if left > 0 else max(left, -max(sign * item.allocated_amount, 0))
        if part:
            yield item.pk, sign * part
        left -= part


def _book(company: Company, document: Document, status: Status, reference: str, parts: list[tuple[int, int]], taken: Taken) -> None:
    amount, posting = status.collected[document.currency], Posting(company.pk)
    allocated = sum(part for _, part in parts)
    if allocated != amount:
        shown = money.show(abs(amount - allocated), document.currency)
        where = "open" if _comes_in(document, amount) else "paid"
        taken.remarks.append(f"{document.number}: {shown} of what was collected fit nothing that is {where}")
    [payment] = bulk.reserve_ids(Payment, 1)
    kind = "payment" if _comes_in(document, amount) else "return"
    posting.add_payments(
        [PaymentRow(payment, reference, status.on, amount, document.currency, kind, document.billed_customer_id, source_key="")]
    )
    posting.replace_allocations([payment], [AllocationRow(payment, item, status.on, part) for item, part in parts])
    taken.facts += [*posting.settle(), *posting.follow_returned_debits()]
