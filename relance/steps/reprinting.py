"""What was issued -> the same again: the letter or message as it is kept, with what went with it; or a letter marked as a duplicate.

Reading the archive is no event: nothing is recorded, no level moves, and a duplicate is not a new reminder.
"""

from collections.abc import Iterator

from relance.core.forms import FORM_OF
from relance.letters.bundle import Letter
from relance.models.history import Rendition
from relance.models.notices import Notice, Run
from relance.models.outgoing.enclosing import enclosed
from relance.models.renditions import content
from relance.steps import Refused

EMAIL = "eml"


def find(notice_id: int, *, duplicate: bool = False) -> list[Letter]:
    """A notice as it was issued, and after a letter the invoices that went with it; an e-mail holds them itself.

    Raises Refused where there is none or nothing was issued, and for a duplicate of what is no PDF.
    """
    from relance.letters.stamping import stamp_duplicate

    kept = Rendition.objects.filter(notice=notice_id).select_related("notice").first()
    if kept is None:
        there = Notice.objects.filter(pk=notice_id).first()
        raise Refused(f"notice {there.number} was not issued: it is {there.status}" if there else f"there is no notice {notice_id}")
    customer, form, found = kept.notice.recipient["code"], FORM_OF.get(kept.media_type, EMAIL), content(kept)
    if duplicate and form != "pdf":
        raise Refused(
            f"notice {kept.notice.number} is a {form.upper()}: it is handed out as it was issued, and cannot be marked as a duplicate"
        )
    if form == EMAIL:
        return [Letter(customer, form, found)]
    letter = stamp_duplicate(found, kept.notice.language) if duplicate else found
    return [Letter(customer, form, letter), *(Letter(customer, "pdf", file, enclosed=True) for _, file in enclosed(notice_id))]


def letters_of(run: Run, *, duplicate: bool = False) -> Iterator[Letter]:
    """The letters of a run in its order, each followed by what went with it. Raises Refused."""
    printed = Notice.objects.filter(run=run, status="printed", channel="letter").order_by("position", "id")
    for notice_id in printed.values_list("pk", flat=True).iterator():
        yield from find(notice_id, duplicate=duplicate)
