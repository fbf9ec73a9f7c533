"""Who prepares the messages of a long queue? A process of its own, so that two cores work: one writes while the other hands over.

The scribe reads the database and changes nothing. Without one (it has not started yet, it has died) the clerk prepares what he has asked
for himself, so nothing depends on it. It ends with its standard input, so it does not outlive a delivery that is killed.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, NamedTuple, Self

from django.db import connection

from relance.models.company import Company
from relance.steps.delivering.parcels import Prepared, Preparer

_CHILD = "import django; django.setup(); from relance.steps.delivering.scribe import write; write()"
_READY = "ready"


class Ready(NamedTuple):
    """The scribe has prepared some notices."""

    prepared: Prepared


class Gone(NamedTuple):
    """There is no scribe any more."""


class Scribe:
    """A process that prepares notices of one company until the block is left; ``tell`` hears what comes of them, in another thread."""

    def __init__(self, company_id: int, tell: Callable[[Ready | Gone], None]) -> None:
        self._company_id, self._tell = company_id, tell
        self.is_ready = False  # it takes a second to start

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "relance.settings"},
            start_new_session=True,  # Ctrl+C is for the clerk
        )
        self._say((_database(), self._company_id))
        self._thread = threading.Thread(target=self._listen, name="scribe", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()  # it only reads
        with suppress(OSError):
            self._pipe_in.close()
        self._process.wait()
        self._thread.join()
        self._pipe_out.close()

    def ask(self, notice_ids: Collection[int]) -> None:
        """Have these notices prepared; if the scribe has gone meanwhile, that is told."""
        self._say(list(notice_ids))

    @property
    def _pipe_in(self) -> IO[bytes]:
        assert self._process.stdin
        return self._process.stdin

    @property
    def _pipe_out(self) -> IO[bytes]:
        assert self._process.stdout
        return self._process.stdout

    def _say(self, words: Any) -> None:
        with suppress(OSError):
            pickle.dump(words, self._pipe_in)
            self._pipe_in.flush()

    def _listen(self) -> None:
        with suppress(EOFError, OSError, pickle.UnpicklingError):
            self.is_ready = pickle.load(self._pipe_out) == _READY  # noqa: S301 - our own process
            while True:
                self._tell(Ready(pickle.load(self._pipe_out)))  # noqa: S301
        self.is_ready = False
        self._tell(Gone())


def write() -> None:
    """What the process does. A fault ends it without a word: the clerk, who then prepares the same notices, meets it himself."""
    told = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints does not disturb
    with suppress(Exception):
        database, company_id = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent
        if database != _database():
            return
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True  # a few hundred rows come at once sooner than in three steps
        preparer = Preparer(Company.objects.get(pk=company_id))
        words: Any = _READY
        while True:
            pickle.dump(words, told)
            told.flush()
            words = preparer.prepare(pickle.load(sys.stdin.buffer))  # noqa: S301


def _database() -> str:
    """Which database this process reads: one that was given another than its environment says has no scribe."""
    return repr([str(connection.settings_dict[name]) for name in ("ENGINE", "NAME")])
