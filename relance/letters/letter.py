"""How does a notice become a letter? One PDF per letter, set in worker processes when there are many."""

import itertools
import queue
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing

from relance.letters.page import page
from relance.letters.placeholders import Data
from relance.letters.press import Press
from relance.letters.typesetter import LetterProblem, own_typesetter

__all__ = ["LetterProblem", "render_letter", "render_many"]

FEW = 8  # letters for which starting processes costs more than it brings
LONG = 2_000  # lines, on the letters together, that are not few any more
AHEAD = 100  # letters begun, for each process, before the first of them is asked for: a second of work


def render_letter(data: Data) -> bytes:
    """The letter of a notice as PDF/A-2b, the same bytes each time; ``data`` as in docs/reference/letter-data.md. Raises LetterProblem."""
    return own_typesetter().set("letter", page(data))


def render_many(letters: Iterable[Data], processes: int = 2) -> Iterator[bytes | LetterProblem]:
    """Each letter, or what is wrong with it, in the order given; few of them are ever in memory."""
    waiting = iter(letters)
    first = list(itertools.islice(waiting, FEW))
    if len(first) < FEW and sum(len(data["lines"]) for data in first) < LONG:
        return (_attempt(data) for data in first)
    return _on_presses(itertools.chain(first, waiting), processes)


def _attempt(data: Data) -> bytes | LetterProblem:
    try:
        return render_letter(data)
    except LetterProblem as problem:
        return problem


def _on_presses(letters: Iterable[Data], processes: int) -> Iterator[bytes | LetterProblem]:
    with ExitStack() as stack:
        presses: queue.SimpleQueue[Press] = queue.SimpleQueue()
        for _ in range(processes):
            presses.put(stack.enter_context(closing(Press())))
        pool = stack.enter_context(ThreadPoolExecutor(processes))
        begun: deque[Future[bytes | LetterProblem]] = deque()
        for data in letters:
            begun.append(pool.submit(_set, data, presses))
            if len(begun) >= AHEAD * processes:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def _set(data: Data, presses: "queue.SimpleQueue[Press]") -> bytes | LetterProblem:
    press = presses.get()
    try:
        return press.set("letter", data)
    finally:
        presses.put(press)
