"""Where is the customer, the invoice, the amount or the page somebody looks for? One box on every page, one key."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from relance.models.lists.search import everything_like
from relance.web.access import CompanyRequest, needs
from relance.web.commands import actions_like, help_like, pages_like


@needs("reader")
def search(request: CompanyRequest) -> HttpResponse:
    """What was found; where it is one document alone, that document."""
    asked = request.GET.get("q", "")
    found = everything_like(request.company, asked)
    if not request.headers.get("HX-Request") and [len(rows) for rows in found.values()] == [0, 1, 0, 0]:
        return redirect("document", request.company.code, found["documents"][0].pk)
    found |= {"pages": pages_like(request, asked), "actions": actions_like(request, asked)}
    found |= {"help": help_like(asked, anywhere=not any(found.values()))}
    return render(request, "search.html", {"asked": asked, "found": found, "nothing": not any(found.values())})
