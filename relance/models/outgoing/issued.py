"""What does issuing change, and how is it taken back? Levels, dates, comments, expected dates, the customer (rules, section 7).

Set-based: one notice or a whole run alike, in the caller's transaction.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from babel.dates import format_date
from django.db import connection
from django.db.models import QuerySet

from relance.models import bulk, tuples
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.ledger import DueItem
from relance.models.notices import Notice, NoticeLine, Run
from relance.models.outgoing.enclosing import digests_of as enclosed_digests
from relance.models.outgoing.enclosing import ever_asked
from relance.models.outgoing.frozen import shown_level
from relance.models.parties import Customer
from relance.models.renditions import EMAIL, digests_of

Change = dict[str, Any]
_Held = tuple[int, date | None]  # a level, and since when
_UNTOUCHED = (None, None)
CHUNK = 10_000  # notices at a time

_COMMENTS = {
    ("fr", "automatic"): "Relancé automatiquement par mail le {}",
    ("fr", "email"): "Relancé par mail le {}",
    ("fr", "letter"): "Relancé par courrier le {}",
    ("en", "automatic"): "Reminded automatically by e-mail on {}",
    ("en", "email"): "Reminded by e-mail on {}",
    ("en", "letter"): "Reminded by letter on {}",
    ("de", "automatic"): "Automatisch per E-Mail gemahnt am {}",
    ("de", "email"): "Per E-Mail gemahnt am {}",
    ("de", "letter"): "Per Brief gemahnt am {}",
}


class Issued(NamedTuple):
    """One notice that has been accepted for delivery, or whose letter has been produced."""

    notice_id: int
    status: str  # sent or printed
    outcome: str = ""
    refused: tuple[str, ...] = ()
    sha256: str = ""  # of the message or letter as it is kept


def store_issued(run: Run, company: Company, issued: Collection[Issued], by: str, at: datetime, *, noted: bool = False) -> None:
    """Store what issuing these notices of one run changes: due items, customers, the notices themselves, and an event for each.

    ``noted``: the moment, the server's words and the recipients it refused stand with the notices already.
    """
    outcomes = {one.notice_id: one for one in issued}
    with tuples.many_tuples():
        for ids in _chunks(outcomes):
            found = Notice.objects.filter(tuples.those("pk", ids)).order_by("position", "id")
            notices = [_Stored._make(row) for row in tuples.stream(found.values_list(*_Stored._fields))]
            _raise_levels(run, company, notices)
            before = _raise_customers(run, company, notices)
            _end(notices, outcomes, before, by, None if noted else at)
            record(company.pk, by, _facts(run, notices, outcomes), at)


def store_accepted(which: QuerySet[Notice], by: str, at: datetime) -> int:
    """Store the same of queued e-mails of which it is noted that a server has taken them; ``by`` who issued the run, unless said.

    In the caller's transaction; returns how many there were.
    """
    held = which.filter(status="queued", issued_at__isnull=False).select_for_update()
    notices = dict(held.order_by("run_id", "pk").values_list("pk", "run_id"))
    digests = digests_of(notices, EMAIL)
    for run in Run.objects.filter(pk__in=set(notices.values())).select_related("company").order_by("pk"):
        issued = [Issued(pk, "sent", sha256=digests.get(pk, "")) for pk, of in notices.items() if of == run.pk]
        store_issued(run, run.company, issued, by or run.by, at, noted=True)
    return len(notices)


def close_unissued(company_id: int, notice_ids: Collection[int], status: str, outcome: str, by: str) -> None:
    """End notices that changed nothing (failed, withdrawn): their due items return to the next proposal."""
    for ids in _chunks(notice_ids):
        ended = Notice.objects.filter(pk__in=tuples.among(ids))
        ended.update(status=status, outcome=outcome, claimed_by="")
        NoticeLine.objects.filter(notice__in=tuples.among(ids), in_flight=True).update(in_flight=False)
        customers = dict(ended.values_list("pk", "customer_id"))
        record(company_id, by, (Fact(f"notice_{status}", pk, customers[pk], facts={"outcome": outcome}) for pk in ids))


def given_levels(notice_id: int) -> list[Change]:
    """What issuing a notice has changed on its due items, as commands answer it."""
    lines = NoticeLine.objects.filter(notice=notice_id).select_related("due_item", "notice__run").order_by("id")
    return [change for line in lines for change in _level_changes(line, back=False)]


def status_changes(notice: Notice, after: str) -> list[Change]:
    """A notice's new status, told for each due item on it."""
    lines = NoticeLine.objects.filter(notice=notice.pk).order_by("id").values_list("document_number", "due_item__no")
    told = {"what": "notice_status", "before": notice.status, "after": after, "notice": notice.pk}
    return [{"document": number, "no": no, **told} for number, no in lines]


