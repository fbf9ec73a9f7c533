"""In which process is a page set? In one of its own, with limits on memory and time: a page that cannot be set must not take a run with it.

``python -m relance.letters.press FONTS`` is the worker: it reads orders from its input and answers with pages, until its input ends.
"""

import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
from threading import Timer
from typing import Any, BinaryIO

from relance.letters.page import page
from relance.letters.typesetter import LetterProblem, Typesetter, fonts_folder

MEMORY = 2 << 30  # bytes of addresses; a letter of 300 lines takes a tenth of it
SECONDS = 60.0  # for one page order
ORDERS = 5_000  # after which a worker is replaced, whatever the typesetter remembers of what it has set
_HEAD = struct.Struct(">cQ")
_READY, _PAGE, _PROBLEM, _FAULT = b"r", b"p", b"x", b"f"


class Press:
    """One worker process, started when it is first needed, and anew when it has died or has set many pages."""

    def __init__(self) -> None:
        self._worker: subprocess.Popen[bytes] | None = None
        self._orders = 0

    @property
    def pid(self) -> int | None:
        """The worker's process, if one runs."""
        return self._worker.pid if self._worker else None

    def set(self, template: str, data: dict[str, Any]) -> bytes | LetterProblem:
        """The page of a template, or what is wrong with its data. Raises RuntimeError for a fault of ours."""
        order = json.dumps([template, data]).encode()
        answer = self._ask(order) or self._ask(order)  # once more: what killed the worker may not have been this page
        if answer is None:
            return LetterProblem("the page is too long to be typeset")
        kind, content = answer
        if kind == _FAULT:
            raise RuntimeError(content.decode())
        return content if kind == _PAGE else LetterProblem(content.decode())

    def close(self) -> None:
        """End the worker."""
        if self._worker:
            for pipe in (self._worker.stdin, self._worker.stdout):
                assert pipe
                with contextlib.suppress(OSError):
                    pipe.close()
            self._worker.wait()
            self._worker = None

    def _ask(self, order: bytes) -> tuple[bytes, bytes] | None:
        worker = self._ready()
        assert worker.stdin
        assert worker.stdout
        limit = Timer(SECONDS, worker.kill)
        limit.start()
        try:
            _write(worker.stdin, _PAGE, order)
            answer = _read(worker.stdout)
        except OSError:
            answer = None
        finally:
            limit.cancel()
        if answer is None:
            self.close()
        return answer

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._orders >= ORDERS:
            self.close()
        if self._worker is None:
            self._worker, self._orders = _start(), 0
        self._orders += 1
        return self._worker


def _start() -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(path for path in sys.path if path)
    worker = subprocess.Popen(  # noqa: S603 - this program itself
        [sys.executable, "-m", "relance.letters.press", fonts_folder()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": paths, "RAYON_NUM_THREADS": "1"},
    )
    assert worker.stdout
    if _read(worker.stdout) is None:
        raise RuntimeError("the process that typesets letters does not start")
    return worker


def _write(pipe: BinaryIO | Any, kind: bytes, content: bytes) -> None:
    pipe.write(_HEAD.pack(kind, len(content)))
    pipe.write(content)
    pipe.flush()


def _read(pipe: BinaryIO | Any) -> tuple[bytes, bytes] | None:
    """One message, or None when the other side is gone."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    kind, size = _HEAD.unpack(head)
    content = pipe.read(size)
    return (kind, content) if len(content) == size else None


def _work(typesetter: Typesetter, orders: BinaryIO, answers: BinaryIO) -> None:
    _write(answers, _READY, b"")
    while order := _read(orders):
        template, data = json.loads(order[1])
        try:
            answer = (_PAGE, typesetter.set(template, page(data) if template == "letter" else data))
        except LetterProblem as problem:
            answer = (_PROBLEM, str(problem).encode())
        except Exception as error:  # noqa: BLE001 - it goes on to the process that asked
            answer = (_FAULT, f"{type(error).__name__}: {error}".encode())
        _write(answers, *answer)


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asked decides when to stop, and ends this by closing its input
    _limit_memory()
    _work(Typesetter(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
