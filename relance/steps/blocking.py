"""How is a document kept from being dunned, for good, for a time or for one run, and let go again? (Register K18 to K21, K61 to K66.)

The temporary block is lifted by the automatic run that comes next (rules, section 7); one with a last day ends by itself; the others are
lifted by a person.
"""

from datetime import date
from enum import StrEnum
from typing import Any

from django.db import transaction

from relance.models import Document
from relance.models.changing import Change, set_columns
from relance.models.events import Fact, record
from relance.steps import Refused


class Block(StrEnum):
    """What a block stops: automatic runs, people, or both until the next automatic run has ended well."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    TEMPORARY = "temporary"


_COLUMN = {Block.AUTOMATIC: "no_auto_dunning", Block.MANUAL: "no_manual_dunning", Block.TEMPORARY: "no_dunning_temporary"}


def block(
    document: Document, kind: Block, *, by: str, comment: str | None = None, until: date | None = None, reason: str | None = None
) -> list[Change]:
    """Block a document, up to a last day where one is given, with a comment that says why and a reason of ``HOLD_REASONS``.

    Return what changed: nothing where it was blocked so already. Raises Refused for a temporary block with a last day: a run is its end.
    """
    if until is not None and kind is Block.TEMPORARY:
        raise Refused("a temporary block ends with the next automatic run: it takes no last day")
    return _set(document, kind, {_COLUMN[kind]: True, **_ending(kind, until)}, {"block_reason": reason, "block_comment": comment}, by)


def unblock(document: Document, kind: Block, *, by: str, comment: str | None = None) -> list[Change]:
    """Lift one kind of block of a document; its comment stays unless a new one is given. Return what changed."""
    return _set(document, kind, {_COLUMN[kind]: False, **_ending(kind, None)}, {"block_comment": comment}, by)


def _ending(kind: Block, until: date | None) -> dict[str, date | None]:
    return {} if kind is Block.TEMPORARY else {f"{_COLUMN[kind]}_until": until}


def _set(document: Document, kind: Block, wanted: dict[str, Any], said: dict[str, str | None], by: str) -> list[Change]:
    wanted |= {what: words for what, words in said.items() if words is not None}
    with transaction.atomic():
        stored, changed = set_columns(document, wanted)
        if changed:
            what = "blocked" if wanted[_COLUMN[kind]] else "unblocked"
            facts = {"kind": str(kind), "changed": changed}
            record(stored.company_id, by, [Fact(what, customer_id=stored.billed_customer_id, document_id=stored.pk, facts=facts)])
    return [{"document": stored.number, "no": None} | change for change in changed]
