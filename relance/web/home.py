"""Where does somebody land who has signed in? In the company, or where there are several, before the choice."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from relance.web.access import companies_of, signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The only company's dashboard, or the list of companies; where there is none yet, an administrator founds the first."""
    companies = companies_of(request.user)  # type: ignore[arg-type]  # signed in
    if not companies and request.user.is_admin:  # type: ignore[union-attr]  # signed in
        return redirect("found")
    if len(companies) == 1:
        return redirect("dashboard", companies[0].code)
    return render(request, "home.html", {"companies": companies})
