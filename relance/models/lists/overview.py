"""What came of each run? How many notices in which state, and what they claimed, for a whole list of runs at once."""

from collections.abc import Iterable
from typing import NamedTuple

from django.core.cache import cache
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


def outcomes(runs: Iterable[Run]) -> dict[int, Outcome]:
    """The outcome of each of these runs, by identifier, in two queries."""
    claimed = _claimed(list(runs))
    found = {run: Outcome({}, totals) for run, totals in claimed.items()}
    notices = Notice.objects.filter(run__in=list(claimed)).order_by()
    for run, status, count in notices.values_list("run", "status").annotate(Count("pk")):
        found[run].counts[status] = count
    return found


def _claimed(runs: list[Run]) -> dict[int, dict[str, int]]:
    """What the lines of each run claimed; added up once, as the lines of a run that is stored stay as they are."""
    keys = {run.pk: f"claimed:{run.pk}:{run.started_at.timestamp()}" for run in runs}
    known = cache.get_many(keys.values())
    found = {run: known.get(key, {}) for run, key in keys.items()}
    asked = [run for run, key in keys.items() if key not in known]
    lines = NoticeLine.objects.filter(notice__run__in=asked).order_by()
    for run, currency, total in lines.values_list("notice__run", "currency").annotate(Sum("open_amount")):
        found[run][currency] = int(total)
    cache.set_many({keys[run]: found[run] for run in asked}, None)
    return found