def take_back(company: Company, notices: Iterable[Notice], reason: str, by: str) -> list[Change]:
    """Cancel notices, the latest first: what still is as they left it goes back to what it was before them."""
    changes: list[Change] = []
    for notice in sorted(notices, key=lambda notice: notice.pk, reverse=True):
        if notice.issued_at is not None:
            changes += _lower_levels(notice)
            _lower_customer(notice)
        Notice.objects.filter(pk=notice.pk).update(status="cancelled", outcome=reason, claimed_by="")
        NoticeLine.objects.filter(notice=notice.pk, in_flight=True).update(in_flight=False)
        changes += status_changes(notice, "cancelled")
        record(company.pk, by, [Fact("notice_cancelled", notice.pk, notice.customer_id, facts={"reason": reason, "before": notice.status})])
    return changes


def dunned_comment(run_kind: str, channel: str, language: str, on: date) -> str:
    """What the comment of a due item says once it has been dunned (register K85), in the company's language."""
    how = "automatic" if run_kind == "batch" and channel == "email" else "letter" if channel == "letter" else "email"
    known = language if (language, how) in _COMMENTS else "fr"
    return _COMMENTS[known, how].format(format_date(on, "dd/MM/yyyy", locale=known))


class _Stored(NamedTuple):
    id: int
    customer_id: int
    level: int
    number: int
    channel: str


def _end(notices: list[_Stored], outcomes: dict[int, Issued], before: dict[int, _Held], by: str, at: datetime | None) -> None:
    """The notices themselves: what became of them, unless that is noted already (no ``at``), and what their customers had before."""
    columns = ("status", "customer_level_before", "customer_dunned_before", "by", "claimed_by")
    said = ("outcome", "refused", "issued_at") if at else ()
    alike: dict[tuple[Any, ...], list[int]] = {}
    for notice in notices:
        _, status, outcome, refused, _ = outcomes[notice.id]
        words = (outcome, "\n".join(refused), at) if at else ()
        alike.setdefault((status, *before.get(notice.id, _UNTOUCHED), by, "", *words), []).append(notice.id)
    bulk.update_alike(Notice, (*columns, *said), alike)


def _raise_levels(run: Run, company: Company, notices: list[_Stored]) -> None:
    """The lines keep what each claimed due item had; then it takes the line's level, the date, the comment, the expected date."""
    delay = company.expected_payment_delay_days
    expected = run.as_of + timedelta(delay) if delay else None
    alike: dict[tuple[str, int], list[int]] = {}
    for notice in notices:
        alike.setdefault((notice.channel, notice.level), []).append(notice.id)
    comments = {channel: dunned_comment(run.kind, channel, company.language, run.as_of) for channel, _ in alike}
    lines = _execute(_KEEP, [notice.id for notice in notices])
    for (channel, level), ids in alike.items():
        lines -= _execute(_GIVE, ids, level, run.as_of, comments[channel], expected, after=[level])
    if lines:  # a message for all the levels of a customer: some lines keep a level of their own
        for (channel, level), ids in alike.items():
            _execute(_GIVE_ITS_OWN, ids, run.as_of, comments[channel], expected, after=[level])


def _execute(statement: str, notice_ids: list[int], *given: Any, after: Collection[Any] = ()) -> int:
    """Execute a statement about the lines of some notices; return how many rows it has changed."""
    these, ids = tuples.those_sql("notice_id", notice_ids)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(these=these), [*given, *ids, *after])
        return cursor.rowcount


# UPDATE … FROM is the same on both databases; Django's ORM cannot say it. Where all take the same values, IN is quicker.
_KEEP = """
    UPDATE relance_noticeline
    SET in_flight = false, (dunned_before, comment_before, expected_before) = (
        SELECT last_dunned_on, comment, expected_on FROM relance_dueitem AS item WHERE item.id = relance_noticeline.due_item_id
    ) WHERE {these}"""
