"""Receivables -> run: what is decided page after page is frozen into notices, and the reasons of the rest are kept.

One transaction: a run is stored whole or not at all. Its notices are queued and claim their due items, so nobody else proposes them.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from relance.core.edition import EditionRequest, Sort, edition_terms, propose_letters
from relance.core.facts import NA, Customer, LevelRow, Mode, Page
from relance.core.names import collation_key
from relance.core.proposal import LeftOut, Proposal, propose
from relance.core.review import LevelNotSetUp, ReviewRequest, propose_reviewed, review_terms
from relance.core.selection import Terms
from relance.models import bulk, parties, tuples
from relance.models.backlog import backlog, go_on, read_before
from relance.models.batches import Launch
from relance.models.blocks import temporarily_blocked
from relance.models.book import load_book
from relance.models.company import Company
from relance.models.notices import Notice, Run
from relance.models.outgoing.ceiling import Ceiling
from relance.models.outgoing.freezing import Freezer, charge
from relance.models.outgoing.frozen import Frozen, seal_of, store
from relance.models.outgoing.left_out import Keeper
from relance.models.outgoing.threads import threaded
from relance.models.rules import frozen_settings, read_terms
from relance.models.templates import TemplateChoice
from relance.steps import Changed, Refused

CHUNK = 10_000  # due items decided between two writes
Progress = Callable[[int, int], None]


class Decided(NamedTuple):
    """What is decided about one billed customer; its page is let go of, so that the next one takes its place in memory."""

    customer: Customer
    items: int  # due items decided
    left_out: list[LeftOut]
    notices: list[Frozen]


class Post(NamedTuple):
    """How an automatic run writes: who gets copies, openly or not, and who is written from and answered to, else the company."""

    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    sender: str = ""
    reply_to: str = ""


class Session:
    """What one run decides by: the company as it is set up now, and the request. ``request`` is None for the automatic run.

    ``customers`` are those that the request can concern (identifiers); None: all of them. ``launch`` is that of the batch it is part of.
    """

    def __init__(
        self,
        company: Company,
        as_of: date,
        *,
        post: Post = Post(),  # noqa: B008 - immutable
        launch: Launch | None = None,
        request: EditionRequest | ReviewRequest | None = None,
        customers: Collection[int] | None = None,
    ) -> None:
        self.company, self.as_of, self.post, self.request, self.customers = company, as_of, post, request, customers
        self.launch = launch
        terms = read_terms(company, as_of, Mode.AUTOMATIC, post.cc)
        _refuse_unless_set_up(company, terms.policy.rows, request)
        self.terms = _terms_of(request, terms)
        self.templates = TemplateChoice(company, request.template if request else "")
        self.settings = frozen_settings(company)
        if sender := request.sender if isinstance(request, ReviewRequest) else post.sender:
            self.settings["company"]["sender_email"] = sender

    @property
    def kind(self) -> str:
        """The run's kind, as it is stored."""
        return "manual" if isinstance(self.request, ReviewRequest) else "edition" if self.request else "batch"

    def book(self) -> Iterator[Page]:
        """The pages of all customers that the run decides about."""
        return load_book(self.company, self.as_of, customers=self.customers)

    def decide(self, page: Page) -> Proposal:
        """What the run does with one billed customer. Raises Refused for a level that a person may not choose."""
        match self.request:
            case EditionRequest():
                return propose_letters(page, self.request, self.terms)
            case ReviewRequest():
                try:
                    return propose_reviewed(page, self.request, self.terms)
                except LevelNotSetUp as error:
                    raise Refused(str(error)) from error
        return propose(page, self.terms)

    def parameters(self) -> dict[str, Any]:
        """The request as JSON: the same words as on the command line."""
        match self.request:
            case EditionRequest():
                return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self.request).items()}
            case ReviewRequest() as asked:
                said = {"channel": asked.channel, "from": asked.sender, "cc": list(asked.cc), "undue_too": asked.undue_too}
                return said | {"template": asked.template}
        others = {"bcc": list(self.post.bcc), "from": self.post.sender, "reply_to": self.post.reply_to}
        return {"cc": list(self.post.cc)} | {name: said for name, said in others.items() if said}


def proposals(session: Session, book: Iterable[Page] | None = None) -> Iterator[list[Decided]]:
    """What is decided about every billed customer, some hundreds at a time; nothing is stored. ``book``: where it has been read already."""
    freezer = Freezer(session.company, session.as_of, session.terms, session.settings, session.templates, session.customers)
    sort = session.request.sort if isinstance(session.request, EditionRequest) else Sort.NAME
    order = ranks(session.company, sort, session.customers)
    pages = iter(session.book() if book is None else book)
    with tuples.many_tuples():
        some = read_before(_some(pages))
        while True:
            chunk = []
            for page in some:
                proposed, left_out = session.decide(page)
                notices = freezer.freeze_all(proposed, page, order[page.customer.id])
                chunk.append(Decided(page.customer, len(page.items), left_out, notices))
                go_on()
            if not chunk:
                return
            charge([decided.notices for decided in chunk], session.company, session.as_of, session.settings)
            some = read_before(_some(pages))  # what is stored of this chunk is taken in while the next is decided
            yield chunk


