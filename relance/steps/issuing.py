"""Queued letter -> made final: rendered, archived, and only then its levels stored. A letter that is not produced is not issued.

Letters are taken up some at a time; one transaction archives them and stores what they change, so that a failure half-way leaves whole
notices done or not done, and the run is resumed where it stood.
"""

import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from relance.core.forms import MEDIA_TYPES
from relance.letters.bundle import Letter, Written, fits, whole, write
from relance.letters.documents import Made, produce
from relance.letters.placeholders import Data
from relance.letters.typesetter import LetterProblem
from relance.models.company import Company
from relance.models.notices import Notice, Run
from relance.models.outgoing import claims
from relance.models.outgoing.checking import no_longer_holds
from relance.models.outgoing.enclosing import enclosed_numbers
from relance.models.outgoing.frozen import Frozen, read
from relance.models.outgoing.issued import Issued, close_unissued, store_issued
from relance.models.outgoing.letter_data import letter_data
from relance.models.renditions import keep_many, pack
from relance.models.templates import documents
from relance.steps import Refused

BATCH = 200  # letters taken up, checked and archived at a time
Progress = Callable[[int, int], None]


@dataclass
class Printing:
    """What came of the waiting letters of a run."""

    printed: int = 0
    failed: int = 0
    withdrawn: int = 0


def print_letters(company: Company, run: Run, by: str, progress: Progress | None = None, form: str = "pdf") -> Printing:
    """Make every queued letter of a run final, in a format of ``core.forms``.

    While some are set by the worker processes, others are checked and archived by this one.
    """
    printing, holder = Printing(), claims.worker()
    claims.recover(company.pk, by)
    waiting = Notice.objects.filter(run=run, status="queued", channel="letter", claimed_by="")
    total = waiting.count()
    try:
        letters = _rendered_letters(_taken_up(waiting, company, holder, by, printing), run, form)
        while some := list(islice(letters, BATCH)):
            _make_final(some, company, run, holder, by, printing)
            if progress:
                progress(printing.printed + printing.failed + printing.withdrawn, total)
    finally:
        claims.release(holder)
    return printing


def write_letters(letters: Iterable[Letter], out: Path) -> Written:
    """Write letters, those of a customer following one another (``letters/bundle.py``). Raises Refused."""
    try:
        return write(letters, out)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error


def write_whole(out: Path, content: bytes) -> None:
    """Write a file, whole or not there at all. Raises Refused."""
    try:
        whole(out, lambda draft: draft.write_bytes(content))
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error


def write_provisional(letters: Iterable[Data], out: Path, form: str, templates: Collection[int]) -> Written:
    """Write letters marked as a draft, some of them made of ``templates`` (identifiers of versions); nothing is stored. Raises Refused."""
    whose: deque[str] = deque()

    def noted() -> Iterator[Data]:
        for data in letters:
            whose.append(data["customer"]["code"])
            yield data

    return write_letters((_provisional(whose.popleft(), made) for made in produce(noted(), form, documents(templates))), out)


def refuse_unwritable(out: Path) -> None:
    """Refuse to issue letters that could not be handed over. Raises Refused."""
    try:
        with tempfile.TemporaryFile(dir=out if out.is_dir() else out.parent):
            pass
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error


def refuse_unfit(out: Path, count: int) -> None:
    """Refuse a file that so many letters do not fit into. Raises Refused."""
    if not fits(out, count):
        raise Refused(f"{count} letters do not fit into {out.name}: name a .zip or a folder")


def _taken_up(waiting: QuerySet[Notice], company: Company, holder: str, by: str, printing: Printing) -> Iterator[tuple[Frozen, list[str]]]:
    """Letters claimed for this process and still true, some at a time, each with the invoices that go with it; the others are withdrawn."""
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
        numbers = enclosed_numbers([notice.id for notice in notices if notice.id])
        yield from ((notice, numbers.get(notice.id or 0, [])) for notice in notices if notice.id not in changed)


def _rendered_letters(notices: Iterator[tuple[Frozen, list[str]]], run: Run, form: str) -> Iterator[tuple[int, Made | LetterProblem]]:
    """Each notice, by its identifier, with its letter, or what is wrong with it."""
    subtotals = run.parameters.get("subtotals")
    ids: deque[int] = deque()

    def contents() -> Iterator[Data]:
        for notice, enclosed in notices:
            assert notice.id is not None
            ids.append(notice.id)
            yield letter_data(notice, run.settings, run.as_of, subtotals=subtotals, enclosed=enclosed)

    templates = documents(run.notices.exclude(template=None).order_by().values_list("template_id", flat=True).distinct())
    return ((ids.popleft(), letter) for letter in produce(contents(), form, templates))


def _make_final(
    letters: list[tuple[int, Made | LetterProblem]], company: Company, run: Run, holder: str, by: str, printing: Printing
) -> None:
    """Archive letters and store what they change, in one transaction: those that are still this process's to issue."""
    with transaction.atomic():
        mine = claims.still_held([notice_id for notice_id, _ in letters], holder)
        produced = {pk: letter for pk, letter in letters if pk in mine and not isinstance(letter, LetterProblem)}
        problems = {pk: str(letter) for pk, letter in letters if pk in mine and isinstance(letter, LetterProblem)}
        digests: dict[int, str] = {}
        for form in {letter.form for letter in produced.values()}:
            packed = {pk: pack(one.content) for pk, one in produced.items() if one.form == form}
            keep_many(company.pk, MEDIA_TYPES[form], packed)
            digests |= {pk: one.sha256 for pk, one in packed.items()}
        store_issued(run, company, [Issued(pk, "printed", sha256=digests[pk]) for pk in produced], by, timezone.now())
        for notice_id, problem in problems.items():
            close_unissued(company.pk, [notice_id], "failed", problem, by)
    printing.printed += len(produced)
    printing.failed += len(problems)


def _provisional(customer: str, made: Made | LetterProblem) -> Letter:
    if isinstance(made, LetterProblem):
        raise Refused(str(made))
    return Letter(customer, *made)