_GIVE = """
    UPDATE relance_dueitem SET level = %s, last_dunned_on = %s, comment = %s, expected_on = COALESCE(%s, expected_on)
    WHERE id IN (SELECT due_item_id FROM relance_noticeline WHERE {these} AND level_after = %s)"""
_GIVE_ITS_OWN = """
    UPDATE relance_dueitem AS item
    SET level = line.level_after, last_dunned_on = %s, comment = %s, expected_on = COALESCE(%s, item.expected_on)
    FROM relance_noticeline AS line WHERE line.due_item_id = item.id AND {these} AND line.level_after <> %s"""


def _raise_customers(run: Run, company: Company, notices: list[_Stored]) -> dict[int, _Held]:
    """The customer takes level and date, never a lower level; by the option, from letter editions only. By notice: what it had before."""
    if company.customer_level == "letters" and run.kind != "edition":
        return {}
    customers = Customer.objects.filter(pk__in=tuples.among({notice.customer_id for notice in notices}))
    now: dict[int, _Held] = {pk: (level, on) for pk, level, on in tuples.stream(customers.values_list("pk", "level", "last_dunned_on"))}
    before: dict[int, _Held] = {}
    for notice in notices:
        before[notice.id] = level, dunned_on = now[notice.customer_id]
        now[notice.customer_id] = max(level, notice.level), max(dunned_on or run.as_of, run.as_of)
    alike: dict[_Held, list[int]] = {}
    for pk, given in now.items():
        alike.setdefault(given, []).append(pk)
    bulk.update_alike(Customer, ("level", "last_dunned_on"), alike)
    return before


def _facts(run: Run, notices: list[_Stored], outcomes: dict[int, Issued]) -> Iterator[Fact]:
    """An event for each notice. It seals what was sent and what went with it by SHA-256: nothing of it is changed without this showing."""
    enclosed = enclosed_digests([notice.id for notice in notices]) if ever_asked(run.settings) else {}
    before, after = f'{{"as_of":"{run.as_of}",', f',"run":{run.number},"sha256":"'
    for pk, customer_id, level, number, _ in notices:
        _, status, _, _, sha256 = outcomes[pk]
        files = f'"enclosed":{json.dumps(enclosed[pk], separators=(",", ":"))},' if pk in enclosed else ""
        said = f'{before}{files}"level":{level},"number":{number}{after}{sha256}"}}'
        yield Fact(f"notice_{status}", pk, customer_id, None, {}, said)


def _lower_levels(notice: Notice) -> list[Change]:
    """Due items whose level and date are still the notice's go back to level, date, comment and expected date before it."""
    changes: list[Change] = []
    rows = []
    for line in NoticeLine.objects.filter(notice=notice).select_related("due_item", "notice__run"):
        item = line.due_item
        if (item.level, item.last_dunned_on) != (line.level_after, line.notice.run.as_of):
            continue
        rows.append((item.pk, line.level_before, line.dunned_before, line.comment_before, line.expected_before))
        changes += _level_changes(line, back=True)
    bulk.update(DueItem, ("level", "last_dunned_on", "comment", "expected_on"), rows)
    return changes


def _level_changes(line: NoticeLine, *, back: bool) -> list[Change]:
    """Level and date of a due item, from before its notice to after it, or back."""
    levels = shown_level(line.level_before), shown_level(line.level_after)
    dates = _iso(line.dunned_before), _iso(line.notice.run.as_of)
    return [
        {"document": line.document_number, "no": line.due_item.no, "what": what, "before": both[back], "after": both[not back]}
        for what, both in (("level", levels), ("last_dunned_on", dates))
    ]


def _lower_customer(notice: Notice) -> None:
    """The customer likewise, where the notice had touched it and nothing has since."""
    if notice.customer_level_before is None:
        return
    level = max(notice.customer_level_before, notice.level)
    dunned_on = max(notice.customer_dunned_before or notice.run.as_of, notice.run.as_of)
    untouched = Customer.objects.filter(pk=notice.customer_id, level=level, last_dunned_on=dunned_on)
    untouched.update(level=notice.customer_level_before, last_dunned_on=notice.customer_dunned_before)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    every = list(ids)
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))
