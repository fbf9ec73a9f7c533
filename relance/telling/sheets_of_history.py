"""What do imports, automatic runs, webhooks, templates and the history say as files? The columns of each list under their heads."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relance.models import Batch, Event, Launch, Upload
from relance.telling.events import Line, told_events
from relance.telling.imported import counted
from relance.telling.list_file import Column, by_chunks
from relance.telling.words import FILE_KINDS, LAUNCH_STATUSES, MESSAGE_STATUSES, WEBHOOK_TYPES

BATCHES: list[Column] = [
    (_("Code"), lambda row: row[0].code),
    (_("Label"), lambda row: row[0].label),
    (_("Paused"), lambda row: row[0].paused),
    (_("Next"), lambda row: row[0].next_at),
    (_("Last launch"), lambda row: row[1] and row[1].started_at),
    (_("Status"), lambda row: row[1] and str(LAUNCH_STATUSES[row[1].status][0])),
]


def with_last(batches: Sequence[Batch]) -> Iterator[tuple[Batch, Launch | None]]:
    """Each batch with the last time that it ran."""
    last = {launch.batch_id: launch for launch in Launch.objects.filter(batch__in=batches).order_by("started_at")}
    return ((one, last.get(one.pk)) for one in batches)


LAUNCHES: list[Column] = [
    (_("Started"), lambda row: row.started_at),
    (_("Ended"), lambda row: row.ended_at),
    (_("By"), lambda row: row.by),
    (_("Status"), lambda row: str(LAUNCH_STATUSES[row.status][0])),
    (_("Notices"), lambda row: sum(sum(one.get("notices", {}).values()) for one in row.results)),
    (_("Log"), lambda row: row.log),
]
IMPORTS: list[Column] = [
    (_("When"), lambda row: row[0].at),
    (_("File"), lambda row: row[0].filename),
    (_("Kind"), lambda row: row[1]),
    (_("By"), lambda row: row[0].by),
    (_("What"), lambda row: row[2] and str(row[2].noun)),
    (pgettext_lazy("things", "New"), lambda row: row[2] and row[2].created),
    (pgettext_lazy("things", "Changed"), lambda row: row[2] and row[2].changed),
    (_("Gone from the file"), lambda row: row[2] and row[2].gone),
    (pgettext_lazy("things", "Unchanged"), lambda row: row[2] and row[2].same),
    ("SHA-256", lambda row: row[0].sha256),
    (_("Undone"), lambda row: row[0].undone_at),
]


def brought(uploads: Iterable[Upload]) -> Iterator[tuple[Upload, Any, Any]]:
    """Each upload as often as it brought in things of a kind."""
    for upload in uploads:
        things: list[Any] = [*counted(upload.counts)]
        yield from ((upload, str(FILE_KINDS.get(upload.kind, upload.kind)), one) for one in things or [None])


WEBHOOKS: list[Column] = [
    (_("Name"), lambda one: one.code),
    (_("Address"), lambda one: one.url),
    (_("Hears of"), lambda one: ", ".join(str(WEBHOOK_TYPES[type_]) for type_ in one.types.split())),
    (_("Paused"), lambda one: one.paused),
]
MESSAGES: list[Column] = [
    (_("When"), lambda one: one.at),
    (_("Name"), lambda one: one.webhook.code),
    (_("Message"), lambda one: str(WEBHOOK_TYPES[one.type])),
    (_("Status"), lambda one: str(MESSAGE_STATUSES[one.status])),
    (_("Tries"), lambda one: one.tries),
    (_("Last answer"), lambda one: next((tried.outcome or str(tried.status) for tried in reversed(one.log.all())), "")),
]
TEMPLATES: list[Column] = [
    (_("Name"), lambda one: one["name"]),
    (_("Version"), lambda one: one["version"]),
    (_("File"), lambda one: one["filename"]),
    (pgettext_lazy("person", "By"), lambda one: one["by"]),
    (_("For levels"), lambda one: ", ".join(map(str, one["levels"]))),
    (_("For customers"), lambda one: ", ".join(one["customers"])),
    (_("For types of customers"), lambda one: ", ".join(one["types"])),
]

EVENTS: list[Column] = [
    (_("When"), lambda row: row.at),
    (_("Who"), lambda row: row.by),
    (_("What"), lambda row: row.what),
    (_("Customer’s code"), lambda row: row.customer),
    (_("Document"), lambda row: row.about),
    (_("Details"), lambda row: row.told),
]


def told(events: Iterable[Event]) -> Iterator[Line]:
    """Events as lines, few of them in memory at a time."""
    for chunk in by_chunks(events):
        yield from told_events(chunk)
