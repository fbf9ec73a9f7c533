"""How is a document kept from being dunned, for good or until the next run, and let go again? (Register K18 to K21, K61 to K66.)

The temporary block is lifted by the automatic run that comes next (rules, section 7); the others only by a person.
"""

from enum import StrEnum
from typing import Any

from django.db import transaction

from relance.models import Document
from relance.models.events import Fact, record


class Block(StrEnum):
    """What a block stops: automatic runs, people, or both until the next automatic run has ended well."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    TEMPORARY = "temporary"


_COLUMN = {Block.AUTOMATIC: "no_auto_dunning", Block.MANUAL: "no_manual_dunning", Block.TEMPORARY: "no_dunning_temporary"}


def block(document: Document, kind: Block, *, by: str, comment: str | None = None) -> list[dict[str, Any]]:
    """Block a document, with a comment that says why; return what changed: nothing where it was blocked so already."""
    return _set(document, {_COLUMN[kind]: True}, comment, Fact("blocked", facts={"kind": kind}), by)


def unblock(document: Document, kind: Block, *, by: str, comment: str | None = None) -> list[dict[str, Any]]:
    """Lift one kind of block of a document; its comment stays unless a new one is given. Return what changed."""
    return _set(document, {_COLUMN[kind]: False}, comment, Fact("unblocked", facts={"kind": kind}), by)


def _set(document: Document, wanted: dict[str, Any], comment: str | None, fact: Fact, by: str) -> list[dict[str, Any]]:
    if comment is not None:
        wanted = wanted | {"block_comment": comment}
    with transaction.atomic():
        stored = Document.objects.select_for_update().get(pk=document.pk)
        before = {what: getattr(stored, what) for what in wanted}
        changed = [{"what": what, "before": before[what], "after": after} for what, after in wanted.items() if before[what] != after]
        if changed:
            Document.objects.filter(pk=stored.pk).update(**wanted)
            about = fact._replace(customer_id=stored.billed_customer_id, document_id=stored.pk, facts=fact.facts | {"changed": changed})
            record(stored.company_id, by, [about])
    return [{"document": stored.number, "no": None} | change for change in changed]
