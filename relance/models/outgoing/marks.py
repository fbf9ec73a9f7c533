"""What does a worker write down in one commit? The second mark of messages about to leave, with what they say, and what servers have taken.

PostgreSQL does it all by one statement, which is its own commit: one word there and one back, where it would be six that postmen wait for.
It is prepared once for a connection, for to understand and to plan it takes as long as to do what it says.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from relance.models import tuples
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
    answered = [(pk, *words) for pk, words in answers.items()]
    if connection.vendor == "postgresql":
        return _at_once(company_id, holder, leaving, answered, at)
    marked, taken, moment = set(), set(), tuples.instant(at)
    with transaction.atomic():
        if leaving:
            marked = {pk for pk, _ in tuples.rows_of(_MARK, [moment, json.dumps(list(leaving)), holder])}
            keep_many(company_id, EMAIL, {pk: leaving[pk] for pk in marked})
        if answered:
            taken = {pk for pk, _ in tuples.rows_of(_ACCEPT, [moment, json.dumps(answered), holder])}
    return Written(marked, taken)


def _at_once(company_id: int, holder: str, leaving: Mapping[int, Packed], answered: list[tuple[int, str, str]], at: datetime) -> Written:
    kept = [(pk, one.sha256, one.compressed, json.dumps(one.cuts)) for pk, one in leaving.items()]
    written = Written(set(), set())
    given = [*_columns(kept, 4), at, holder, company_id, EMAIL, at, *_columns(answered, 3), holder]
    for pk, is_mark in tuples.rows_of_prepared(_WRITE_DOWN, given):
        (written.marked if is_mark else written.taken).add(pk)
    return written


def _columns(rows: Sequence[Sequence[Any]], count: int) -> list[list[Any]]:
    return [list(values) for values in zip(*rows, strict=True)] or [[]] * count


# Django's ORM can say neither RETURNING nor UPDATE … FROM, and takes longer to write such a statement than the database to execute it.
# PostgreSQL is asked for the status as an expression: else it takes the index of what is queued, and looks through all of it for each mark.
_MARK = """
    UPDATE relance_notice SET transmitting_at = %s
    WHERE id IN (SELECT value FROM json_each(%s)) AND status = 'queued' AND claimed_by = %s AND transmitting_at IS NULL
    RETURNING id, true"""
_ACCEPT = """
    UPDATE relance_notice SET status = 'queued', issued_at = %s, outcome = given.outcome, refused = given.refused
    FROM (SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS outcome, json_extract(value, '$[2]') AS refused
        FROM json_each(%s)) AS given
    WHERE relance_notice.id = given.id AND status IN ('queued', 'unsure') AND claimed_by = %s
    RETURNING relance_notice.id, false"""
_WRITE_DOWN = """
    WITH leaving AS (
        SELECT * FROM unnest(%b::bigint[], %b::text[], %b::bytea[], %b::text[]) AS given (id, sha256, compressed, cuts)
    ), marked AS (
        UPDATE relance_notice SET transmitting_at = %b FROM leaving
        WHERE relance_notice.id = leaving.id AND status || '' = 'queued' AND claimed_by = %b AND transmitting_at IS NULL
        RETURNING leaving.*
    ), kept AS (
        INSERT INTO relance_rendition (company_id, notice_id, media_type, sha256, compressed, cuts)
        SELECT %b::bigint, id, %b, sha256, compressed, cuts::jsonb FROM marked
    ), taken AS (
        UPDATE relance_notice SET status = 'queued', issued_at = %b, outcome = given.outcome, refused = given.refused
        FROM unnest(%b::bigint[], %b::text[], %b::text[]) AS given (id, outcome, refused)
        WHERE relance_notice.id = given.id AND status || '' IN ('queued', 'unsure') AND claimed_by = %b
        RETURNING relance_notice.id
    )
    SELECT id, true FROM marked UNION ALL SELECT id, false FROM taken"""
