"""What will go out in the coming days, if nothing changes?

On a small ledger it is computed for the page. On a large one that takes seconds: the page shows what was computed last, says when, and
has it computed anew beside it where something has changed since.
"""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from relance.models.company import Company
from relance.models.lists.kept import state_of
from relance.steps import Refused
from relance.steps.foreseeing import Foretold, foresee, foretell, foretold, notices_of, terms_ahead
from relance.telling.list_file import Sheet
from relance.telling.sentences import in_words
from relance.telling.sheets_of_notices import COMING
from relance.telling.sheets_of_notices import coming as told_ahead
from relance.web.access import CompanyRequest, needs
from relance.web.asked import day_asked
from relance.web.beside import computed
from relance.web.downloads import download
from relance.web.downloads import wanted as wanted_as_file

DAYS = 30
_MOST_SHOWN = 500  # notices of a day


@needs("reader")
def calendar(request: CompanyRequest) -> HttpResponseBase:
    """The coming thirty days; the notices of one day where it is asked for."""
    company, today = request.company, localdate()
    try:
        if wanted_as_file(request):
            return download(request, Sheet(_("coming"), COMING, told_ahead(foresee(company, today, DAYS))))
        told, is_current = _told(company, today)
    except Refused as refusal:
        messages.warning(request, in_words(refusal))
        told, is_current = None, True
    chosen = day_asked(request, "day", date.min)
    notices = notices_of(company, today, told, chosen) if told else []
    shown = {
        "days": told.days if told else [],
        "told": told,
        "is_current": is_current,
        "chosen": chosen,
        "notices": notices[:_MOST_SHOWN],
        "more": max(0, len(notices) - _MOST_SHOWN),
        "ahead": DAYS,
    }
    return render(request, "calendar.html", shown)


def _told(company: Company, today: date) -> tuple[Foretold | None, bool]:
    """What is foretold, and whether it is of this state of the company; None while it is computed for the first time. Raises Refused."""
    told, state = foretold(company, today), state_of(company)
    if told and state and told.state == state:
        return told, True
    terms_ahead(company, today)  # who has no levels is told so at once
    anew = computed(company, f"coming days from {today}", lambda: foretell(company, today, DAYS))
    return (anew, True) if anew else (told, False)
