"""How are many rows written at once, on either database?

Model instances cost fifty times what a tuple costs; an import of a million lines and a run over as many items write tuples.
Callers hold a transaction. Rows are tuples in the order of ``columns``, which are names of the model's database columns.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models
from pydantic_core import to_json

from relance.models import backlog, tuples
from relance.models.tuples import Row

TOGETHER = 100  # rows in one INSERT on SQLite: what a statement prepares for its checks, it prepares once for all of them
FEW = 200  # rows for which a temporary table on PostgreSQL costs more than it saves
LAST_ID = 2**63 - 1
ALIKE = 8  # rows that must take the same values on average, or a statement of its own for each row is quicker
_SHORT = 200  # characters of a text that may stand in a statement again and again
_NULL = "\\N"  # in the text of COPY
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_TEMPORARY = "relance_bulk_update"
_Watcher = Callable[[type[models.Model], Collection[int]], None]
_watcher: ContextVar[_Watcher | None] = ContextVar("watcher", default=None)


def reserve_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Identifiers that nobody else will get, ascending, for rows about to be inserted with their ``id``."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _next_ids(cursor, table, count)
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
        if found is None:
            cursor.execute("INSERT INTO sqlite_sequence (seq, name) VALUES (0, %s)", [table])
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last + count, table])
        return range(last + 1, last + 1 + count)


def _next_ids(cursor: Any, table: str, count: int) -> Sequence[int]:
    """The next of a sequence: one after the other, unless somebody else takes some meanwhile; then they are read one by one."""
    sequence = "(SELECT pg_get_serial_sequence(%s, 'id')::regclass)"  # looked up once, not once a number
    numbers = f"SELECT nextval({sequence}) AS number FROM generate_series(1, %s)"
    cursor.execute(f"SELECT min(number), max(number) FROM ({numbers}) AS reserved", [table, count])
    first, last = cursor.fetchone()
    if last - first + 1 == count:
        return range(first, last + 1)
    cursor.execute(numbers, [table, count])
    return [number for (number,) in cursor.fetchall()]


def defaults(model: type[models.Model]) -> dict[str, Any]:
    """What a new row holds where nothing is said, by column; without its ``id``."""
    return {str(field.column): field.get_default() for field in model._meta.concrete_fields if not field.primary_key}


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], same: Mapping[str, Any] | None = None) -> int:
    """Insert rows and return how many; ``same``: further columns, with the one value that all rows have there.

    Columns left out are not given Django's defaults: name all but ``id`` and what is to be null.
    """
    same = _as_written(model, same or {})
    table, names = f'"{model._meta.db_table}"', [f'"{column}"' for column in (*columns, *same)]
    if connection.vendor != "postgresql":
        literals: list[str] | None = None
        count = 0
        for values in _written(model, columns, rows):
            literals = _literals(same.values()) if literals is None else literals
            count += _insert_together(table, names, values, literals)
        return count
    return _copy_all(model, f"COPY {table} ({', '.join(names)}) FROM STDIN", _written(model, columns, rows), list(same.values()))


def insert_selected(
    model: type[models.Model], columns: Sequence[str], select: str, same: Mapping[str, Any], parameters: Sequence[Any] = ()
) -> None:
    """Insert what a statement written out selects; ``same`` as for ``insert``. Identifiers are the database's."""
    same = {column: value for column, value in same.items() if value is not None}  # a null says nothing of its type
    names = ", ".join(f'"{column}"' for column in (*columns, *same))
    values = ", ".join(["picked.*", *["%s"] * len(same)])
    table = model._meta.db_table
    with connection.cursor() as cursor:
        statement = f'INSERT INTO "{table}" ({names}) SELECT {values} FROM ({select}) AS picked'
        cursor.execute(statement, [*same.values(), *parameters])
        if connection.vendor == "postgresql":
            backlog.tell_planner(table, cursor.rowcount)


@contextmanager
def temporary(tables: Mapping[str, str]) -> Iterator[None]:
    """Tables of the caller's transaction alone, with their columns; they are gone behind it."""
    for table, columns in tables.items():
        make_temporary(table, columns)
    yield
    if not connection.needs_rollback:  # what is rolled back takes them along
        for table in tables:
            drop_temporary(table)


def make_temporary(table: str, columns: str) -> None:
    """A table of the caller's transaction alone."""
    if connection.vendor == "postgresql":
        execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
    else:
        execute(f"CREATE TEMPORARY TABLE {table} ({columns.replace('bigint PRIMARY KEY', 'integer PRIMARY KEY')})")


def drop_temporary(table: str) -> None:
    """Let go of it before the transaction ends, which may hold another of that name."""
    execute(f"DROP TABLE {table}")


