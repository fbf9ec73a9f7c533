"""How does a dump tell the history: runs, what they left out, notices with what was sent, uploads, and the sealed events?"""

from collections.abc import Iterable, Iterator
from typing import Any

from relance.dossier import past
from relance.dossier.text import Json, base64_of, chunks, instant_of, json_of, level_of, line, lines_of, listed, rows
from relance.models import (
    Company,
    Event,
    LeftOutBlock,
    Mail,
    MailReport,
    Notice,
    NoticeEnclosure,
    NoticeLine,
    Rendition,
    Run,
    RunLeftOut,
    Upload,
    tuples,
)

_CHUNK = 200  # notices at a time: each may have its letter with it
_INSTANTS = ("at", "started_at", "ended_at", "claimed_at", "transmitting_at", "issued_at", "dealt_at")
_TEXTS = ("to", "cc", "refused", "documents", "thread", "recipients")
_OBJECTS = ("parameters", "settings", "recipient", "totals", "credits", "not_due", "charges", "counts", "facts", "cuts")
_LEVELS = ("level", "level_before", "level_after", "customer_level_before")


def history(company: Company) -> Iterator[str]:
    """The object under ``history``, piece by piece."""
    numbering = {"runs": company.last_run_number, "notices": company.last_notice_number}
    yield f'{{\n"numbering": {line(numbering)}'
    for key, entries in _past(company):
        yield f',\n"{key}": '
        yield from listed(entries)
    yield "\n}"


def _past(company: Company) -> Iterator[tuple[str, Iterable[Json]]]:
    yield "blocks", _blocks(company)
    yield "runs", _runs(company)
    yield "notices", _notices(company)
    yield "mails", _mails(company)
    yield "reports", _reports(company)
    yield "uploads", _uploads(company)
    yield "events", _events(company)


def _blocks(company: Company) -> Iterator[Json]:
    keys = {"digest": "digest", "compressed": "compressed"}
    for _, block in rows(LeftOutBlock.objects.filter(company=company).order_by("digest"), keys):
        yield block | {"compressed": base64_of(block["compressed"])}


def _runs(company: Company) -> Iterator[Json]:
    for number, run in rows(Run.objects.filter(company=company).order_by("number"), _columns(past.RUN)):
        blocks = RunLeftOut.objects.filter(run=number).order_by("bucket").values_list("block__digest")
        yield _told(run) | {"left_out": [digest for (digest,) in tuples.stream(blocks)]}


def _notices(company: Company) -> Iterator[Json]:
    whose = {"run": "run__number", "customer": "customer__code"}
    keys = {key: whose.get(key, key) for key in past.NOTICE.keys} | {"_name": "template__template__name", "_version": "template__number"}
    for chunk in chunks(rows(Notice.objects.filter(company=company).order_by("number"), keys), _CHUNK):
        lines, enclosures, renditions = _lines(list(chunk)), _enclosures(list(chunk)), _renditions(list(chunk))
        for number, notice in chunk.items():
            name, version = notice.pop("_name"), notice.pop("_version")
            made_of = {"template": {"name": name, "version": version} if name is not None else None}
            inside = {"lines": lines.get(number, []), "enclosures": enclosures.get(number, []), "renditions": renditions.get(number, [])}
            yield _told(notice) | made_of | inside


def _lines(notices: list[int]) -> dict[int, list[Json]]:
    document = "due_item__document__"
    paths = {"customer": f"{document}customer__code", "document": f"{document}number", "no": "due_item__no"}
    keys = {"notice": "notice_id"} | {key: paths.get(key, key) for key in past.LINE.keys}
    lines: dict[int, list[Json]] = {}
    for _, entry in rows(NoticeLine.objects.filter(notice__in=tuples.among(notices)).order_by("notice", "id"), keys):
        lines.setdefault(entry.pop("notice"), []).append(_told(entry))
    return lines


def _enclosures(notices: list[int]) -> dict[int, list[Json]]:
    paths = {"document": "document_number", "file": "file__sha256"}
    keys = {"notice": "notice_id"} | {key: paths.get(key, key) for key in past.ENCLOSURE.keys}
    enclosures: dict[int, list[Json]] = {}
    for _, entry in rows(NoticeEnclosure.objects.filter(notice__in=tuples.among(notices)).order_by("notice", "position"), keys):
        enclosures.setdefault(entry.pop("notice"), []).append(entry)
    return enclosures


def _renditions(notices: list[int]) -> dict[int, list[Json]]:
    keys = {"notice": "notice_id"} | {key: key for key in past.RENDITION.keys}
    renditions: dict[int, list[Json]] = {}
    for _, entry in rows(Rendition.objects.filter(notice__in=tuples.among(notices)).order_by("notice", "media_type"), keys):
        renditions.setdefault(entry.pop("notice"), []).append(_told(entry) | {"compressed": base64_of(entry["compressed"])})
    return renditions


def _mails(company: Company) -> Iterator[Json]:
    keys = {key: key for key in past.MAIL.keys} | {"customer": "customer__code"}
    for _, mail in rows(Mail.objects.filter(company=company).order_by("number"), keys):
        yield _told(mail) | {"compressed": base64_of(mail["compressed"])}


def _reports(company: Company) -> Iterator[Json]:
    keys = {key: key for key in past.MAIL_REPORT.keys} | {"notice": "notice__number", "mail": "mail__number"}
    for _, report in rows(MailReport.objects.filter(company=company).order_by("key"), keys):
        yield _told(report) | {"compressed": base64_of(report["compressed"])}


def _uploads(company: Company) -> Iterator[Json]:
    uploads = Upload.objects.filter(company=company).order_by("at", "kind", "sha256", "filename", "id")
    return (_told(upload) for _, upload in rows(uploads, _columns(past.UPLOAD)))


def _events(company: Company) -> Iterator[Json]:
    about = {"notice": "notice__number", "customer": "customer__code"}
    keys = {key: about.get(key, key) for key in past.EVENT.keys}
    whose = {"_number": "document__number", "_customer": "document__customer__code", "_supplier": "document__supplier__code"}
    for _, event in rows(Event.objects.filter(company=company).order_by("number"), keys | whose):
        document = {key: event[f"_{key}"] for key in ("customer", "supplier", "number") if event[f"_{key}"] is not None}
        yield _told({key: event[key] for key in keys}) | {"document": document or None}


def _columns(noun: Any) -> dict[str, str]:
    return {key: key for key in noun.columns}


def _told(entry: Json) -> Json:
    """Columns as the file writes them."""
    return {key: _value(key, value) for key, value in entry.items()}


def _value(key: str, value: Any) -> Any:
    if value is None:
        return None
    if key in _INSTANTS:
        return instant_of(value)
    if key in _TEXTS:
        return lines_of(value)
    if key in _OBJECTS:
        return json_of(value)
    return level_of(value) if key in _LEVELS else value
