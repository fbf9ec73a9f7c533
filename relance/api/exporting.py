"""How do other programs take figures away as files: the aged balance, and the court file of a customer?"""

from typing import Annotated, Literal

from django.http import FileResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext, override
from ninja import Query, Router, Schema
from pydantic import Field

from relance.api import shapes
from relance.api.access import Called, needs
from relance.api.looking import Balance, columns_of, companies_asked
from relance.api.sent import LISTS, ZIP, handed_over, written
from relance.api.whole import Language
from relance.api.words import Code, Day
from relance.letters import aged_list
from relance.models.finding import find_customer
from relance.models.lists.aged import open_operations
from relance.models.lists.aged_accounts import balance
from relance.steps import proving
from relance.telling.events import told_in_french

router = Router(tags=["Exports"])
_AT = "/companies/{company}"
_TYPES = LISTS | {"zip": ZIP}


class AgedFile(Balance):
    """Which aged balance is asked for, and in which format."""

    form: Annotated[Literal["xlsx", "csv", "pdf"], Field(alias="format")] = "xlsx"
    language: Language = ""


@router.get(f"{_AT}/aged/file", auth=needs("reader", "read"), openapi_extra=shapes.file_of(*LISTS.values()))
def export_aged(request: Called, company: str, asked: Query[AgedFile]) -> FileResponse:
    """The aged balance as a file, every operation on a sheet of its own in a workbook."""
    suppliers, language = asked.side == "supplier", asked.language or request.company.language
    whose = companies_asked(request, asked)
    found = balance(whose, asked.as_of, columns_of(asked), asked.group_by, suppliers=suppliers)
    operations = open_operations(whose, asked.as_of, suppliers=suppliers) if asked.form == "xlsx" else iter(())
    with override(language):
        title = gettext("Aged balance of suppliers") if suppliers else gettext("Aged balance of customers")
        labels = tuple(gettext("Not due") if one == "not_due" else one for one in found.grid.labels)
    with written(f"balance.{asked.form}") as out:
        aged_list.write(found, operations, aged_list.Heading(request.company.name, language, asked.as_of, title, labels), out)
        return handed_over(out, _TYPES[asked.form], f"aged-balance-{asked.as_of}.{asked.form}")


class CourtFile(Schema):
    """Whose court file, as of which day."""

    customer: Code
    as_of: Day | None = None
    form: Annotated[Literal["pdf", "zip"], Field(alias="format")] = "pdf"


@router.get(f"{_AT}/court-file", auth=needs("collector", "read"), openapi_extra=shapes.file_of(_TYPES["pdf"], _TYPES["zip"]))
def export_court_file(request: Called, company: str, asked: Query[CourtFile]) -> FileResponse:
    """The court file of a customer (dossier de preuve), in French: one PDF with every piece bound, or a ZIP of them with their hashes."""
    customer, today = find_customer(request.company, asked.customer), localdate()
    with written(f"dossier-de-preuve.{asked.form}") as out:
        proving.prove(request.company, customer, asked.as_of or today, out, told_in_french, made_on=today)
        return handed_over(out, _TYPES[asked.form], f"dossier-de-preuve-{customer.code}.{asked.form}")
