"""What does a worker write down in one commit? The second mark of messages about to leave, with what they say, and what servers have taken.

PostgreSQL does it all by one statement, which is its own commit: one word there and one back, where it would be six that postmen wait for.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from relance.models import bulk
from relance.models.renditions import EMAIL, Packed, keep_many


class Written(NamedTuple):
    """Which of the notices were still the worker's: not cancelled meanwhile, nor taken over."""

    marked: set[int]  # their last byte may leave
    taken: set[int]  # it is noted that a server has taken them


def write_down(
    company_id: int, holder: str, leaving: Mapping[int, Packed], answers: Mapping[int, tuple[str, str]], at: datetime
) -> Written:
    """Mark notices as transmitting and keep what they say; note on those taken the server's words and the recipients it refused.

    Outside of a transaction it is durable on return. From a noted answer on nothing is in doubt: what being sent changes can be recorded
    later, by whoever comes next (``store_accepted``). One that another machine has called unsure meanwhile is so no more: its answer was
    heard after all.
    """
    mine, moment = bulk.named_sql("relance_notice.id", leaving), bulk.instant(at)
    said = bulk.given_sql(_ANSWER, ((pk, *words) for pk, words in answers.items()))
    mark = _MARK.format(mine=mine[0]), [moment, mine[1], holder]
    accept = _ACCEPT.format(given=said[0]), [moment, *said[1], holder]
    if connection.vendor == "postgresql":
        return _at_once(company_id, leaving, mark, accept)
    marked, taken = set(), set()
    with transaction.atomic():
        if leaving:
            marked = {pk for pk, _ in _rows(*mark)}
            keep_many(company_id, EMAIL, {pk: leaving[pk] for pk in marked})
        if answers:
            taken = {pk for pk, _ in _rows(*accept)}
    return Written(marked, taken)


_Statement = tuple[str, list[Any]]


def _at_once(company_id: int, leaving: Mapping[int, Packed], mark: _Statement, accept: _Statement) -> Written:
    """The three statements as one."""
    kept = bulk.given_sql(_KEPT, ((pk, one.sha256, one.compressed, json.dumps(one.cuts)) for pk, one in leaving.items()))
    statement = _AT_ONCE.format(mark=mark[0], given=kept[0], accept=accept[0])
    written = Written(set(), set())
    for pk, is_mark in _rows(statement, [*mark[1], company_id, EMAIL, *kept[1], *accept[1]]):
        (written.marked if is_mark else written.taken).add(pk)
    return written


# Django's ORM can say neither RETURNING nor UPDATE … FROM, and takes longer to write such a statement than the database to execute it.
# The status is asked for as an expression: else PostgreSQL takes the index of what is queued, and looks through all of it for each mark.
_MARK = """
    UPDATE relance_notice SET transmitting_at = %s
    WHERE {mine} AND status || '' = 'queued' AND claimed_by = %s AND transmitting_at IS NULL RETURNING relance_notice.id, true AS is_mark"""
_ACCEPT = """
    UPDATE relance_notice SET status = 'queued', issued_at = %s, outcome = given.outcome, refused = given.refused FROM {given} AS given
    WHERE relance_notice.id = given.id AND status || '' IN ('queued', 'unsure') AND claimed_by = %s
    RETURNING relance_notice.id, false AS is_mark"""
_AT_ONCE = """
    WITH marked AS ({mark}), kept AS (
        INSERT INTO relance_rendition (company_id, notice_id, media_type, sha256, compressed, cuts)
        SELECT %s, id, %s, sha256, compressed, cuts FROM {given} AS given JOIN marked USING (id)
    ), accepted AS ({accept})
    SELECT id, is_mark FROM marked UNION ALL SELECT id, is_mark FROM accepted"""
_ANSWER = {"id": "bigint", "outcome": "text", "refused": "text"}
_KEPT = {"id": "bigint", "sha256": "text", "compressed": "bytea", "cuts": "jsonb"}


def _rows(statement: str, parameters: list[Any]) -> list[tuple[int, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
