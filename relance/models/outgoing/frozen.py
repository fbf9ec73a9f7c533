"""What does a notice say, once and for all? Notices between the decision and the page: frozen, stored, read back.

A ``Frozen`` holds all that is printed, sent or answered about a notice; nothing is looked up in live tables afterwards. What all
the notices of a run share (the creditor's identity, the texts of the levels) is frozen once, with the run.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from relance.core import money
from relance.core.facts import NA
from relance.models import bulk, tuples
from relance.models.notices import IN_FLIGHT, Notice, NoticeLine

Json = dict[str, Any]


class Line(NamedTuple):
    """One due item on a notice, amounts in minor units; the names are the columns of ``NoticeLine``."""

    due_item_id: int
    document_number: str
    date: dt.date
    label: str
    due_date: dt.date
    amount: int
    open_amount: int
    ledger_open: int
    currency: str
    days_overdue: int
    interest: int | None
    level_before: int
    level_after: int
    dunned_before: dt.date | None
    comment_before: str = ""  # known once it is issued


class Frozen(NamedTuple):
    """One notice; the names up to ``thread`` are the columns of ``Notice``."""

    id: int | None
    run_id: int | None
    number: int | None
    position: int
    customer_id: int
    level: int
    channel: str
    status: str
    language: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    recipient: Json  # {"code", "name", "kind", "contact", "policy", "address": [lines]}; "payees" where it is not the company
    totals: Mapping[str, int]
    credits_later: int
    credits: list[Json]  # [{"document", "date", "due_date", "open", "currency"}], amounts in minor units, dates ISO
    not_due: list[Json]  # [{"document", "date", "due_date", "open", "currency"}]
    charges: Json | None
    template_id: int | None  # the version of the template of the company's own that its letter is made of
    message_id: str
    thread: str = ""  # Message-IDs of earlier notices of the same debt, one a line, oldest first
    lines: tuple[Line, ...] = ()
    claimed_at: dt.datetime | None = None
    issued_at: dt.datetime | None = None
    by: str = ""
    outcome: str = ""
    refused: tuple[str, ...] = ()
    as_of: dt.date | None = None
    template: str | None = None  # its name
    template_version: int | None = None

    @property
    def previous_on(self) -> dt.date | None:
        """When the customer was last reminded of something that stands here."""
        return max((line.dunned_before for line in self.lines if line.dunned_before), default=None)


_NOTICE = tuple(Frozen._fields[: Frozen._fields.index("lines")])
_BAD_ENDS = ("failed", "withdrawn", "unsure", "bounced", "cancelled")
_TO, _CC, _LINES = _NOTICE.index("to"), _NOTICE.index("cc"), len(_NOTICE)
_SPLIT = (_TO, _CC, Frozen._fields.index("refused") - 1)  # texts of lines, where they stand before the notice's own lines are put in
_UNTOUCHED = ("claimed_by", "by", "outcome", "refused")  # texts, empty until something happens
_LINE_COLUMNS = ("notice_id", *Line._fields)


def store(company_id: int, notices: Iterable[Frozen]) -> int:
    """Insert numbered notices with their lines in the caller's transaction; those in flight claim their due items.

    Raises IntegrityError when another notice in flight claims one of them.
    """
    kept = list(notices)
    bulk.insert(Notice, _NOTICE, map(_notice_row, kept), same={"company_id": company_id} | dict.fromkeys(_UNTOUCHED, ""))
    lines = 0
    for in_flight in (True, False):
        rows = _line_rows(one for one in kept if (one.status in IN_FLIGHT) is in_flight)
        lines += bulk.insert(NoticeLine, _LINE_COLUMNS, rows, same={"company_id": company_id, "in_flight": in_flight})
    return lines


def read(which: QuerySet[Notice] | Collection[int]) -> Iterator[Frozen]:
    """Stored notices, named by a query or by their identifiers, in the order of their run's sort, with their lines."""
    query = which if isinstance(which, QuerySet) else Notice.objects.filter(pk__in=tuples.among(which))
    ordered = query.order_by("run_id", "position", "id")
    lines = NoticeLine.objects.filter(notice__in=query).order_by("notice__run_id", "notice__position", "notice_id", "id")
    extra = ("claimed_at", "issued_at", "by", "outcome", "refused", "run__as_of", "template__template__name", "template__number")
    by_notice = groupby(tuples.stream(lines.values_list("notice_id", *Line._fields)), key=itemgetter(0))
    for row in ordered.values_list(*_NOTICE, *extra).iterator():
        notice_id, rows = next(by_notice)
        assert notice_id == row[0], "every notice has lines, in the order of the notices"
        values = list(row)
        for place in _SPLIT:
            values[place] = _split(values[place])
        values[_LINES:_LINES] = [tuple([Line._make(line[1:]) for line in rows])]
        yield Frozen._make(values)


