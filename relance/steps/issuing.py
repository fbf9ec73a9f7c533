"""Queued letter -> made final: rendered, archived, and only then its levels stored. A letter that is not produced is not issued.

Letters are taken up some at a time; one transaction archives them and stores what they change, so that a failure half-way leaves whole
notices done or not done, and the run is resumed where it stood.
"""

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from relance.letters.binding import merge
from relance.letters.letter import LetterProblem, render_many
from relance.models import claims
from relance.models.checking import no_longer_holds
from relance.models.company import Company
from relance.models.frozen import Frozen, read
from relance.models.history import Rendition
from relance.models.issued import Issued, close_unissued, store_issued
from relance.models.letter_data import letter_data
from relance.models.notices import Notice, Run
from relance.models.renditions import PDF, content, keep_many
from relance.steps import Refused

BATCH = 200  # letters taken up, checked and archived at a time
Progress = Callable[[int, int], None]


@dataclass
class Printing:
    """What came of the waiting letters of a run."""

    printed: int = 0
    failed: int = 0
    withdrawn: int = 0


def print_letters(company: Company, run: Run, by: str, progress: Progress | None = None) -> Printing:
    """Make every queued letter of a run final. While some are set by the worker processes, others are checked and archived by this one."""
    printing, holder = Printing(), claims.worker()
    claims.recover(company.pk, by)
    waiting = Notice.objects.filter(run=run, status="queued", channel="letter", claimed_by="")
    total = waiting.count()
    try:
        letters = _rendered_letters(_taken_up(waiting, company, holder, by, printing), run)
        while some := list(islice(letters, BATCH)):
            _make_final(some, company, run, holder, by, printing)
            if progress:
                progress(printing.printed + printing.failed + printing.withdrawn, total)
    finally:
        claims.release(holder)
    return printing


def write_letters(run: Run, out: Path) -> int:
    """Write the letters of a run, as they were archived, into one PDF in the order of the run; return how many.

    Raises Refused when there is none, or when the file cannot be written.
    """
    archived = Rendition.objects.filter(notice__run=run, notice__status="printed", media_type=PDF)
    return merge_into(out, (content(one) for one in archived.order_by("notice__position", "notice_id").iterator(chunk_size=50)))


def write_provisional(letters: Iterable[dict[str, object]], out: Path) -> int:
    """Write letters marked as a draft into one PDF; nothing is stored. Raises Refused."""
    return merge_into(out, _rendered(letters))


def merge_into(out: Path, letters: Iterable[bytes]) -> int:
    """One PDF, whole or not there at all. Raises Refused when there is no letter or no room for the file."""
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        os.close(handle)
        draft = Path(name)
        try:
            count = merge(letters, draft).letters
            if count:
                draft.chmod(0o644)
                draft.rename(out)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error
    return count


def refuse_unwritable(out: Path) -> None:
    """Refuse to issue letters that could not be handed over. Raises Refused."""
    if out.is_dir():
        raise Refused(f"{out} is a folder")
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error
    os.close(handle)
    Path(name).unlink()


def _taken_up(waiting: QuerySet[Notice], company: Company, holder: str, by: str, printing: Printing) -> Iterator[Frozen]:
    """Letters claimed for this process and still true, some at a time; those that are not are withdrawn."""
    while True:
        with transaction.atomic():
            ids = list(waiting.order_by("position", "id").values_list("pk", flat=True)[:BATCH])
            notices = list(read(claims.claim(ids, holder, timezone.now())))
            changed = no_longer_holds(company, notices)
            for notice_id, change in changed.items():
                close_unissued(company.pk, [notice_id], "withdrawn", change, by)
        if not ids:
            return
        printing.withdrawn += len(changed)
        yield from (notice for notice in notices if notice.id not in changed)


def _rendered_letters(notices: Iterator[Frozen], run: Run) -> Iterator[tuple[int, bytes | LetterProblem]]:
    """Each notice, by its identifier, with its letter, or what is wrong with it."""
    subtotals = run.parameters.get("subtotals")
    ids: deque[int] = deque()

    def contents() -> Iterator[dict[str, object]]:
        for notice in notices:
            assert notice.id is not None
            ids.append(notice.id)
            yield letter_data(notice, run.settings, run.as_of, subtotals=subtotals)

    return ((ids.popleft(), letter) for letter in render_many(contents()))


def _make_final(
    letters: list[tuple[int, bytes | LetterProblem]], company: Company, run: Run, holder: str, by: str, printing: Printing
) -> None:
    """Archive letters and store what they change, in one transaction: those that are still this process's to issue."""
    with transaction.atomic():
        mine = claims.still_held([notice_id for notice_id, _ in letters], holder)
        produced = {pk: letter for pk, letter in letters if pk in mine and not isinstance(letter, LetterProblem)}
        problems = {pk: str(letter) for pk, letter in letters if pk in mine and isinstance(letter, LetterProblem)}
        digests = keep_many(company.pk, PDF, produced)
        store_issued(run, company, [Issued(pk, "printed", sha256=digest) for pk, digest in digests.items()], by, timezone.now())
        for notice_id, problem in problems.items():
            close_unissued(company.pk, [notice_id], "failed", problem, by)
    printing.printed += len(produced)
    printing.failed += len(problems)


def _rendered(letters: Iterable[dict[str, object]]) -> Iterator[bytes]:
    for letter in render_many(letters):
        if isinstance(letter, LetterProblem):
            raise Refused(str(letter))
        yield letter
