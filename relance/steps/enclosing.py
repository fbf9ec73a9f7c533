"""Queued notice -> the invoices that go with it: chosen, made where the company allows it, and kept with the notice.

Chosen when the run is stored, and once more when waiting letters are printed: a PDF that has come in meanwhile goes along.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import transaction

from relance.core.enclosing import Enclosure, File, Invoice, Kind, State, enclose
from relance.letters.extract import render_extract
from relance.letters.mailing.enclosed_mail import name_of
from relance.models import files
from relance.models.notices import Notice, Run
from relance.models.outgoing import enclosing as kept
from relance.models.outgoing.frozen import Frozen, read
from relance.models.tuples import among

Json = dict[str, Any]
CHUNK = 500  # notices at a time
_MEGABYTE = 1_000_000
_UNMADE = File(0, 0)  # an extract that is made when the notice is issued


def enclose_invoices(run: Run) -> None:
    """Choose what goes with the notices of a run that nobody has taken up yet."""
    if not kept.ever_asked(run.settings):
        return
    waiting = Notice.objects.filter(run=run, status__in=("queued", "drafted"), claimed_by="").order_by("pk")
    ids = iter(list(waiting.values_list("pk", flat=True)))
    while chunk := list(islice(ids, CHUNK)):
        with transaction.atomic():
            free = Notice.objects.select_for_update().filter(pk__in=among(chunk), status__in=("queued", "drafted"), claimed_by="")
            notices = list(read(set(free.values_list("pk", flat=True))))
            invoices = kept.invoices_of(notices)
            _make_extracts(run, notices, invoices)
            pairs = zip(notices, _chosen(notices, invoices, run.settings), strict=True)
            kept.replace(run.company_id, ((notice.id, _named(chosen, notice.language)) for notice, chosen in pairs if notice.id))


def foresee(notices: Iterable[Frozen], settings: Json) -> Iterator[Json]:
    """What would go with notices that are not stored, invoice by invoice."""
    waiting = (notice for notice in notices if kept.asked(notice, settings))
    while chunk := list(islice(waiting, CHUNK)):
        invoices = kept.invoices_of(chunk)
        for every in invoices:
            for invoice in every:
                invoice.files[Kind.EXTRACT] = _UNMADE
        for notice, chosen in zip(chunk, _chosen(chunk, invoices, settings), strict=True):
            yield from (_foreseen(notice, one) for one in chosen)


def foresee_numbers(notices: Iterable[Frozen], settings: Json) -> Iterator[tuple[Frozen, list[str]]]:
    """Notices that are not stored, each with the numbers of the invoices that would go with it."""
    waiting = iter(notices)
    while chunk := list(islice(waiting, CHUNK)):
        invoices = kept.invoices_of(chunk) if kept.ever_asked(settings) else [[] for _ in chunk]
        for invoice in (one for every in invoices for one in every):
            invoice.files[Kind.EXTRACT] = _UNMADE
        for notice, chosen in zip(chunk, _chosen(chunk, invoices, settings), strict=True):
            yield notice, [one.invoice.number for one in chosen if one.state is State.ENCLOSED]


def stored(run: Run) -> Iterator[Json]:
    """What goes, or went, with the notices of a run, invoice by invoice."""
    notices = Notice.objects.filter(run=run, enclosures__isnull=False).distinct().order_by("position", "pk")
    ids = iter(list(notices.values_list("pk", flat=True)))
    while chunk := list(islice(ids, CHUNK)):
        told = kept.told(chunk)
        for notice in read(chunk):
            assert notice.id is not None
            yield from (_about(notice) | entry for entry in told.get(notice.id, []))


def _chosen(notices: Sequence[Frozen], invoices: Sequence[list[Invoice]], settings: Json) -> list[list[Enclosure]]:
    said = kept.terms(settings)
    rooms = (None if notice.channel == "letter" else said["limit_mb"] * _MEGABYTE for notice in notices)
    return [
        enclose(every, originals_only=said["originals_only"], room=room) if kept.asked(notice, settings) else []
        for notice, every, room in zip(notices, invoices, rooms, strict=True)
    ]


def _make_extracts(run: Run, notices: Sequence[Frozen], invoices: Sequence[list[Invoice]]) -> None:
    """Make and keep a duplicate of every invoice that has no PDF at all, unless the company takes originals only."""
    if kept.terms(run.settings)["originals_only"]:
        return
    languages = {
        invoice.document_id: notice.language
        for notice, every in zip(notices, invoices, strict=True)
        if kept.asked(notice, run.settings)
        for invoice in every
        if not invoice.files
    }
    made = {
        document: files.keep(run.company_id, render_extract(said, run.settings["company"], languages[document]))
        for document, said in kept.books_say(list(languages))
    }
    for invoice in (invoice for every in invoices for invoice in every if invoice.document_id in made):
        file = made[invoice.document_id]
        invoice.files[Kind.EXTRACT] = File(file.pk, file.size)


def _named(chosen: list[Enclosure], language: str) -> list[tuple[Enclosure, str]]:
    """Each with the name that the recipient sees: two of the same number are told apart."""
    named, taken = [], set()
    for one in chosen:
        name = name_of(one.invoice.number, language, duplicate=one.kind is not Kind.ORIGINAL) if one.kind else ""
        while name in taken:
            name = f"{name.removesuffix('.pdf')}-2.pdf"
        taken.add(name or None)
        named.append((one, name))
    return named


def _foreseen(notice: Frozen, one: Enclosure) -> Json:
    size = one.file.size if one.file else None
    entry = {"document": one.invoice.number, "state": one.state, "kind": one.kind, "filename": "", "sha256": None, "size": size or None}
    return _about(notice) | entry


def _about(notice: Frozen) -> Json:
    return {"notice": notice.id, "customer": notice.recipient["code"], "level": notice.level, "channel": notice.channel}