def answer(notice: Frozen, subject: str) -> Json:
    """A notice as a run answers it (contract, "Answers"); where it came to a bad end, with what happened."""
    told = {
        "id": notice.id,
        "customer": notice.recipient["code"],
        "level": notice.level,
        "channel": notice.channel,
        "to": list(notice.to),
        "cc": list(notice.cc),
        "subject": subject,
        "lines": [_line_answer(line) for line in notice.lines],
        "credits": [_credit_answer(credit) for credit in notice.credits],
        "totals": {currency: money.show(total, currency) for currency, total in sorted(notice.totals.items())},
        "charges": _charges_answer(notice.charges),
        "status": notice.status,
    }
    return told | {"outcome": notice.outcome} if notice.status in _BAD_ENDS else told


def history_answer(notice: Frozen, subject: str) -> Json:
    """A notice as the history tells it: also which run it is of, when and by whom it was issued, and what became of it."""
    assert notice.as_of is not None, "a stored notice has the date of its run"
    before = [
        {"document": line.document_number, "due_date": line.due_date.isoformat(), "comment": line.comment_before}
        for line in notice.lines
        if line.comment_before
    ]
    return answer(notice, subject) | {
        "comments_before": before,
        "run": notice.run_id,
        "number": notice.number,
        "as_of": notice.as_of.isoformat(),
        "issued_at": notice.issued_at.isoformat() if notice.issued_at else None,
        "by": notice.by,
        "outcome": notice.outcome,
        "refused": list(notice.refused),
        "template": {"name": notice.template, "version": notice.template_version} if notice.template else None,
    }


def seal_of(notices: Iterable[Frozen], previous: str = "") -> str:
    """What tells notices from others that would be issued in their place: whom they are written to, at which level, and of what."""
    said = [(one.customer_id, one.level, one.channel, one.to, one.cc, sorted(one.totals.items()), one.lines) for one in notices]
    return hashlib.sha256(repr((previous, said)).encode()).hexdigest() if said else previous


def shown_level(level: int) -> int | str:
    """A level as people and files write it."""
    return "NA" if level == NA else level


def _notice_row(notice: Frozen) -> list[Any]:
    values = list(notice[: len(_NOTICE)])
    values[_TO], values[_CC] = "\n".join(notice.to), "\n".join(notice.cc)
    return values


def _line_rows(notices: Iterable[Frozen]) -> Iterator[tuple[Any, ...]]:
    for notice in notices:
        for line in notice.lines:
            yield (notice.id, *line)


def _split(lines: Any) -> tuple[str, ...]:
    return tuple(lines.split("\n")) if lines else ()


def _line_answer(line: Line) -> Json:
    return {
        "document": line.document_number,
        "due_date": line.due_date.isoformat(),
        "open": money.show(line.open_amount, line.currency),
        "currency": line.currency,
        "days_overdue": line.days_overdue,
        "level_before": shown_level(line.level_before),
        "level_after": shown_level(line.level_after),
    }


def _credit_answer(credit: Json) -> Json:
    shown = {name: credit[name] for name in ("document", "due_date", "currency")}
    return shown | {"open": money.show(credit["open"], credit["currency"])}


def _charges_answer(charges: Json | None) -> Json | None:
    if charges is None:
        return None
    return {
        kind: {currency: money.show(amount, currency) for currency, amount in charges[kind].items()} for kind in ("interest", "indemnity")
    }
