"""How are many rows read, and many values named to a statement, on either database? As tuples, without what Django makes of each.

What many rows are written by stands in ``bulk``.
"""

import gc
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from itertools import chain, islice
from typing import Any

from django.db import connection, models
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.models.expressions import RawSQL
from psycopg import Cursor
from pydantic_core import to_json  # five times as quick as Python's own

Row = Sequence[Any]
_FEW = 100  # values that are written out
BATCH = 5_000


@lru_cache(maxsize=20_000)
def _date_of(raw: bytes) -> date:
    return date.fromisoformat(raw.decode())


SQLite.Database.register_converter("date", _date_of)  # Django's own takes each date apart anew, which takes as long as to fetch the row


def stream(query: models.QuerySet[Any, Any], size: int = BATCH) -> Iterator[tuple[Any, ...]]:
    """The tuples of a ``values_list`` query, read without Django's conversion of each value.

    Dates come as dates and booleans as truth values on both databases; annotate nothing that needs a converter of Django's.
    """
    sql, parameters = query.query.sql_with_params()
    with _cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(size):
            yield from rows


def _cursor() -> Any:
    """One that fetches as it is read, unless the connection is told that its answers are short."""
    return connection.cursor() if connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS") else connection.chunked_cursor()


def read(model: type[models.Model], columns: Sequence[str], order: Sequence[str] = (), **where: Any) -> Iterator[tuple[Any, ...]]:
    """The tuples of the rows that hold these values, by database column; a list stands for any of its values, all of one type.

    JSON and instants come as Django gives them. The query is written out: to compose it takes Django longer than the answer does.
    """
    conditions, parameters = [], []
    for column, value in where.items():
        if isinstance(value, list):
            if not value:
                return
            select, value = among_sql(value, type(value[0]))
            conditions.append(f'"{column}" IN ({select})')
        else:
            conditions.append(f'"{column}" = %s')
        parameters.append(value)
    named = ", ".join(f'"{column}"' for column in columns)
    ordered = f" ORDER BY {', '.join(f'{chr(34)}{column}{chr(34)}' for column in order)}" if order else ""
    statement = f'SELECT {named} FROM "{model._meta.db_table}" WHERE {" AND ".join(conditions)}{ordered}'
    yield from chain.from_iterable(fetched(statement, model, columns, parameters))


def fetched(statement: str, model: type[models.Model], columns: Sequence[str], parameters: Sequence[Any] = ()) -> Iterator[Iterable[Row]]:
    """What a statement written out selects of a model's columns, some thousands of rows at a time; JSON and instants as Django has them."""
    readers = _readers(model, tuple(columns))
    with _cursor() as cursor:
        cursor.execute(statement, parameters)
        while rows := cursor.fetchmany(BATCH):
            yield _as_read(rows, readers) if readers else rows


def rows_of(statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """All that a statement written out answers, as the driver has it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def rows_of_prepared(statement: str, parameters: Sequence[Any]) -> list[Any]:
    """The same of a statement that PostgreSQL is asked again and again: read and planned once for a connection, values as they are.

    In the text of a statement, as Django writes it, a long value of bytes is taken apart twice.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        return cursor.execute(statement, parameters, prepare=True, binary=True).fetchall()


def batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Some thousands of rows at a time."""
    rest = iter(rows)
    while some := list(islice(rest, BATCH)):
        yield some


@contextmanager
def many_tuples() -> Iterator[None]:
    """Spare the search for cycles while millions of tuples come and go: they have none, and it costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def among(values: Collection[int] | Collection[str], of: type = int) -> RawSQL | list[Any]:
    """Any number of values, ``of`` one type, for a filter ``column__in=…``: one parameter, where SQLite limits how many there may be.

    Few are written out one by one: of them SQLite knows that they are few, and takes the index of the column.
    """
    if 0 < len(values) <= _FEW:
        return list(values)
    select, parameter = among_sql(values, of)
    return RawSQL(select, [parameter])


def among_sql(values: Collection[int] | Collection[str], of: type = int) -> tuple[str, Any]:
    """The same for a statement written out: what stands in the brackets of ``IN (…)``, and its one parameter."""
    given = list(values)
    if connection.vendor != "postgresql":
        return "SELECT value FROM json_each(%s)", to_json(given).decode()
    if of is str:
        return "SELECT unnest(%s::text[])", given
    return "SELECT unnest(%s::bigint[])", _array(values)


def those(column: str, ids: Collection[int]) -> models.Q:
    """That a column is one of any number of identifiers, each another.

    Where they leave none out from the first to the last, as those of a run do, these two say it.
    """
    first, last = _ends(ids)
    return models.Q((f"{column}__range", (first, last))) if last - first + 1 == len(ids) else models.Q((f"{column}__in", among(ids)))


def those_sql(column: str, ids: Collection[int]) -> tuple[str, list[Any]]:
    """The same for a statement written out, with its parameters."""
    first, last = _ends(ids)
    if last - first + 1 == len(ids):
        return f"{column} BETWEEN %s AND %s", [first, last]
    among, parameter = among_sql(ids)
    return f"{column} IN ({among})", [parameter]


def _ends(ids: Collection[int]) -> tuple[int, int]:
    return (min(ids), max(ids)) if ids else (0, 0)


def named_sql(column: str, ids: Collection[int]) -> tuple[str, Any]:
    """A condition for a statement written out, that a column is one of a few hundred identifiers, and its one parameter.

    PostgreSQL looks each of them up. Of a list to join it may believe that it is the longer side, and read it again for every row.
    """
    if connection.vendor != "postgresql":
        among, parameter = among_sql(ids)
        return f"{column} IN ({among})", parameter
    return f"{column} = ANY (%s::bigint[])", _array(ids)


def _array(ids: Iterable[int | str]) -> str:
    """An array as PostgreSQL reads it: the driver takes ten times as long over each element."""
    return f"{{{','.join(map(str, ids))}}}"


def instant(at: datetime) -> Any:
    """An instant for a statement written out."""
    return connection.ops.adapt_datetimefield_value(at)


def day(value: Any) -> date:
    """A day that SQLite may give as its text, where a statement combines columns."""
    return value if isinstance(value, date) else _date_of(value.encode())


@cache
def _readers(model: type[models.Model], columns: tuple[str, ...]) -> dict[int, Callable[[Any], Any]]:
    """What to make of the values of some columns, by place: those that a driver does not give as Django does."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    readers: dict[int, Callable[[Any], Any]] = {}
    for place, column in enumerate(columns):
        if isinstance(fields[column], models.JSONField):
            readers[place] = json.loads
        elif isinstance(fields[column], models.DateTimeField):
            readers[place] = _in_utc
    return readers


def _as_read(rows: Iterable[Row], readers: Mapping[int, Callable[[Any], Any]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        values = list(row)
        for place, reader in readers.items():
            if values[place] is not None:
                values[place] = reader(values[place])
        yield tuple(values)


def _in_utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