def execute(statement: str, parameters: Sequence[Any] = ()) -> None:
    """Run a statement written out."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def fill(table: str, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Put rows, given column by column, into a temporary table."""
    names = [f'"{column}"' for column in columns]
    if connection.vendor == "postgresql":
        _copy(f"COPY {table} ({', '.join(names)}) FROM STDIN", _text_of(values))
    else:
        _insert_together(table, names, [_said_plainly(column) for column in values], [])


def fill_rows(table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """The same, row by row."""
    for some in tuples.batches(rows):
        fill(table, columns, list(zip(*some, strict=True)))


def analyze(table: str) -> None:
    """Tell PostgreSQL how large a temporary table has become; of the values a small sample will do."""
    if connection.vendor == "postgresql":
        execute(f"SET LOCAL default_statistics_target = 10; ANALYZE {table}; SET LOCAL default_statistics_target TO DEFAULT")


def update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Set ``columns`` of the rows named by their ``id``, which comes first in each row; return how many rows were given."""
    if not _watcher.get():
        return _update(model, columns, rows)
    count = 0
    for some in tuples.batches(rows):
        touching(model, [row[0] for row in some])
        count += _update(model, columns, some)
    return count


def _update(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
    written = _written(model, ("id", *columns), rows)
    if not (first := next(written, [])):
        return 0
    table, count = model._meta.db_table, 0
    few, written = len(first[0]) <= FEW, chain([first], written)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql" or few:
            settings = ", ".join(f'"{column}" = %s' for column in columns)
            for ids, *values in written:
                cursor.executemany(f'UPDATE "{table}" SET {settings} WHERE id = %s', list(zip(*values, ids, strict=True)))
                count += len(ids)
            return count
        names = ", ".join(f'"{column}"' for column in ("id", *columns))
        cursor.execute(f'CREATE TEMPORARY TABLE {_TEMPORARY} ON COMMIT DROP AS SELECT {names} FROM "{table}" WHERE false')
        for values in written:
            _copy(f"COPY {_TEMPORARY} ({names}) FROM STDIN", _text_of(values))
            count += len(values[0])
        cursor.execute(f"ANALYZE {_TEMPORARY}")
        settings = ", ".join(f'"{column}" = new."{column}"' for column in columns)
        cursor.execute(f'UPDATE "{table}" AS old SET {settings} FROM {_TEMPORARY} AS new WHERE old.id = new.id')
        cursor.execute(f"DROP TABLE {_TEMPORARY}")
    return count


def update_alike(model: type[models.Model], columns: Sequence[str], alike: Mapping[tuple[Any, ...], Collection[int]]) -> None:
    """Set ``columns`` to values that many rows take, named by their ``id``: one statement for all that take the same."""
    if len(alike) * ALIKE > sum(map(len, alike.values())) + ALIKE:
        update(model, columns, ((pk, *values) for values, ids in alike.items() for pk in ids))
        return
    for values, ids in alike.items():
        touching(model, ids)
        model._base_manager.filter(tuples.those("pk", ids)).update(**dict(zip(columns, values, strict=True)))


def update_each(model: type[models.Model], changes: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Set of each row, named by its ``id``, the columns that are said of it: a statement for all of which the same are."""
    by_columns: dict[tuple[str, ...], list[Row]] = {}
    for pk, values in changes:
        by_columns.setdefault(tuple(values), []).append((pk, *values.values()))
    for columns, rows in by_columns.items():
        if columns:
            update(model, columns, rows)


@contextmanager
def watched_by(watcher: _Watcher) -> Iterator[None]:
    """Tell of rows inside, before they are changed or deleted."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def touching(model: type[models.Model], ids: Collection[int]) -> None:
    """Say that these rows are about to be changed, or deleted, by a statement that is not of this file."""
    if watcher := _watcher.get():
        watcher(model, ids)


def _copy_all(model: type[models.Model], statement: str, batches: Iterator[list[Row]], same: Sequence[Any]) -> int:
    """Copy batches of columns into a table, each row with the same further values; where there is a backlog, they wait in it."""
    table, count = model._meta.db_table, 0
    for columns in batches:
        text, rows = _text_of(columns, same), len(columns[0])
        count += rows
        if kept := backlog.at_hand():
            kept.add(table, statement, text, rows)
        else:
            _copy(statement, text)
    if not backlog.at_hand():
        backlog.tell_planner(table, count)
    return count


def _text_of(columns: Sequence[Row], same: Sequence[Any] = ()) -> bytes:
    """Rows as COPY reads them: put together by columns, which takes half as long as row by row."""
    last = "".join(f"\t{text}" for value in same for text in _texts([value])) + "\n"
    texts = []
    for values in columns:
        texts.append(_texts(values))
        backlog.go_on()  # the server may have the time before all of them are written
    rows = map("\t".join, zip(*texts, strict=True))
    return (last.join(rows) + last).encode()


def _texts(values: Row) -> Sequence[str]:
    """The values of a column, which are all of a kind, as COPY reads them."""
    first = next((value for value in values if value is not None), None)
    if isinstance(first, str):
        plain = None not in values and not any(map("".join(values).__contains__, "\\\t\n\r"))
        return values if plain else [_NULL if value is None else value.translate(_ESCAPED) for value in values]
    if isinstance(first, bytes):
        return [_NULL if value is None else f"\\\\x{value.hex()}" for value in values]
    written = _iso if type(first) is date else str
    return [_NULL if value is None else written(value) for value in values]


def _copy(statement: str, text: bytes) -> None:
    """Copy at once, behind what waits."""
    if kept := backlog.at_hand():
        kept.finish()
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        copy.write(text)


def _insert_together(table: str, names: Sequence[str], columns: Sequence[Row], literals: Sequence[str]) -> int:
    """Insert into SQLite, many rows by one statement; what all of them have alike is part of it, and a null is not even named."""
    count = len(columns[0])
    varying: dict[str, Row] = {}
    alike: dict[str, Any] = {}
    for name, values in zip(names, columns, strict=False):
        first = values[0]
        if values.count(first) < count or (first is not None and (count < TOGETHER or not _is_plain(first))):
            varying[name] = values
        elif first is not None:
            alike[name] = first
    row = f"({', '.join([*['%s'] * len(varying), *_literals(alike.values()), *literals])})"
    statement = f"INSERT INTO {table} ({', '.join([*varying, *alike, *names[len(columns) :]])}) VALUES "
    rows = list(zip(*varying.values(), strict=True)) or [()] * count
    whole = count - count % TOGETHER
    together = [list(chain.from_iterable(rows[start : start + TOGETHER])) for start in range(0, whole, TOGETHER)]
    with connection.cursor() as cursor:
        if together:
            cursor.executemany(statement + ", ".join([row] * TOGETHER), together)
        cursor.executemany(statement + row, rows[whole:])
    return count


def _is_plain(value: Any) -> bool:
    """Whether SQLite's own quoting gives it back as it is, in few characters."""
    return isinstance(value, int) or (isinstance(value, str) and len(value) <= _SHORT and "\0" not in value)


def _said_plainly(values: Sequence[Any]) -> Sequence[Any]:
    """Days of a column as SQLite has them."""
    first = next((value for value in values if value is not None), None)
    return [value and _iso(value) for value in values] if isinstance(first, date) else values


def _literals(values: Collection[Any]) -> list[str]:
    """How SQLite writes these values in a statement."""
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(['quote(%s)'] * len(values))}", list(values))
        return [text.replace("%", "%%") for text in cursor.fetchone()]


