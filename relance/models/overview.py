"""What came of each run? How many notices in which state, and what they claimed, for a whole list of runs at once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, QuerySet, Sum

from relance.models.company import Company
from relance.models.notices import Notice, NoticeLine, Run


class Outcome(NamedTuple):
    """Notices by status, and what their lines claimed by currency."""

    counts: dict[str, int]
    claimed: dict[str, int]


def runs_of(company: Company) -> QuerySet[Run]:
    """The runs of a company, the newest first."""
    return Run.objects.filter(company=company).order_by("-pk")


def outcomes(runs: Iterable[int]) -> dict[int, Outcome]:
    """The outcome of each of these runs (identifiers), in two queries."""
    found: dict[int, Outcome] = defaultdict(lambda: Outcome({}, {}))
    which = list(runs)
    for run, status, count in Notice.objects.filter(run__in=which).order_by().values_list("run", "status").annotate(Count("pk")):
        found[run].counts[status] = count
    lines = NoticeLine.objects.filter(notice__run__in=which).order_by()
    for run, currency, total in lines.values_list("notice__run", "currency").annotate(Sum("open_amount")):
        found[run].claimed[currency] = total
    return dict(found)
