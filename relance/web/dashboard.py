"""How do things stand today? What is owed, what is late, what there is to do."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from relance.core.aging import Basis, aged_balance, grid
from relance.models.aged import open_operations
from relance.web.access import CompanyRequest, needs


@needs("reader")
def dashboard(request: CompanyRequest) -> HttpResponse:
    """The first page of a company."""
    today = localdate()
    balance = aged_balance(open_operations([request.company], today), today, grid(Basis.DUE_DATE))
    return render(request, "dashboard.html", {"balance": balance})
