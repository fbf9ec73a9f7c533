"""Which invoices does a notice claim, which PDFs are there of them, and what went with it? For many notices at once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from relance.core.enclosing import Enclosure, File, Invoice, Kind, State
from relance.models import bulk, files, tuples
from relance.models.attachments import Attachment, NoticeEnclosure
from relance.models.ledger import Document, DueItem
from relance.models.outgoing.frozen import Frozen
from relance.models.outgoing.letter_data import level_said

Json = dict[str, Any]
_NONE: Json = {"invoices": "none", "originals_only": True, "limit_mb": 0}
_COLUMNS = ("company_id", "notice_id", "position", "document_number", "state", "kind", "filename", "file_id")


def ever_asked(settings: Json) -> bool:
    """Whether any notice of a run can have invoices with it; ``settings`` are those frozen with the run."""
    levels = (level for policy in settings["levels"].values() for level in policy.values())
    return terms(settings)["invoices"] != "none" or any((level.get("attach_invoices") or "none") != "none" for level in levels)


def asked(notice: Frozen, settings: Json) -> bool:
    """Whether the invoices go with this notice: as its level says, else the company."""
    level = level_said(settings, notice.recipient["policy"], notice.level)
    wanted = level.get("attach_invoices") or terms(settings)["invoices"]
    return wanted in ("both", "letter" if notice.channel == "letter" else "email")


def terms(settings: Json) -> Json:
    """What the company says of attachments: ``invoices``, ``originals_only``, ``limit_mb``."""
    found: Json = settings.get("attachments", _NONE)
    return found


def invoices_of(notices: Sequence[Frozen]) -> list[list[Invoice]]:
    """For each notice the documents it claims, in the order of its lines, each once, with the PDFs attached to them."""
    lines = {line.due_item_id for notice in notices for line in notice.lines}
    owners: dict[int, int] = dict(
        tuples.stream(DueItem.objects.filter(pk__in=tuples.among(lines)).order_by().values_list("pk", "document_id"))
    )
    held: dict[int, dict[Kind, File]] = {}
    attached = Attachment.objects.filter(document__in=tuples.among(set(owners.values()))).order_by()
    for document, kind, file, size in tuples.stream(attached.values_list("document_id", "kind", "file_id", "file__size")):
        held.setdefault(document, {})[Kind(kind)] = File(file, size)
    return [
        [
            Invoice(document, number, dict(held.get(document, {})))
            for document, number in dict.fromkeys((owners[line.due_item_id], line.document_number) for line in notice.lines)
        ]
        for notice in notices
    ]


def books_say(document_ids: Collection[int]) -> Iterator[tuple[int, Json]]:
    """By document, what the books say of it, for ``render_extract``."""
    due: dict[int, list[tuple[str, int]]] = {}
    items = DueItem.objects.filter(document__in=tuples.among(document_ids)).order_by("document", "no")
    for document, on, amount in items.values_list("document_id", "due_date", "amount"):
        due.setdefault(document, []).append((on.isoformat(), amount))
    parties = ("billed_customer", "payment_method")
    for one in Document.objects.filter(pk__in=tuples.among(document_ids)).select_related(*parties).order_by("pk"):
        customer = one.billed_customer
        assert customer is not None, "what is claimed is billed to somebody"
        yield (
            one.pk,
            {
                "number": one.number,
                "date": one.date.isoformat(),
                "label": one.label,
                "customer": (customer.code, customer.name),
                "payment_method": one.payment_method.label or one.payment_method.code if one.payment_method else "",
                "currency": one.currency,
                "due": due.get(one.pk, []),
            },
        )


def replace(company_id: int, chosen: Iterable[tuple[int, list[tuple[Enclosure, str]]]]) -> None:
    """Store what goes with notices, each enclosure with the name that the recipient sees, in the place of what was stored for them."""
    kept = dict(chosen)
    before = NoticeEnclosure.objects.filter(notice__in=tuples.among(list(kept)))
    files_before = {file for (file,) in before.order_by().values_list("file_id") if file}
    before.delete()
    rows = (
        (
            company_id,
            notice,
            place,
            one.invoice.number,
            one.state,
            one.kind,
            name,
            one.file.id if one.state is State.ENCLOSED and one.file else None,
        )
        for notice, enclosures in kept.items()
        for place, (one, name) in enumerate(enclosures)
    )
    bulk.insert(NoticeEnclosure, _COLUMNS, rows)
    if files_before:
        files.forget_unused(files_before)


def enclosed(notice_id: int) -> list[tuple[str, bytes]]:
    """The files that go with a notice, under their names, in their order."""
    rows = NoticeEnclosure.objects.filter(notice=notice_id, state="enclosed").order_by("position").values_list("filename", "file_id")
    return [(name, files.content(file)) for name, file in rows if file is not None]


def enclosed_numbers(notice_ids: Collection[int]) -> dict[int, list[str]]:
    """By notice, the numbers of the invoices that go with it, in their order; a notice without any is not there."""
    rows = NoticeEnclosure.objects.filter(notice__in=tuples.among(notice_ids), state="enclosed").order_by("notice", "position")
    numbers: dict[int, list[str]] = {}
    for notice, number in rows.values_list("notice_id", "document_number"):
        numbers.setdefault(notice, []).append(number)
    return numbers


def digests_of(notice_ids: Collection[int]) -> dict[int, list[str]]:
    """By notice, the SHA-256 of the files that go with it; a notice without any is not there."""
    rows = NoticeEnclosure.objects.filter(notice__in=tuples.among(notice_ids), file__isnull=False).order_by("notice", "position")
    digests: dict[int, list[str]] = {}
    for notice, sha256 in rows.values_list("notice_id", "file__sha256"):
        digests.setdefault(notice, []).append(sha256)
    return digests


def told(notice_ids: Collection[int]) -> dict[int, list[Json]]:
    """What went with each of the notices, and what did not and why, as the history tells it."""
    columns = ("notice_id", "document_number", "state", "kind", "filename", "file__sha256", "file__size")
    rows = NoticeEnclosure.objects.filter(notice__in=tuples.among(notice_ids)).order_by("notice", "position").values_list(*columns)
    answers: dict[int, list[Json]] = {}
    for notice, document, state, kind, filename, sha256, size in rows:
        entry = {"document": document, "state": state, "kind": kind, "filename": filename, "sha256": sha256, "size": size}
        answers.setdefault(notice, []).append(entry)
    return answers
