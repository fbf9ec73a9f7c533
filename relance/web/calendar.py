"""What will go out in the coming days, if nothing changes?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from relance.steps import Refused
from relance.steps.foreseeing import Coming, foresee_kept
from relance.web.access import CompanyRequest, needs
from relance.web.asked import day_asked
from relance.web.downloads import Sheet, download
from relance.web.downloads import wanted as wanted_as_file
from relance.web.sentences import in_words
from relance.web.sheets import COMING
from relance.web.sheets import coming as told_ahead

DAYS = 30


class Day(NamedTuple):
    """A day on which something goes out: by level and channel, how many notices and what they claim, by currency."""

    on: date
    groups: list[dict[str, Any]]
    notices: list[Coming]


@needs("reader")
def calendar(request: CompanyRequest) -> HttpResponseBase:
    """The coming thirty days; the notices of one day where it is asked for."""
    today = localdate()
    try:
        coming = foresee_kept(request.company, today, DAYS)
    except Refused as refusal:
        messages.warning(request, in_words(refusal))
        coming = []
    if wanted_as_file(request):
        return download(request, Sheet(_("coming"), COMING, told_ahead(coming)))
    chosen = day_asked(request, "day", date.min)
    return render(request, "calendar.html", {"days": list(_days(coming)), "chosen": chosen, "ahead": DAYS})


def _days(coming: Iterable[Coming]) -> Iterator[Day]:
    for on, notices in groupby(coming, key=attrgetter("on")):
        of_day = list(notices)
        ordered = sorted(of_day, key=attrgetter("level", "channel"))
        yield Day(on, [_group(list(alike)) for _key, alike in groupby(ordered, key=attrgetter("level", "channel"))], of_day)


def _group(notices: list[Coming]) -> dict[str, Any]:
    totals: Counter[str] = Counter()
    for notice in notices:
        totals.update(notice.totals)
    return {"level": notices[0].level, "channel": notices[0].channel, "count": len(notices), "totals": dict(sorted(totals.items()))}
