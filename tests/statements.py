"""Which tests run again on the second database? Those that together say every statement that was said to the first.

The suite notes on SQLite what each test says to the database, in the cache of pytest; on PostgreSQL ``--each-statement`` asks for as few
of them as say it all. What no note is kept of runs; so does what draws its values, or writes for good: a database differs from another
in what it understands, in the values it takes, and in who waits for whom.
"""

import heapq
import re
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

import pytest
from django.db import connection

KEPT_AS = "relance/statements"
Note = tuple[int, list[int]]  # how many statements a test said in all, and which

_LIST = re.compile(r"%s(?:,\s*%s)*")
_ROWS = re.compile(r"(\(%s\d+\))(?:,\s*\(%s\d+\))+")
_NAMES = re.compile(r"\bs\d+_x\d+\b|_django_curs_\w+|\b\d+\b")


@lru_cache(maxsize=20_000)
def number(statement: str) -> int:
    """The number of a statement: the same for the same words, whatever the values; of a list, whose length is of the same order."""
    plain = _NAMES.sub("0", statement)
    rows = _ROWS.sub(lambda found: f"{found[1]}*{found[0].count('(').bit_length() // 2}", _LIST.sub(_size, plain))
    return crc32(rows.encode())


def _size(found: re.Match[str]) -> str:
    return f"%s{found[0].count('%').bit_length() // 2}"


class Notes:
    """What the tests of this run have said so far, by the name of the test."""

    def __init__(self) -> None:
        self.taken: dict[str, Note] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test says."""
        said: list[int] = []

        def note(execute, statement, parameters, many, context):
            said.append(number(str(statement)))
            return execute(statement, parameters, many, context)

        with connection.execute_wrapper(note):
            done = yield
        if said:
            self.taken[item.nodeid] = (len(said), sorted(set(said)))
        return done

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node) -> None:
        """Take over what a worker process has noted."""
        self.taken |= getattr(node, "workeroutput", {}).get(KEPT_AS, {})

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep what was noted for the second database; a worker process hands it to the first process."""
        config = session.config
        if hasattr(config, "workeroutput"):
            config.workeroutput[KEPT_AS] = self.taken
        elif getattr(config, "cache", None) is not None:
            config.cache.set(KEPT_AS, config.cache.get(KEPT_AS, {}) | self.taken)


def chosen(items: list[pytest.Item], kept: dict[str, Note]) -> set[pytest.Item]:
    """The tests that run on the second database."""
    known = [item for item in items if item.nodeid in kept and not _always_runs(item)]
    running = set(items).difference(known)
    missing = {one for item in known for one in kept[item.nodeid][1]}
    missing -= {one for item in running for one in kept.get(item.nodeid, (0, []))[1]}
    queue = [(-len(said) / (length + 20), place) for place, (length, said) in enumerate(kept[item.nodeid] for item in known)]
    heapq.heapify(queue)
    while missing and queue:  # always what says most that is missing for what it takes; what is worth less than it was is put back
        _, place = heapq.heappop(queue)
        length, said = kept[known[place].nodeid]
        worth = len(missing.intersection(said)) / (length + 20)
        if queue and -worth > queue[0][0]:
            if worth:
                heapq.heappush(queue, (-worth, place))
        elif worth:
            running.add(known[place])
            missing.difference_update(said)
    return running


def _always_runs(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    commits = "transactional_db" in getattr(item, "fixturenames", ()) or (mark is not None and mark.kwargs.get("transaction"))
    return bool(commits or item.get_closest_marker("hypothesis") or item.get_closest_marker("drawn"))
