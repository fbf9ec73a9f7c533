"""What waits to be taken in by PostgreSQL, while the program goes on?

A server and the program that feeds it are two, and by turns each waits for the other: at the end of every COPY the program waits until the
rows, their indexes and their constraints are done. Within a ``backlog`` it does not. What is copied waits, and goes to the server when that
has done what it had, each time the program says that it goes on; any other statement comes after all that waits. Rows are checked when they
are copied, and no longer at the commit: parents come first.

SQLite works in the program itself: there nothing waits.
"""

import selectors
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import count
from typing import Any, TypeVar

from django.db import connection
from psycopg import OperationalError, pq
from psycopg.errors import error_from_result

Row = TypeVar("Row")
MANY = 2_000  # rows after which PostgreSQL plans by statistics that are no longer true, until it is told
_PIECE = 1 << 18  # bytes handed to the driver at a time
_BETWEEN = 8  # times that the program goes on
_LONGEST = 8_000_000  # bytes that may wait; beyond them the program does

_BEGIN, _END = "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"
# The plan of a check is made once, perhaps while its table is all but empty, and would read it from end to end ever after.
_SEEK, _SEEK_NO_MORE = "SET LOCAL enable_seqscan = off", "SET LOCAL enable_seqscan TO DEFAULT"


class Backlog:
    """What waits for the server, and what the server is at."""

    def __init__(self) -> None:
        self._server: Any = connection.connection.pgconn
        self._waiting: deque[tuple[str, bytes]] = deque()  # statements, each with the text that it copies
        self._size = 0  # of the texts, in bytes
        self._counts: Counter[str] = Counter()  # rows by table
        self._is_working = False
        self._refusal: pq.abc.PGresult | None = None
        self._times = count(1)  # that the program has said that it goes on

    def add(self, table: str, statement: str, text: bytes, count: int) -> None:
        """Let so many rows wait, the text of a COPY."""
        self._waiting.append((statement, text))
        self._size += len(text)
        before, self._counts[table] = self._counts[table], self._counts[table] + count
        if before <= MANY < self._counts[table]:
            self._waiting.append((_telling(table, self._counts[table]), b""))
        self.go_on()
        while self._size > _LONGEST:
            self._wait()
            self.go_on()

    def is_time(self) -> bool:
        """Whether the server is to be asked: to ask it takes longer than what is done between two times."""
        return not next(self._times) % _BETWEEN

    def go_on(self) -> None:
        """Hand over what the server has the time for, without waiting for it; raise what it objects to."""
        while self._has_time() and self._waiting:
            self._begin(*self._waiting.popleft())

    def finish(self) -> None:
        """Wait until nothing waits any more."""
        self.go_on()
        while self._is_working:
            self._wait()
            self.go_on()

    def drop(self) -> None:
        """Forget what waits, and hear the server out, if it is there: the transaction is rolled back."""
        self._waiting.clear()
        with suppress(OperationalError):
            while not self._hear():
                self._wait()

    def _begin(self, statement: str, text: bytes) -> None:
        if text:
            opened = self._server.exec_(statement.encode())
            if opened.status != pq.ExecStatus.COPY_IN:
                self._refuse(opened)
            for start in range(0, len(text), _PIECE):
                while not self._server.put_copy_data(text[start : start + _PIECE]):
                    self._wait()
            self._server.put_copy_end()
            self._size -= len(text)
        else:
            self._server.send_query(statement.encode())
        self._is_working = True

    def _has_time(self) -> bool:
        has_time = self._hear()
        if has_time and self._refusal is not None:
            self._refuse(self._refusal)
        return has_time

    def _hear(self) -> bool:
        """Send what the driver has not sent yet, take what the server answers; return whether that was all."""
        if self._is_working:
            self._server.flush()
            self._server.consume_input()
        while self._is_working and not self._server.is_busy():
            answer = self._server.get_result()
            self._is_working = answer is not None
            if answer is not None and answer.status != pq.ExecStatus.COMMAND_OK:
                self._refusal = answer
        return not self._is_working

    def _wait(self) -> None:
        unsent = self._server.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(self._server.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if unsent else 0))
            selector.select()

    def _refuse(self, answer: pq.abc.PGresult) -> None:
        raise error_from_result(answer)


_at_hand: ContextVar[Backlog | None] = ContextVar("backlog", default=None)


@contextmanager
def backlog(*, parents_too: bool = True) -> Iterator[None]:
    """Let what is inserted inside wait until the server has the time; the caller holds a transaction, and inserts parents first.

    ``parents_too``: what rows refer to is inserted inside as well, and not there long since.
    """
    if connection.vendor != "postgresql":
        yield
        return
    _execute(f"{_BEGIN}; {_SEEK}" if parents_too else _BEGIN)
    kept = Backlog()
    token = _at_hand.set(kept)
    try:
        with connection.wrap_database_errors, connection.execute_wrapper(_after(kept)):
            yield
            kept.finish()
    except BaseException:
        kept.drop()
        raise
    finally:
        _at_hand.reset(token)
    _execute(f"{_END}; {_SEEK_NO_MORE}" if parents_too else _END)


def at_hand() -> Backlog | None:
    """What inserted rows are to wait in; None where they are not."""
    return _at_hand.get()


def go_on() -> None:
    """Say, as often as one likes, that the program goes on: the server, which is asked now and then, may have the time for more."""
    if (kept := _at_hand.get()) and kept.is_time():
        kept.go_on()


def read_before(rows: Iterable[Row]) -> Iterable[Row]:
    """What the program goes on by, read now if something may wait: while the server is at that, it gives no further rows of a query."""
    if kept := _at_hand.get():
        kept.finish()
        return list(rows)
    return rows


def tell_planner(table: str, count: int) -> None:
    """Statistics for a table that so many new rows have more than doubled; from then on PostgreSQL reckons by its size."""
    if count > MANY:
        _execute(_telling(table, count))


def _after(kept: Backlog) -> Callable[..., Any]:
    def execute(run: Callable[..., Any], *statement: Any) -> Any:
        kept.finish()
        return run(*statement)

    return execute


def _telling(table: str, count: int) -> str:
    known = f"(SELECT reltuples FROM pg_class WHERE oid = '{table}'::regclass)"  # noqa: S608  a table of our own
    return f'DO $$ BEGIN IF {known} < {count} THEN ANALYZE "{table}"; END IF; END $$'


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
