"""Claimed notice -> message ready to leave: read, checked against today, composed, signed, packed for keeping.

Everything here only reads, so that a process of its own can do it while another hands messages over.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from relance.channels import Unreachable
from relance.channels.postmen import Errand
from relance.core.recipients import distinct
from relance.letters.mailing.enclosed_mail import with_files
from relance.letters.mailing.mail import compose_email
from relance.models.company import Company
from relance.models.messaging import signing_key
from relance.models.notices import Run
from relance.models.outgoing.checking import no_longer_holds
from relance.models.outgoing.enclosing import enclosed, ever_asked
from relance.models.outgoing.frozen import Frozen, read
from relance.models.outgoing.letter_data import letter_data
from relance.models.renditions import Packed, pack

if TYPE_CHECKING:
    from relance.letters.mailing.signing import Signer


class Composed(NamedTuple):
    """The message of a notice, and the files in it."""

    notice: Frozen
    run: Run
    message: bytes
    files: list[tuple[str, bytes]]

    @property
    def errand(self) -> Errand:
        """What a postman has to know."""
        notice = self.notice
        assert notice.id is not None
        return Errand(notice.id, sender_of(self.run), distinct((*notice.to, *notice.cc, *self.run.parameters.get("bcc", ()))), self.message)


class Parcel(NamedTuple):
    """A message that may leave: for the postman, and as it will be kept."""

    errand: Errand
    packed: Packed
    by: str  # who issued the run


class Prepared(NamedTuple):
    """What has come of some claimed notices: each is in one of three places."""

    parcels: list[Parcel]
    untrue: dict[int, str]  # what has changed since they were frozen, in words
    unbearable: dict[int, str]  # why no message can bear their addresses
    by: dict[int, str]  # who issued their runs


class Preparer:
    """Prepares notices of one company."""

    def __init__(self, company: Company) -> None:
        """Raises Unreachable where the key to sign with cannot be used: nothing leaves unsigned that should be signed."""
        self._company, self._signer = company, _signer(company)
        self._runs: dict[int, Run] = {}

    def prepare(self, notice_ids: Collection[int]) -> Prepared:
        """Read, check and compose; a notice is never re-worded: what a payment, a block or an address has changed is told."""
        notices = list(read(notice_ids))
        self._runs |= Run.objects.in_bulk({notice.run_id or 0 for notice in notices} - set(self._runs))
        untrue = no_longer_holds(self._company, notices)
        prepared = Prepared([], untrue, {}, {one.id or 0: self._runs[one.run_id or 0].by for one in notices})
        for notice in notices:
            if notice.id is not None and notice.id not in untrue:
                self._compose(notice, notice.id, prepared)
        return prepared

    def _compose(self, notice: Frozen, notice_id: int, prepared: Prepared) -> None:
        run = self._runs[notice.run_id or 0]
        try:
            one = compose(notice, run, self._signer)
        except ValueError as error:
            prepared.unbearable[notice_id] = str(error)
        else:
            prepared.parcels.append(Parcel(one.errand, pack(one.message, [content for _, content in one.files]), run.by))


def compose(notice: Frozen, run: Run, key: "Signer | None" = None) -> Composed:
    """The message of a notice with what goes with it, signed where there is a key: the same bytes whenever it is composed again."""
    assert notice.id is not None
    files = enclosed(notice.id) if ever_asked(run.settings) else []
    said, at = run.settings.get("messaging", {}), notice.claimed_at or run.started_at
    message = compose_email(
        letter_data(notice, run.settings, run.as_of),
        message_id=notice.message_id,
        sent_at=at,
        sender=sender_of(run),
        to=notice.to,
        cc=notice.cc,
        sender_name=said.get("sender_name", ""),
        reply_to=run.parameters.get("reply_to") or said.get("reply_to", ""),
        thread=notice.thread.split("\n") if notice.thread else (),
        automatic=run.kind == "batch",
    )
    whole = with_files(message, files)
    if key is not None:
        whole = key.sign(whole, int(at.timestamp()))
    return Composed(notice, run, whole, files)


def sender_of(run: Run) -> str:
    """Who writes: the company, as it was when the run began."""
    return str(run.settings["company"]["sender_email"])


def _signer(company: Company) -> "Signer | None":
    from relance.letters.mailing.signing import signer  # few companies sign: what signs is loaded for them

    try:
        found = signing_key(company)
        return signer(*found) if found else None
    except ValueError as error:
        raise Unreachable(f"messages cannot be signed (DKIM): {error}") from None
