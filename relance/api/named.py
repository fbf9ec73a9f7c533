"""Which run or notice does an address name? One of the company in it; another company's is as if it were not there."""

from django.http import Http404

from relance.api.access import Called
from relance.models import Notice, Run


def run_of(request: Called, run: int) -> Run:
    """A run of the company. Raises Http404."""
    found = Run.objects.select_related("company").filter(company=request.company, pk=run).first()
    if found is None:
        raise Http404(f"there is no run {run} in {request.company.code}")
    return found


def notice_of(request: Called, notice: int) -> Notice:
    """A notice of the company. Raises Http404."""
    found = Notice.objects.filter(company=request.company, pk=notice).first()
    if found is None:
        raise Http404(f"there is no notice {notice} in {request.company.code}")
    return found
