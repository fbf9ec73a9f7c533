"""A worker that dies at the point it is told to: started by the crash tests, one child process for each number on standard input.

A point is every statement and every commit of its database, and every word it says to a mail server or hears from one. Each line of
input is ``point connections scribes``; each line of output says where the worker died, or that it came to its end.
"""

import os
import signal
import smtplib
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # started as a program, it finds the rest of the tests
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relance.settings")


class Death:
    """Counts the points of this process and ends it at one of them, as kill -9 does."""

    def __init__(self, point: int, told: int) -> None:
        self._left, self._told, self._lock = point, told, threading.Lock()

    def passes(self, where: str) -> None:
        """One more point."""
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.write(self._told, where.encode())
                os.kill(os.getpid(), signal.SIGKILL)


def around(function: Callable[..., Any], where: str, death: Death) -> Callable[..., Any]:
    """The function with a point before it and one after it."""

    def surrounded(*args: Any, **options: Any) -> Any:
        death.passes(f"before {where}")
        found = function(*args, **options)
        death.passes(f"after {where}")
        return found

    return surrounded


def work_and_die(point: int, connections: int, scribes: int, told: int) -> None:
    """Send the queues until there is nothing more to do, or until the point is reached."""
    from django.conf import settings
    from django.db import connection

    from relance.steps import delivering
    from relance.work import work
    from tests.steps.scribes import Awaited

    death = Death(point, told)
    for name in ("putcmd", "send", "getreply"):
        setattr(smtplib.SMTP, name, around(getattr(smtplib.SMTP, name), name, death))
    connection.ensure_connection()
    connection.execute_wrappers.append(lambda execute, sql, *rest: around(execute, sql.split()[0], death)(sql, *rest))
    connection._commit = around(connection._commit, "COMMIT", death)
    delivering.PER_CONNECTION = 1
    if scribes:
        delivering.WORTH_A_SCRIBE, delivering.Scribe = 1, Awaited
    settings.RELANCE_EMAIL_URL += f"?connections={connections}&timeout=60"
    work(threading.Event(), once=True)


def main() -> None:
    """Fork a worker for each line, and say how it ended."""
    import django

    django.setup()
    import relance.work  # noqa: F401 - so that no child has to

    for line in sys.stdin:
        point, connections, scribes = map(int, line.split())
        heard, told = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                work_and_die(point, connections, scribes, told)
            except BaseException:  # noqa: BLE001 - whatever it is, it is told
                traceback.print_exc()
                os.write(told, b"a fault")
            finally:
                os._exit(0)
        os.close(told)
        os.waitpid(child, 0)
        with os.fdopen(heard) as words:
            print(words.read() or "lived", flush=True)


if __name__ == "__main__":
    main()
