"""What does a lawyer receive about one customer? The court file, as one PDF or as an archive."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate

from relance.steps import Refused
from relance.steps.proving import prove
from relance.telling.events import told_in_french
from relance.telling.sentences import in_words
from relance.web.access import CompanyRequest, needs
from relance.web.asked import day_asked, one_asked
from relance.web.customers import customer_of


@needs("collector")
def court_file(request: CompanyRequest, pk: int) -> HttpResponse:
    """The court file of a customer as of a day (``?as_of=``), ``?format=pdf`` or ``zip``."""
    customer, today = customer_of(request, pk), localdate()
    form = one_asked(request, "format", ("pdf", "zip"), "pdf")
    with tempfile.TemporaryDirectory(prefix="relance-court-") as folder:
        out = Path(folder) / f"dossier-de-preuve.{form}"
        try:
            prove(request.company, customer, day_asked(request, "as_of", today), out, told_in_french, made_on=today)
        except Refused as refusal:
            messages.error(request, in_words(refusal))
            return redirect("customers_record", request.company.code, pk)
        name = f"dossier-de-preuve-{customer.code}-{today}.{form}".replace("/", "-")
        return FileResponse(out.open("rb"), as_attachment=True, filename=name)  # type: ignore[return-value]  # the file stays readable
