"""How is a write done once, however often it is asked for? Its caller names it by an Idempotency-Key, and it is answered alike every time.

The key and what is done are stored in one transaction: a process that is killed leaves both or neither. A call that was refused keeps
nothing, and may be put right under the same key.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils import timezone

from relance.api.access import Called
from relance.dossier import Fault, Faults
from relance.models import answered
from relance.models.tokens import Answered

HEADER = "Idempotency-Key"
_LONGEST = 200
View = Callable[..., Any]
KEYED: set[View] = set()  # the operations that may be asked for under a key


def keyed(view: View) -> View:
    """Say of an operation that it may be asked for under a key."""
    KEYED.add(view)
    return view


def once(view: View) -> View:
    """Let an operation that writes be asked for again under a key, without being done again."""

    @wraps(view)
    def guarded(request: Called, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            row = _row(request)
            if row is not None and row.answer is not None:
                return answered.told(row)
            answer = view(request, *args, **kwargs)
            return answer if row is None else answered.keep(row, answer)

    return keyed(guarded)


def stored_then_sent(
    request: Called, store: Callable[[], int], see_through: Callable[[int], Any] | None, tell: Callable[[int], Any]
) -> Any:
    """Store a run under the key; then, outside of any transaction, send what it has, and answer what came of it.

    Asked for again after a process was killed in between, the run is stored already, and only seen through.
    """
    with transaction.atomic():
        row = _row(request)
        if row is not None and row.answer is not None:
            return answered.told(row)
        made = row.made if row is not None and row.made is not None else store()
        if row is not None and row.made is None:
            answered.note_made(row, made)
    answer = tell(made) if see_through is None else see_through(made)
    return answer if row is None else answered.keep(row, answer, made=made)


def _row(request: Called) -> Answered | None:
    """The row of the key that the caller gave, if any. Raises OtherRequest, and Faults for what is no key."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not key.strip() or len(key) > _LONGEST or not key.isprintable() or not key.isascii():
        raise Faults([Fault(HEADER, f"a key is 1 to {_LONGEST} printable ASCII characters")])
    asked = f"{request.method} {request.get_full_path()}".encode()
    return answered.take(request.auth, request.company, key, answered.digest_of(asked, request.body), timezone.now())
