"""Where are the reasons kept for what a run left out? In blocks: one per group of customers, shared between runs while nothing changes.

A million left-out items a night are not a million rows a night: most are left out for the reason of the night before, and a block
is named by its content, so that an unchanged group costs one row of reference.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Q

from relance.core.proposal import LeftOut
from relance.models import bulk
from relance.models.history import LeftOutBlock, RunLeftOut
from relance.models.notices import Run

BUCKET_SIZE = 256  # customers in a group, by identifier
RESTORED = 1 << 62  # from here on: groups that came with a dossier, formed by the identifiers of another database
_FLUSH = 64  # blocks looked up and written at a time


class Entry(NamedTuple):
    """One item that no notice of the run claims. ``due_date`` is ISO; ``due_item`` is None for what a payment has left."""

    customer: str
    document: str
    due_date: str
    reason: str
    due_item: int | None


class Keeper:
    """Takes the left-out items of one run, customer after customer in ascending order, and stores them in blocks."""

    def __init__(self, company_id: int, run_id: int) -> None:
        self._company_id, self._run_id = company_id, run_id
        self._bucket: int | None = None
        self._entries: list[Entry] = []
        self._blocks: dict[int, bytes] = {}
        self.counts: dict[str, int] = {}

    def keep(self, customer_id: int, customer: str, left_out: Iterable[LeftOut]) -> None:
        """Remember what was left out of one customer."""
        bucket = customer_id // BUCKET_SIZE
        if bucket != self._bucket:
            self._close_bucket()
            self._bucket = bucket
        for one in left_out:
            self.counts[one.reason] = self.counts.get(one.reason, 0) + 1
            due_item = one.item.no if one.item else None
            self._entries.append(Entry(customer, one.document, one.due_date.isoformat(), one.reason, due_item))

    def close(self) -> None:
        """Write what is still pending; called once, in the transaction of the run."""
        self._close_bucket()
        self._flush()

    def _close_bucket(self) -> None:
        if self._bucket is not None and self._entries:
            text = json.dumps(self._entries, ensure_ascii=False, separators=(",", ":"))
            self._blocks[self._bucket] = text.encode()
        self._entries = []
        if len(self._blocks) >= _FLUSH:
            self._flush()

    def _flush(self) -> None:
        """Store the blocks that are new, and refer to all of them."""
        digests = {bucket: hashlib.sha256(block).hexdigest() for bucket, block in self._blocks.items()}
        stored = self._stored(digests.values())
        fresh = {digest: self._blocks[bucket] for bucket, digest in digests.items() if digest not in stored}
        bulk.insert(
            LeftOutBlock,
            ("company_id", "digest", "compressed"),
            ((self._company_id, digest, zlib.compress(block, 6)) for digest, block in fresh.items()),
        )
        stored |= self._stored(fresh)
        rows = ((self._company_id, self._run_id, bucket, stored[digest]) for bucket, digest in digests.items())
        bulk.insert(RunLeftOut, ("company_id", "run_id", "bucket", "block_id"), rows)
        self._blocks = {}

    def _stored(self, digests: Iterable[str]) -> dict[str, int]:
        query = LeftOutBlock.objects.filter(company=self._company_id, digest__in=list(digests))
        return dict(query.values_list("digest", "id"))


def count_left_out(run: Run) -> Counter[str]:
    """How many items a run left out for each reason; counted once, as nothing is added to a run that is stored."""

    def count() -> Counter[str]:
        return Counter(str(entry.reason) for entry in read_left_out(run.pk))

    found = cache.get_or_set(f"left-out:{run.pk}:{run.started_at.timestamp()}", count, None)
    assert found is not None
    return found


def read_left_out(run_id: int, customer_id: int | None = None) -> Iterator[Entry]:
    """The left-out items of a run, or of one customer's group in it, block after block."""
    query = RunLeftOut.objects.filter(run=run_id).order_by("bucket")
    if customer_id is not None:
        query = query.filter(Q(bucket=customer_id // BUCKET_SIZE) | Q(bucket__gte=RESTORED))
    for compressed in query.values_list("block__compressed", flat=True).iterator(chunk_size=16):
        yield from map(Entry._make, json.loads(zlib.decompress(compressed)))
