"""Chosen due items -> e-mails of the arrears follow-up: to contacts, to the managers of invoices, to colleagues (register K28 to K31).

They change no level and no date. Each is kept as it was written, and handed over once: asked for again under the same key, it is the same
mail. What the server's answer leaves open is ``unsure``; nothing hangs on it, and whoever asked may write again.
"""

import hashlib
import secrets
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings as configuration
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from relance.channels import Channel as Way
from relance.channels import Outcome, Unreachable, open_channel, way_out
from relance.core.facts import Channel, DueItem, Mode, Page
from relance.core.grouping import Claim, Notice, deduct_credits
from relance.core.proposal import LeftOut, credits_of
from relance.core.reasons import Reason
from relance.core.recipients import Addresses, distinct
from relance.core.selection import Terms, held_back, never_dunned
from relance.letters.letter import LetterProblem, render_letter
from relance.letters.mailing.attachment import with_pdf
from relance.letters.mailing.follow_up import follow_up_text, notes
from relance.letters.mailing.mail import compose_email, subject_of
from relance.letters.mailing.signing import signer
from relance.letters.placeholders import Data
from relance.letters.statement import statement_name, statement_text
from relance.models.book import load_book
from relance.models.changing import shown
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.ledger import DueItem as StoredItem
from relance.models.lists.arrears import address_of, shown_contacts
from relance.models.mails import Mail, told
from relance.models.messaging import mail_account, messaging_of, signing_key
from relance.models.outgoing import claims
from relance.models.outgoing.freezing import Freezer
from relance.models.outgoing.frozen import shown_level
from relance.models.outgoing.letter_data import letter_data
from relance.models.parties import Contact, Customer
from relance.models.rules import frozen_settings, read_terms
from relance.steps import Refused

