"""Which queued notices are no longer true? Their customers are read again, in the moment before they leave (rules, section 7)."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby

from relance.core.facts import Channel, Mode, Page
from relance.core.grouping import Claim, Credit, Notice
from relance.core.holding import Said, credits_changed, what_changed
from relance.core.selection import Terms
from relance.models import notices as kept
from relance.models.book import credits_later, load_book
from relance.models.company import Company
from relance.models.outgoing.freezing import Freezer
from relance.models.outgoing.frozen import Frozen
from relance.models.rules import read_terms
from relance.models.tuples import among

_MODES = {"batch": Mode.AUTOMATIC, "edition": Mode.EDITION, "manual": Mode.MANUAL}


def no_longer_holds(company: Company, notices: Iterable[Frozen]) -> dict[int, str]:
    """By notice: what has changed since it was frozen, in words; those that still hold are not there."""
    changes: dict[int, str] = {}
    for run_id, group in groupby(
        sorted(notices, key=lambda notice: (notice.run_id or 0, notice.id or 0)), key=lambda notice: notice.run_id
    ):
        changes |= _of_run(company, kept.Run.objects.get(pk=run_id), list(group))
    return changes


def _of_run(company: Company, run: kept.Run, notices: list[Frozen]) -> dict[int, str]:
    terms = terms_of(run, company)
    customers = {notice.customer_id for notice in notices}
    pages = {
        page.customer.id: page for page in load_book(company, run.as_of, customers=customers, disregard=[n.id for n in notices if n.id])
    }
    later = credits_later(company, run.as_of, customers)
    deducted = _deducted(run, customers)
    freezer = Freezer(company, run.as_of, terms, run.settings, customers=customers)
    changes = {}
    for notice in notices:
        page = pages.get(notice.customer_id)
        change = _change(notice, page, terms, freezer)
        if change is None and terms.options.include_credits and credits_changed(deducted.get(notice.customer_id, []), notice.totals, page):
            change = "the credits to deduct have changed"
        if change is None and later.get(notice.customer_id, 0) != notice.credits_later:
            change = "a payment has come in since"
        if change is not None and notice.id is not None:
            changes[notice.id] = change
    return changes


def terms_of(run: kept.Run, company: Company) -> Terms:
    """The terms by which a stored run decided, with the company's options of today."""
    mode = _MODES[run.kind]
    terms = read_terms(company, run.as_of, mode, tuple(run.parameters.get("cc", ())))
    asked = run.parameters.get("include_credits")
    options = terms.options if asked is None else terms.options._replace(include_credits=asked)
    undue_too = run.parameters.get("undue_too", mode is Mode.EDITION)
    return Terms(terms.as_of, mode, options, terms.policy, terms.policies, terms.cc, undue_too=undue_too)


def _change(notice: Frozen, page: Page | None, terms: Terms, freezer: Freezer) -> str | None:
    said = [
        Said(line.due_item_id, line.document_number, line.open_amount, line.ledger_open, line.level_before, line.level_after)
        for line in notice.lines
    ]
    channel = Channel(notice.channel)
    change = what_changed(said, channel, notice.to, notice.cc, page, terms)
    if change is None and page is not None and channel is Channel.LETTER:
        first = next(item for item in page.items if item.id == notice.lines[0].due_item_id)
        letter = Notice(page.customer, notice.level, channel, (), (), (Claim(first, notice.level, channel),))
        written_to = {name: said for name, said in notice.recipient.items() if name != "payees"}
        change = None if freezer.recipient(letter, page) == written_to else "the address has changed"
    if change is None:
        payees = freezer.payees((line.due_item_id, line.document_number) for line in notice.lines)
        change = None if payees == notice.recipient.get("payees", []) else "whom to pay has changed"
    return change


def _deducted(run: kept.Run, customers: Collection[int]) -> dict[int, list[Credit]]:
    """By customer: the credits that all its notices of the run deduct together, whatever became of those notices."""
    found: dict[int, list[Credit]] = {}
    for customer_id, credits in kept.Notice.objects.filter(run=run, customer__in=among(customers)).values_list("customer_id", "credits"):
        found.setdefault(customer_id, []).extend(_credit(**credit) for credit in credits)
    return found


def _credit(*, document: str, date: str, due_date: str, open: int, currency: str) -> Credit:  # noqa: A002 - the name in the stored notice
    return Credit(document, _day(date), _day(due_date), open, currency)


def _day(text: str) -> date:
    return date.fromisoformat(text)
