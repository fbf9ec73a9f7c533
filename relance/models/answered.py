"""Was this asked before? Writes named by their callers: done once, answered alike every time, also after a process was killed."""

import hashlib
import json
import zlib
from datetime import datetime, timedelta
from typing import Any

from relance.models.company import Company
from relance.models.tokens import Answered, Token

KEPT = timedelta(days=2)  # after which a key means nothing any more


class OtherRequest(Exception):
    """The key was given to another request before."""


def digest_of(*parts: bytes) -> str:
    """What tells one request from another."""
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def take(token: Token, company: Company | None, key: str, digest: str, now: datetime) -> Answered:
    """The row of a key, new or as it stands, in the caller's transaction: who asks at the same time waits for it to end.

    ``company`` is the one that the call is about, if it is about one. Raises OtherRequest.
    """
    mine = Answered.objects.filter(token=token)
    mine.filter(at__lt=now - KEPT).delete()
    Answered.objects.bulk_create([Answered(company=company, token=token, key=key, digest=digest, at=now)], ignore_conflicts=True)
    row = mine.select_for_update().get(key=key)
    if row.digest != digest:
        raise OtherRequest
    return row


def keep(row: Answered, answer: Any, *, made: int | None = None) -> Any:
    """Keep what is answered, unless an answer is kept already; return the one that counts."""
    kept = zlib.compress(json.dumps(answer).encode())
    if not Answered.objects.filter(pk=row.pk, answer=None).update(answer=kept, made=made):
        row.refresh_from_db()
        return answer if row.answer is None else told(row)
    return answer


def note_made(row: Answered, made: int) -> None:
    """Keep which run was stored, before its messages are sent."""
    Answered.objects.filter(pk=row.pk).update(made=made)
    row.made = made


def told(row: Answered) -> Any:
    """The answer that is kept."""
    assert row.answer is not None
    return json.loads(zlib.decompress(row.answer))