def _written(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Batches of rows turned into columns, which are quicker to write: dates, instants, truth values and JSON as the driver takes them."""
    writers = _writers(model, tuple(columns))
    for batch in tuples.batches(rows):
        yield [
            values if writer is None else [None if value is None else writer(value) for value in values]
            for writer, values in zip(writers, zip(*batch, strict=True), strict=True)
        ]


def _as_written(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    writers = _writers(model, tuple(values))
    return {
        column: value if writer is None or value is None else writer(value)
        for (column, value), writer in zip(values.items(), writers, strict=True)
    }


@cache
def _writers(model: type[models.Model], columns: tuple[str, ...]) -> list[Callable[[Any], Any] | None]:
    fields = {field.column: field for field in model._meta.concrete_fields}
    return [_writer(fields[column]) for column in columns]


def _writer(field: "models.Field[Any, Any]") -> Callable[[Any], Any] | None:
    if isinstance(field, models.JSONField):
        return _json
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.BooleanField):
        return int  # what sqlite3 would look up an adapter for, time and again
    if isinstance(field, models.DateTimeField):
        return _naive_utc
    return _iso if isinstance(field, models.DateField) else None


def _json(value: Any) -> str:
    """JSON text; a text is taken for JSON already (no column of ours holds a bare string)."""
    if isinstance(value, str):
        return value
    return "[]" if value == [] else to_json(value).decode()  # most notices deduct nothing


@lru_cache(maxsize=100)
def _naive_utc(value: datetime) -> str:
    return str(value.astimezone(UTC).replace(tzinfo=None))


@lru_cache(maxsize=20_000)
def _iso(value: date) -> str:
    return value.isoformat()
