"""Which earlier message does a notice follow? The latest that was sent about one of its due items: mail programs show them together."""

from collections.abc import Iterable, Iterator

from relance.models import tuples
from relance.models.notices import NoticeLine
from relance.models.outgoing.frozen import Frozen

_MAILED = ("email", "draft")
_SENT = ("sent", "bounced")
_LONGEST = 8  # Message-IDs that are named: the first, and the latest


def threaded(company_id: int, notices: Iterable[Frozen]) -> list[Frozen]:
    """The notices, each mail with the Message-IDs that it follows (RFC 5322, section 3.6.4)."""
    kept = list(notices)
    items = [line.due_item_id for one in kept if one.channel in _MAILED for line in one.lines]
    earlier = dict(_latest(company_id, items)) if items else {}
    if not earlier:
        return kept
    return [_following(one, earlier) if one.channel in _MAILED else one for one in kept]


def _following(notice: Frozen, earlier: dict[int, tuple[int, str, str]]) -> Frozen:
    found = [earlier[line.due_item_id] for line in notice.lines if line.due_item_id in earlier]
    if not found:
        return notice
    _, message_id, before = max(found)
    line = [*before.split("\n"), message_id] if before else [message_id]
    return notice._replace(thread="\n".join(line if len(line) <= _LONGEST else [line[0], *line[1 - _LONGEST :]]))


def _latest(company_id: int, items: list[int]) -> Iterator[tuple[int, tuple[int, str, str]]]:
    """By due item the latest notice about it that was mailed: its identifier, its Message-ID, and what it followed itself."""
    about = NoticeLine.objects.filter(company=company_id, due_item__in=tuples.among(items))
    mailed = about.filter(notice__status__in=_SENT, notice__channel__in=_MAILED).exclude(notice__message_id="")
    rows = mailed.order_by("notice_id").values_list("due_item_id", "notice_id", "notice__message_id", "notice__thread")
    for item, *notice in tuples.stream(rows):
        yield item, (notice[0], notice[1], notice[2])
