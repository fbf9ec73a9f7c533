"""How fast are notices sent, against a bare concurrent smtplib loop that sends the same bytes and makes two durable commits for each?

Run it with ``make bench`` or ``python bench/sending.py [sqlite|postgresql] [notices]``. Both use as many connections, to the same sink, in
the same run, and leave the database as durable as the product has it. The product uses all its connections from 2,250 messages on. The
processor time is printed too: on a machine with other work it says more than the clock.
"""

import resource
import smtplib
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

BOUND = 0.7  # of the messages a second of the bare loop
NOTICES = 10_000
CONNECTIONS = 16
ITEMS_PER_NOTICE = 4  # to have enough of them
Commit = Callable[[int, str], object]


def main(arguments: list[str]) -> None:
    """Measure on the databases named, each in a process of its own."""
    kinds = [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite", "postgresql"]
    notices = next((word for word in arguments if word.isdigit()), str(NOTICES))
    for kind in kinds:
        subprocess.run([sys.executable, __file__, "--measure", kind, notices], check=True)


def measure(kind: str, wanted: int) -> None:
    """Send so many notices both ways, and print messages a second and their ratio."""
    import place

    with sink() as port, place.database(kind):
        company, errands = queued(wanted)
        began = _processor_time()
        bare = len(errands) / bare_loop(committing(kind, errands), port, errands)
        between = _processor_time()
        ours = len(errands) / delivery(company, port, len(errands))
        spent, bare_spent = (1000 * took / len(errands) for took in (_processor_time() - between, between - began))
    print(
        f"{kind}: {len(errands):,} messages, bare loop {bare:,.0f}/s, Relance {ours:,.0f}/s = {ours / bare:.2f} x (bound {BOUND} x); "
        f"processor time a message: bare loop {bare_spent:.2f} ms, Relance {spent:.2f} ms"
    )


def _processor_time() -> float:
    """Seconds that this process has used, and those it started and that have ended: the one that prepares messages, not the sink."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def queued(wanted: int) -> tuple[Any, list[Any]]:
    """A company with so many e-mails queued, and what a postman would be given of each: the very bytes."""
    import ledger

    from relance.models import Notice, NoticeLine
    from relance.models.outgoing.frozen import read
    from relance.steps import proposing
    from relance.steps.delivering import compose

    company = ledger.fill(wanted * ITEMS_PER_NOTICE)
    run, _ = proposing.store_run(proposing.Session(company, ledger.AS_OF), "bench")
    kept = list(Notice.objects.filter(run=run).order_by("position", "id").values_list("pk", flat=True)[:wanted])
    NoticeLine.objects.filter(notice__run=run, notice__gt=kept[-1]).update(in_flight=False)
    Notice.objects.filter(run=run, pk__gt=kept[-1]).update(status="withdrawn")
    waiting = read(Notice.objects.filter(run=run, status="queued"))
    return company, [compose(notice, run).errand for notice in waiting]


def delivery(company: Any, port: int, expected: int) -> float:
    """Send the queue as the product does; the seconds it took."""
    from django.conf import settings

    from relance.steps.delivering import deliver

    settings.RELANCE_EMAIL_URL = f"smtp://127.0.0.1:{port}?connections={CONNECTIONS}"
    started = time.perf_counter()
    assert deliver(company, "bench").sent == expected
    return time.perf_counter() - started


def bare_loop(connect: Callable[[], Commit], port: int, errands: list[Any]) -> float:
    """Send the messages by as many threads, each with two connections of its own; the seconds it took."""
    waiting: SimpleQueue[Any] = SimpleQueue()
    for errand in errands:
        waiting.put(errand)

    def carry() -> None:
        commit = connect()
        with smtplib.SMTP("127.0.0.1", port) as server:
            while True:
                try:
                    errand = waiting.get_nowait()
                except Empty:
                    return
                commit(errand.key, "transmitting")
                server.sendmail(errand.sender, errand.recipients, errand.message)
                commit(errand.key, "sent")

    threads = [threading.Thread(target=carry) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def committing(kind: str, errands: list[Any]) -> Callable[[], Commit]:
    """A table of the messages' states; whoever connects gets a function that sets one, durable when it returns."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id bigint PRIMARY KEY, state text)")
        cursor.executemany("INSERT INTO bare (id, state) VALUES (%s, 'queued')", [(errand.key,) for errand in errands])
    return _by_sqlite(connection.settings_dict["NAME"]) if kind == "sqlite" else _by_postgresql(connection.get_connection_params())


def _by_sqlite(path: str) -> Callable[[], Commit]:
    turn = threading.Lock()  # or the threads would spend their time waiting for the file's lock

    def connect() -> Commit:
        own = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        own.execute("PRAGMA synchronous=FULL")

        def commit(key: int, state: str) -> None:
            with turn:
                own.execute("UPDATE bare SET state = ? WHERE id = ?", (state, key))

        return commit

    return connect


def _by_postgresql(parameters: dict[str, Any]) -> Callable[[], Commit]:
    import psycopg

    options = {name: value for name, value in parameters.items() if name in ("dbname", "user", "password", "host", "port")}

    def connect() -> Commit:
        own = psycopg.connect(**options, autocommit=True)
        return lambda key, state: own.execute("UPDATE bare SET state = %s WHERE id = %s", (state, key))

    return connect


@contextmanager
def sink() -> Iterator[int]:
    """The port of a server that takes everything."""
    server = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("sink.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin
    assert server.stdout
    try:
        yield int(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], int(sys.argv[3]))
    else:
        main(sys.argv[1:])
