"""Which letters wait to be printed? Those that automatic runs have made, and those of an edition that was interrupted."""

from collections import Counter
from typing import NamedTuple

from relance.models.company import Company
from relance.models.notices import Notice, Run


class Waiting(NamedTuple):
    """A run with how many of its letters wait, and what they claim by currency, in minor units."""

    run: Run
    letters: int
    totals: dict[str, int]


def waiting_letters(company: Company) -> list[Waiting]:
    """The runs whose letters wait, the newest first."""
    letters, totals = Counter[int](), dict[int, Counter[str]]()
    queued = Notice.objects.filter(company=company, status="queued", channel="letter", run__isnull=False)
    for run, claimed in queued.values_list("run_id", "totals").iterator():
        letters[run] += 1
        totals.setdefault(run, Counter()).update(claimed)
    runs = Run.objects.filter(pk__in=letters).order_by("-number")
    return [Waiting(run, letters[run.pk], dict(sorted(totals[run.pk].items()))) for run in runs]
