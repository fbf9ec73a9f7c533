"""What is told of a run: what it did or would do, what it left out and why, and what the user did not expect?"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q

from relance.letters.archival import is_archival
from relance.letters.bundle import Written
from relance.letters.mailing.mail import subject_of
from relance.models.company import Company
from relance.models.notices import Notice, NoticeLine, Run
from relance.models.outgoing.ceiling import Ceiling
from relance.models.outgoing.frozen import Frozen, answer, read
from relance.models.outgoing.left_out import count_left_out, read_left_out
from relance.models.outgoing.letter_data import letter_data
from relance.models.tuples import among
from relance.steps import delivering, enclosing, proposing

Json = dict[str, Any]


@dataclass
class Report:
    """The answer of a run (contract, "Answers"); the two lists are read as they are asked for."""

    company: str
    as_of: date
    kind: str
    issued: bool
    run: int | None = None
    notices: Iterable[Json] = ()
    left_out: Iterable[Json] = ()
    left_out_counts: dict[str, int] = field(default_factory=dict)
    enclosures: Iterable[Json] = ()  # the invoices that go with the notices, and those of which there is no PDF
    problem: str | None = None  # why the run broke off
    failures: int = 0  # messages that could not be sent
    unsure: int = 0  # messages of which nobody knows: a person settles them
    unaddressed: Sequence[str] = ()  # customers whose letters say that their address is unknown
    remarks: tuple[str, ...] = ()  # what else the user is told

    def told(self, left_out: str) -> Iterator[tuple[str, Any]]:
        """The answer key by key; the items left out ``full``, each with its reason, as ``counts`` by reason, or ``none``."""
        yield "run", self.run
        yield "company", self.company
        yield "as_of", self.as_of.isoformat()
        yield "kind", self.kind
        yield "issued", self.issued
        yield "notices", iter(self.notices)
        if left_out == "full":
            yield "left_out", iter(self.left_out)
        elif left_out == "counts":
            yield "left_out", self.left_out_counts


def stored_report(run: Run, counts: dict[str, int] | None = None) -> Report:
    """What a run has issued and left out, as things stand now; ``counts`` of what it left out, where they are known."""
    return Report(
        run.company.code,
        run.as_of,
        run.kind,
        issued=True,
        run=run.pk,
        notices=stored(Q(run=run)),
        left_out=left_out_of(run, ()),
        left_out_counts=dict(count_left_out(run)) if counts is None else counts,
        enclosures=enclosing.stored(run),
        unaddressed=unaddressed(run),
    )


def broken_off(company: Company, as_of: date, delivery: delivering.Delivery) -> Report:
    """That the way to the mail server was lost before anything was decided."""
    notices = stored(Q(pk__in=among(delivery.notices)))
    return Report(company.code, as_of, "batch", issued=False, notices=notices, problem=delivery.problem, failures=delivery.failed)


def foretold(session: proposing.Session, chunks: Collection[list[proposing.Decided]]) -> Report:
    """What the automatic run would answer, and whether it stops before it sends that."""
    ceiling = Ceiling(session.company)
    for chunk in chunks:
        ceiling.add(notice for decided in chunk for notice in decided.notices)
    why = ceiling.why_above()
    return replace(told(session, chunks), remarks=(why,) if why else ())


def told(session: proposing.Session, chunks: Iterable[list[proposing.Decided]]) -> Report:
    """What issuing would answer, but for ids and statuses; nothing is stored."""
    notices: list[Frozen] = []
    left_out: list[Json] = []
    counts: dict[str, int] = {}
    for chunk in chunks:
        for decided in chunk:
            notices += decided.notices
            for one in decided.left_out:
                counts[one.reason] = counts.get(one.reason, 0) + 1
                left_out.append(left_out_item(one.document, one.due_date.isoformat(), one.reason))
    notices.sort(key=lambda notice: notice.position)
    answers = (answer(notice, subject(notice, session.settings)) for notice in notices)
    enclosures = enclosing.foresee(notices, session.settings)
    return Report(
        session.company.code,
        session.as_of,
        session.kind,
        issued=False,
        notices=answers,
        left_out=left_out,
        left_out_counts=counts,
        enclosures=enclosures,
        unaddressed=[one.recipient["code"] for one in notices if one.channel == "letter" and not one.recipient["address"]],
    )


def stored(which: Q) -> Iterator[Json]:
    """The answers of stored notices, in the order of each run's sort."""
    settings: dict[int, Json] = {}
    for notice in read(Notice.objects.filter(which)):
        assert notice.run_id is not None
        if notice.run_id not in settings:
            settings[notice.run_id] = Run.objects.values_list("settings", flat=True).get(pk=notice.run_id)
        yield answer(notice, subject(notice, settings[notice.run_id]))


def subject(notice: Frozen, settings: Json) -> str:
    """What a stored notice is headed, from what its run froze."""
    return subject_of(letter_data(notice, settings, notice.as_of or date.min))


def left_out_of(run: Run, taken_up: Collection[int]) -> Iterator[Json]:
    """What no notice of the answer claims: an item on a notice of an earlier run, sent by this one, is not left out."""
    lines = NoticeLine.objects.filter(notice__in=among(taken_up)).exclude(notice__run=run)
    claimed = set(lines.values_list("notice__customer__code", "document_number", "due_date"))
    for entry in read_left_out(run.pk):
        if (entry.customer, entry.document, date.fromisoformat(entry.due_date)) not in claimed:
            yield left_out_item(entry.document, entry.due_date, entry.reason)


def left_out_item(document: str, due_date: str, reason: str) -> Json:
    """One item left out, with its reason."""
    return {"document": document, "due_date": due_date, "reason": str(reason)}


def unaddressed(run: Run) -> list[str]:
    """The customers to whom letters of a run cannot be posted."""
    letters = Notice.objects.filter(run=run, channel="letter", recipient__address=[]).exclude(status__in=("withdrawn", "failed"))
    return list(letters.order_by("position", "id").values_list("customer__code", flat=True))


def remarks_on(written: Written, form: str) -> tuple[str, ...]:
    """What the user did not expect: letters in another format than the one asked for, and where those are."""
    remarks = []
    if others := sorted(written.forms - {form}):
        remarks.append(
            f"some letters are in {', '.join(others).upper()}: one that was issued before stays as it was, and one that needs LibreOffice "
            "is an ODT where that is not installed"
        )
    if written.beside:
        remarks.append(f"letters that cannot be put into one file are in {written.beside}")
    return tuple(remarks)


def said_of(written: Written, out: Path) -> tuple[str, ...]:
    """Where the files are that do not go into the one asked for; and that a PDF is not PDF/A, where something that went along is none."""
    if written.beside:
        return (f"what cannot be put into one file is in {written.beside}",)
    if out.suffix.lower() == ".pdf" and not is_archival(out):
        return (f"{out.name} is not PDF/A: an invoice in it is not",)
    return ()
