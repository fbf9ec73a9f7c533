"""What takes seconds on a large ledger is computed beside the page, which asks for it again; it is kept until something happens.

It is kept in this process, for what is looked at may be as large as the ledger, and only the latest few.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from relance.models.book import is_short
from relance.models.company import Company
from relance.models.lists.kept import LONGEST, state_of

Looked = TypeVar("Looked")
_MOST = 8  # things kept
_AT_ONCE = 0.05  # seconds that a page waits for what may be there in a moment
_threads = ThreadPoolExecutor(2, "beside")
_kept: OrderedDict[tuple[int, str], "_Kept"] = OrderedDict()
_lock = Lock()


class _Kept(NamedTuple):
    state: str
    since: float
    result: Future[Any]


def computed(company: Company, what: str, compute: Callable[[], Looked]) -> Looked | None:
    """What computing gives in this state of the company, or what it raises; None while it is being computed.

    ``what`` names the question with everything that it depends on beside the company: the day, who may see what, the language.
    """
    state = state_of(company)
    if not state or is_short(company):
        return compute()
    with _lock:
        result = _under_way((company.pk, what), state, compute)
    try:
        looked: Looked = result.result(_AT_ONCE)
    except TimeoutError:
        if not result.done():
            return None
        raise
    return looked


def _under_way(key: tuple[int, str], state: str, compute: Callable[[], Any]) -> Future[Any]:
    found = _kept.get(key)
    if found is None or found.state != state or time.monotonic() - found.since > LONGEST:
        found = _kept[key] = _Kept(state, time.monotonic(), _threads.submit(copy_context().run, _closing, compute))
    _kept.move_to_end(key)
    while len(_kept) > _MOST:
        _kept.popitem(last=False)
    return found.result


def _closing(compute: Callable[[], Looked]) -> Looked:
    """A thread has a connection of its own, which nobody else closes."""
    try:
        return compute()
    finally:
        connection.close()