def _some(pages: Iterator[Page]) -> Iterator[Page]:
    """The next pages, with some thousands of due items together."""
    size = 0
    for page in pages:
        yield page
        size += len(page.items)
        if size >= CHUNK:
            return


def store_run(
    session: Session, by: str, progress: Progress | None = None, *, seen: str = "", confirmed: bool = False
) -> tuple[Run, dict[str, int]]:
    """Decide and store a run with its queued notices; return it and how many items were left out for each reason.

    The company's row is locked meanwhile: imports and runs of one company follow one another. ``seen`` is the seal of the notices that a
    person has looked at. Raises Refused where they are others by now, and above the company's ceiling unless a person has looked or
    ``confirmed`` it.
    """
    with transaction.atomic(), tuples.many_tuples(), backlog(parents_too=False):
        company = Company.objects.select_for_update().get(pk=session.company.pk)
        ceiling = Ceiling(company)
        run = _open_run(company, session, by)
        if run.kind == "batch":
            skipped = ((run.pk, document) for document in temporarily_blocked(company))
            bulk.insert(Run.skipped.through, ("run_id", "document_id"), skipped)
        keeper = Keeper(company.pk, run.pk)
        number, done, seal = company.last_notice_number, 0, ""
        for chunk in proposals(session):
            notices = [notice for decided in chunk for notice in decided.notices]
            ceiling.add(notices)
            if seen:
                seal = seal_of(notices, seal)
            store(company.pk, threaded(company.pk, _numbered(notices, run, number)))
            number += len(notices)
            for decided in chunk:
                keeper.keep(decided.customer.id, decided.customer.code, decided.left_out)
                done += decided.items
            if progress:
                progress(done, 0)
        keeper.close()
        if seen != seal:
            raise Changed("what you looked at has changed since: look at it again before it is issued")
        if run.kind == "batch" and not seen and not confirmed and (why := ceiling.why_above()):
            raise Refused(why)
        Company.objects.filter(pk=company.pk).update(last_run_number=run.number, last_notice_number=number)
    return run, keeper.counts


def ranks(company: Company, sort: Sort, only: Collection[int] | None = None) -> dict[int, int]:
    """The place of every customer, or of some, in the order of a run, as the language collates; ties by code (rules, section 8)."""
    named = parties.Customer.objects.filter(company=company)
    if only is not None:
        named = named.filter(pk__in=tuples.among(only))
    customers = list(tuples.stream(named.annotate(by=_SORT_COLUMNS[sort]).values_list("id", "code", "by")))
    if sort is not Sort.NAME:  # names are kept with their key
        customers = [(pk, code, collation_key(by or "")) for pk, code, by in customers]
    customers.sort(key=itemgetter(2, 1))
    return {row[0]: place for place, row in enumerate(customers)}


_FIRST_SITE = parties.Site.objects.filter(customer=OuterRef("pk")).order_by("position", "id")
_SORT_COLUMNS = {
    Sort.NAME: F("sort_name"),
    Sort.POSTCODE: Subquery(_FIRST_SITE.values("postcode")[:1]),
    Sort.CODE: F("code"),
    Sort.SALES_REP: F("sales_rep__code"),
}


def _terms_of(request: EditionRequest | ReviewRequest | None, terms: Terms) -> Terms:
    match request:
        case EditionRequest():
            return edition_terms(request, terms)
        case ReviewRequest():
            return review_terms(request, terms)
    return terms


def _refuse_unless_set_up(company: Company, rows: tuple[LevelRow, ...], request: EditionRequest | ReviewRequest | None) -> None:
    """Levels must be set up before any dunning (register K2)."""
    levels = [row.level for row in rows if row.level != NA]
    if not levels:
        raise Refused(f"{company.code} has no levels set up: nobody can be dunned before there is a policy")
    if isinstance(request, EditionRequest) and request.level not in levels:
        raise Refused(f"level {request.level} is not set up in {company.code}; its policy has {', '.join(map(str, levels))}")


def _open_run(company: Company, session: Session, by: str) -> Run:
    return Run.objects.create(
        company=company,
        number=company.last_run_number + 1,
        kind=session.kind,
        as_of=session.as_of,
        parameters=session.parameters(),
        settings=session.settings,
        by=by,
        started_at=timezone.now(),
        launch=session.launch,
    )


def _numbered(notices: list[Frozen], run: Run, last: int) -> list[Frozen]:
    """Notices with their identifier, number and Message-ID, queued or drafted: from here on they claim their due items."""
    domain, token = _domain(run.settings), secrets.token_hex(8)
    ids = bulk.reserve_ids(Notice, len(notices))
    marks = zip(ids, range(last + 1, last + 1 + len(notices)), notices, strict=True)
    return [
        notice._replace(
            id=pk,
            run_id=run.pk,
            number=number,
            status="drafted" if notice.channel == "draft" else "queued",
            message_id=f"<relance.{number}.{token}@{domain}>",
        )
        for pk, number, notice in marks
    ]


def _domain(settings: dict[str, Any]) -> str:
    """The part of a Message-ID that names the sender's domain."""
    return settings["company"]["sender_email"].rpartition("@")[2] or "relance.invalid"