_ENDS = {"accepted": "sent", "unknown": "unsure", "refused": "failed", "postponed": "failed", "broken": "failed"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants written about one customer. ``key`` names the request: the same one is not written twice."""

    kind: str  # of MAIL_KINDS
    on: date
    due_items: Collection[int] = ()  # identifiers; none: all that is overdue
    contacts: Collection[str] = ()  # names, for the kind contacts; none: all that are shown
    colleagues: Addresses = ()  # for the kind colleagues
    cc: Addresses = ()
    sender: str = ""  # empty: the company's own address
    message: str = ""
    statement: bool = False  # the statement of account is put beside each mail
    key: str = ""


class Written(NamedTuple):
    """The mails, as commands answer them, and the chosen due items that are on none, each with its reason."""

    mails: list[dict[str, Any]]
    left_out: list[LeftOut]


class _Letter(NamedTuple):
    """One mail to be written: to whom, of what."""

    to: Addresses
    items: list[DueItem]


class _Cut(Exception):
    """The mail is no longer this process's to send."""


def statement(company: Company, customer: Customer, on: date) -> bytes:
    """The statement of account of a customer on a day, as PDF: all that is open, due or not, less its credits. Raises Refused."""
    return _statement(company, *_page(company, customer, on))[1]


def write(company: Company, customer: Customer, asked: Asked, *, by: str) -> Written:
    """Write, keep and send the mails of a request. Raises Refused where there is nobody to write to, or nothing to write of."""
    page, terms = _page(company, customer, asked.on)
    items, left_out = _chosen(page, terms, asked)
    letters, unaddressed = _letters(customer, items, asked)
    left_out += unaddressed
    if not letters:
        why = ", ".join(f"{one.document}: {one.reason}" for one in left_out)
        raise Refused(f"there is nothing to write to {customer.code} about" + (f" ({why})" if why else ": nothing chosen is open"))
    beside = _statement(company, page, terms) if asked.statement else None
    mails = _keep(company, customer, asked, [(letter, _data(company, page, terms, letter, asked)) for letter in letters], beside, by)
    _send(company, mails, by)
    return Written([told(mail) for mail in Mail.objects.filter(pk__in=[mail.pk for mail in mails]).order_by("number")], left_out)


# -- who, and of what


def _page(company: Company, customer: Customer, on: date) -> tuple[Page, Terms]:
    terms = read_terms(company, on, Mode.MANUAL)
    page = next(load_book(company, on, customers=[customer.pk]), None)
    if page is None:
        raise Refused(f"{customer.code} owes nothing on {on}")
    return page, Terms(on, Mode.MANUAL, terms.options, terms.policy, terms.policies, undue_too=True)


def _chosen(page: Page, terms: Terms, asked: Asked) -> tuple[list[DueItem], list[LeftOut]]:
    """The due items to write of. Customers are not asked for what must not be dunned; inside the company everything is spoken of."""
    items, left_out = [], []
    for item in _ordered(page.items):
        if (item.id not in asked.due_items) if asked.due_items else (item.due_date >= asked.on or item.type != "invoice"):
            continue
        reason = _withheld(item, page, terms) if asked.kind == "contacts" else None
        if reason is None:
            items.append(item)
        else:
            left_out.append(LeftOut(item.document, item.due_date, reason, item))
    return items, left_out


def _withheld(item: DueItem, page: Page, terms: Terms) -> Reason | None:
    return never_dunned(item, page.customer, terms.as_of) or held_back(item, page.customer, terms, frozenset())


def _letters(customer: Customer, items: list[DueItem], asked: Asked) -> tuple[list[_Letter], list[LeftOut]]:
    if not items:
        return [], []
    if asked.kind == "contacts":
        return [_Letter(_contacts(customer, asked), items)], []
    if asked.kind == "colleagues":
        if not asked.colleagues:
            raise Refused("say which colleagues are written to")
        return [_Letter(asked.colleagues, items)], []
    return _to_managers(items)


def _contacts(customer: Customer, asked: Asked) -> Addresses:
    """The addresses of the contacts chosen among those that the follow-up shows (register K25 to K28)."""
    known = {contact.name: contact for contact in shown_contacts(customer, asked.on)}
    for name in asked.contacts:
        if name not in known:
            raise Refused(f'"{name}" is not a contact that the follow-up of {customer.code} shows')
        if not address_of(known[name]):
            raise Refused(f"{name} has no e-mail address")
    chosen: list[Contact] = [known[name] for name in asked.contacts] or list(known.values())
    found = distinct(address_of(contact) for contact in chosen)
    if not found:
        raise Refused(f"no contact that the follow-up of {customer.code} shows has an e-mail address")
    return found


def _to_managers(items: list[DueItem]) -> tuple[list[_Letter], list[LeftOut]]:
    """One mail to each manager, of the invoices that he answers for; whose manager is nobody, or has no address, is left out."""
    stored = StoredItem.objects.filter(pk__in=[item.id for item in items])
    addresses = dict(stored.values_list("pk", "document__manager__email"))
    letters: dict[str, list[DueItem]] = {}
    for item in items:
        if addresses.get(item.id):
            letters.setdefault(addresses[item.id], []).append(item)
    nobody = [LeftOut(item.document, item.due_date, Reason.NO_RECIPIENT, item) for item in items if not addresses.get(item.id)]
    return [_Letter((address,), mine) for address, mine in sorted(letters.items())], nobody


# -- what it says


def _data(company: Company, page: Page, terms: Terms, letter: _Letter, asked: Asked) -> Data:
    """The data of a mail, with texts of its own; inside the company, with what is known of each line."""
    inside = asked.kind != "contacts"
    data = _account(company, page, terms, letter, asked.cc, with_credits=terms.options.include_credits and not inside)
    language = company.language if inside else data["language"]
    data |= {"language": language, "texts": follow_up_text(asked.kind, language, asked.message)}
    if inside:
        data |= {"company": data["company"] | {"iban": ""}, "payees": []}  # nobody inside is asked to pay
        known = _known([item.id for item in letter.items], language)
        data["lines"] = [one | {"notes": known[item.id]} for one, item in zip(data["lines"], letter.items, strict=True)]
    return data


def _account(company: Company, page: Page, terms: Terms, letter: _Letter, cc: Addresses, *, with_credits: bool) -> Data:
    """Due items as a notice that raises nothing tells them."""
    settings = frozen_settings(company)
    lines = tuple(Claim(item, item.level, Channel.EMAIL) for item in letter.items)
    notice = Notice(page.customer, 0, Channel.EMAIL, letter.to, cc, lines)
    if with_credits:
        [notice] = deduct_credits([notice], credits_of(page))
    frozen = Freezer(company, terms.as_of, terms, settings, customers=[page.customer.id]).freeze(notice, page, 0)
    return letter_data(frozen, settings, terms.as_of) | {"not_due": []}


def _statement(company: Company, page: Page, terms: Terms) -> tuple[str, bytes]:
    """The statement of account of a page, a name for its file and the PDF: all that is open, due or not. Raises Refused."""
    items = _ordered(item for item in page.items if item.type == "invoice")
    if not items:
        raise Refused(f"{page.customer.code} has no open invoice on {terms.as_of}")
    data = _account(company, page, terms, _Letter((), items), (), with_credits=True)
    overdue: dict[str, int] = {}
    for item in items:
        overdue[item.currency] = overdue.get(item.currency, 0) + (item.open if item.due_date < terms.as_of else 0)
    texts = statement_text(data["language"], overdue, credits=bool(data["credits"]))
    data |= {"kind": "letter", "is_statement": True, "texts": texts}
    try:
        return statement_name(data["language"], page.customer.code, terms.as_of.isoformat()), render_letter(data)
    except LetterProblem as problem:
        raise Refused(str(problem)) from problem


def _ordered(items: Iterable[DueItem]) -> list[DueItem]:
    return sorted(items, key=lambda one: (one.due_date, one.document, one.no))


def _known(due_items: list[int], language: str) -> dict[int, list[str]]:
    """By due item, what the company knows of it."""
    items = StoredItem.objects.filter(pk__in=due_items).select_related("status", "document__manager")
    return {
        item.pk: notes(
            {
                "level": str(shown_level(item.level)),
                "dunned": shown(item.last_dunned_on),
                "status": item.status.label or item.status.code if item.status else None,
                "promised": shown(item.promised_on),
                "expected": shown(item.expected_on),
                "comment": item.comment,
                "manager": item.document.manager.name or item.document.manager.code if item.document.manager else None,
            },
            language,
        )
        for item in items
    }


# -- kept, and sent once


def _keep(
    company: Company, customer: Customer, asked: Asked, letters: list[tuple[_Letter, Data]], beside: tuple[str, bytes] | None, by: str
) -> list[Mail]:
    """The mails as rows; those that the same request has written before are found again."""
    key, mails = asked.key or secrets.token_hex(16), []
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        last = Mail.objects.filter(company=company).aggregate(last=Max("number"))["last"] or 0
        for letter, data in letters:
            name = hashlib.sha256("\n".join((key, asked.kind, customer.code, *letter.to)).encode()).hexdigest()
            mail = Mail.objects.filter(company=company, key=name).first()
            if mail is None:
                last += 1
                mail = _row(company, customer, asked, letter, data, beside, key=name, number=last, by=by)
            mails.append(mail)
    return mails


def _row(
    company: Company,
    customer: Customer,
    asked: Asked,
    letter: _Letter,
    data: Data,
    beside: tuple[str, bytes] | None,
    *,
    key: str,
    number: int,
    by: str,
) -> Mail:
    sender, at = asked.sender or company.sender_email, timezone.now()
    domain = sender.rpartition("@")[2] or "relance.invalid"
    message_id = f"<relance.mail.{number}.{key[:16]}@{domain}>"
    said = messaging_of(company)
    message = compose_email(
        data,
        message_id=message_id,
        sent_at=at,
        sender=sender,
        to=letter.to,
        cc=asked.cc,
        sender_name=said["sender_name"],
        reply_to=said["reply_to"] if not asked.sender else "",
    )
    if beside:
        message = with_pdf(message, *beside)
    message = _signed(company, message, at)
    return Mail.objects.create(
        company=company,
        number=number,
        key=key,
        kind=asked.kind,
        customer=customer,
        documents="\n".join(dict.fromkeys(item.document for item in letter.items)),
        sender=sender,
        to="\n".join(letter.to),
        cc="\n".join(asked.cc),
        subject=subject_of(data),
        by=by,
        at=at,
        sha256=hashlib.sha256(message).hexdigest(),
        compressed=zlib.compress(message, 6),
    )


def _signed(company: Company, message: bytes, at: datetime) -> bytes:
    """The message signed by the company's key, where it has one. Raises Refused where the key cannot be used."""
    try:
        found = signing_key(company)
        return signer(*found).sign(message, int(at.timestamp())) if found else message
    except ValueError as error:
        raise Refused(f"messages cannot be signed (DKIM): {error}") from None


def _send(company: Company, mails: list[Mail], by: str) -> None:
    """Hand over what nobody has handed over yet. A mail that was not accepted has failed: whoever asked sees it and writes again."""
    holder = claims.worker()
    mine = list(_taken_up(company, mails, holder, by))
    try:
        if mine:
            with mail_account(company) as account, open_channel(way_out(configuration.RELANCE_EMAIL_URL, account)) as channel:
                while mine:
                    _hand_over(mine[0], channel, holder, by)
                    del mine[0]
    except Unreachable as error:
        for mail in mine:
            _end(mail, Outcome("broken", str(error)), by)
    finally:
        claims.release(holder)


def _taken_up(company: Company, mails: list[Mail], holder: str, by: str) -> Iterator[Mail]:
    """Mails that nobody else is sending; one that a dead process may have sent is unsure."""
    for mail in mails:
        if mail.status not in ("queued", "sending") or (mail.claimed_by and not claims.is_gone(mail.claimed_by, mail.claimed_at)):
            continue
        if mail.status == "sending":
            _end(mail, Outcome("unknown", "the process was stopped while the message was being handed over"), by)
            continue
        free = Mail.objects.filter(pk=mail.pk, company=company, status="queued", claimed_by=mail.claimed_by)
        if free.update(claimed_by=holder, claimed_at=timezone.now()):
            yield mail


def _hand_over(mail: Mail, channel: Way, holder: str, by: str) -> None:
    def mark() -> None:
        if not Mail.objects.filter(pk=mail.pk, status="queued", claimed_by=holder).update(status="sending"):
            raise _Cut

    recipients = distinct((*mail.to.split("\n"), *mail.cc.split("\n")))
    try:
        outcome = channel.send(mail.sender, recipients, zlib.decompress(mail.compressed), mark)
    except _Cut:
        return
    _end(mail, outcome, by)


def _end(mail: Mail, outcome: Outcome, by: str) -> None:
    """One transaction: what became of the mail, and the history."""
    status = _ENDS[outcome.kind]
    refused = "; ".join(f"{recipient}: {why}" for recipient, why in outcome.refused.items())
    said = " – ".join(part for part in (outcome.text, refused) if part)
    with transaction.atomic():
        if not Mail.objects.filter(pk=mail.pk, status__in=("queued", "sending")).update(status=status, outcome=said, claimed_by=""):
            return
        facts = {"mail": mail.number, "kind": mail.kind, "to": mail.to.split("\n"), "cc": mail.cc.split("\n") if mail.cc else []}
        facts |= {"subject": mail.subject, "documents": mail.documents.split("\n"), "sha256": mail.sha256, "outcome": said}
        record(mail.company_id, by, [Fact(f"mail_{status}", customer_id=mail.customer_id, facts=facts)])
