"""Can every list of the API be had whole as a file, as it is filtered, with the columns that its page has?"""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from relance.api.app import api
from relance.models import Batch, Company, Run
from relance.models.access import Membership, User
from relance.steps import listening, running
from relance.telling.list_file import FORMATS
from tests.acceptance.world import TODAY
from tests.api.conftest import AT
from tests.api.test_files import content_of, put
from tests.importers.banks import Move, camt

WITHOUT = {
    "read_standing": "figures, a line for each currency",  # what answers several things of a kind, and no file
    "search": "the likeliest by a few letters",
    "list_mail_folder": "messages, each of them a file",
    "read_rates": "figures that come with the program, beside the company's own",
    "list_placeholders": "words that come with the program",
    "read_company": "how a company is set up: its dossier is the file",
    "read_customer": "one customer: its documents, payments and contacts are lists or stand in arrears",
    "read_document": "one document: its due items are lines of the list of documents",
    "read_payment": "one payment: its allocations",
    "read_run": "one run: its notices and what it left out have lists of their own",
    "read_notice": "one notice: its letter or message is the file",
    "read_template": "one template: its versions are files",
    "read_batch": "one batch: its days and times",
    "read_messaging": "how mail leaves: the names of the secrets that are kept",
    "read_agenda": "what there is to do: its lines lead to the lists they are of",
    "aged": "export_aged is its file",
    "explain": "why about one document",
    "recipients": "who would be written to about one document",
    "interest": "how the interest of one document is counted",
}


@pytest.fixture
def lived(acme: Company, world, program) -> Company:
    """ACME with something in every list."""
    world.invoice("FA-3", "C002", payment_method="PRLV")
    world.supplier("F001", name="Papeterie")
    world.invoice("FF-1", supplier="F001", due="2026-02-05", amount="7.00")
    world.load()
    running.batch(acme, date.fromisoformat(TODAY), by="eva")
    caller = program("manager", "write")
    put(caller, "/imports/bank?filename=releve.xml", camt([Move("2026-07-10", 900, "DIVERS", "QUI SAIT")]))
    caller.send("/payments", {"payments": [{"reference": "P1", "customer": "C002", "date": "2026-07-10", "amount": "5.00"}]})
    caller.send("/follow-ups", {"documents": ["FA-1"], "promised_on": "2099-01-01"})
    Batch.objects.create(company=acme, code="NIGHT", error_address="eva@acme.example")
    listening.set_webhook(acme, "erp", "https://erp.example/relance", [], paused=False, by="eva")
    return acme


def rows_of(answer, language: str = "en") -> list[dict[str, str]]:
    """The lines of a CSV, each by the heads above it."""
    text = content_of(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter="," if language == "en" else ";"))


def heads_of(content: bytes, form: str) -> list[str]:
    """What stands above the columns of a file."""
    if form == "csv":
        return content.decode("utf-8-sig").splitlines()[0].split(";")
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0]


def operations() -> dict[str, tuple[str, str, bool]]:
    """By name, the method, the address and whether it answers files, of every operation whose JSON answer is a list or holds one."""
    found = {}
    for address, methods in api.get_openapi_schema(path_prefix="").get("paths").items():
        for method, told in methods.items():
            kinds = told["responses"][200].get("content", {}) if 200 in told["responses"] else {}
            found[told["operationId"]] = method, address, FORMATS["csv"] in kinds and "application/json" in kinds
    return found


def answers_several(schema: dict) -> bool:
    """Whether a JSON answer holds a list."""
    return any(one.get("type") == "array" for key in schema.get("properties", {}).values() for one in (key, *key.get("anyOf", [])))


def test_whatever_answers_a_list_is_offered_as_a_file():
    described = api.get_openapi_schema(path_prefix="")["paths"]
    bare = {
        told["operationId"]
        for methods in described.values()
        for method, told in methods.items()
        if method == "get"
        for kinds in [told["responses"][200].get("content", {})]
        if answers_several(kinds.get("application/json", {}).get("schema", {})) and FORMATS["csv"] not in kinds
    }
    assert bare == WITHOUT.keys()


def test_every_file_that_is_offered_can_be_had_in_both_formats(lived: Company, of_person):
    caller, run = of_person(None, founder=True), Run.objects.get()
    asked = {"calendar": {"as_of": TODAY}, "list_promises": {"as_of": TODAY}, "read_arrears": {"customer": "C001"}}
    for name, (method, address, is_file) in operations().items():
        if not is_file:
            continue
        address = address.replace("{company}", "ACME").replace("{run}", str(run.pk)).replace("{code}", "NIGHT")
        for form in ("csv", "xlsx"):
            query = "&".join(f"{key}={value}" for key, value in ({"format": form} | asked.get(name, {})).items())
            at = f"/api/v1{address}?{query}"
            answer = caller.get(at) if method == "get" else caller.post(at, {"as_of": TODAY}, content_type="application/json")
            content = content_of(answer)
            assert answer["Content-Type"] == FORMATS[form], name
            heads = (
                CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[0] if form == "xlsx" else [content]
            )
            assert all(heads), name


def test_a_file_has_what_the_filters_leave_and_all_of_it(lived: Company, program, world):
    for number in range(120):
        world.invoice(f"FC-{number:03}", "C003", amount=f"{100 + number}.00")
    world.load()
    caller, of = program("reader", "read"), "customer=C003&open=true"
    assert len(caller.ask("/documents", customer="C003", open="true")["documents"]) == 100
    found = rows_of(caller.get(f"{AT}/documents?{of}&format=csv&language=en"))
    assert [row["Document"] for row in found] == [f"FC-{number:03}" for number in range(120)]
    assert sum(float(row["Open"]) for row in found) == sum(range(100, 220))


def test_of_a_document_the_file_has_the_due_items_that_were_asked_for(lived: Company, program, world):
    parts = [{"no": 1, "due_date": "2026-03-01", "amount": "10.00"}, {"no": 2, "due_date": "2099-03-01", "amount": "20.00"}]
    world.invoice("FI-1", "C001", due=parts)
    world.load()
    caller = program("reader", "read")
    found = rows_of(caller.get(f"{AT}/documents?number=FI-1&due_to=2026-12-31&format=csv&language=en"))
    assert [(row["Due on"], row["Amount"]) for row in found] == [("2026-03-01", "10.00")]
    [bought] = rows_of(caller.get(f"{AT}/documents?supplier=F001&format=csv&language=en"))
    assert (bought["Document"], bought["Customer’s code"], bought["Customer"]) == ("FF-1", "F001", "Papeterie")


def test_it_is_the_file_that_the_page_hands_over(lived: Company, program):
    eva = User.objects.create_user(email="eva@acme.example", password="x", language="fr")
    Membership.objects.create(user=eva, company=lived, role="reader")
    page = Client()
    page.force_login(eva)
    caller = program("reader", "read")
    for address, listed in (("customers", "customers"), ("runs", "runs"), ("imports", "imports")):
        told = page.get(f"/c/ACME/{listed}/?download=csv")
        answer = caller.get(f"{AT}/{address}?format=csv")
        assert answer["Content-Disposition"] == told["Content-Disposition"]
        assert content_of(answer) == content_of(told)


def test_it_speaks_the_language_of_the_company_or_the_one_asked_for(lived: Company, program):
    caller = program("reader", "read")
    assert rows_of(caller.get(f"{AT}/suppliers?format=csv"), "fr") == [{"Code": "F001", "Nom": "Papeterie"}]
    assert rows_of(caller.get(f"{AT}/suppliers?format=csv&language=en")) == [{"Code": "F001", "Name": "Papeterie"}]


@pytest.mark.parametrize("page", ["limit=10", "cursor=WzFd"])
def test_a_file_is_never_a_page_of_the_list(page: str, lived: Company, program):
    answer = program("reader", "read").get(f"{AT}/customers?format=csv&{page}")
    assert (answer.status_code, answer.json()["faults"][0]["message"]) == (422, "a file holds the whole list")


def test_what_is_told_in_the_lists_is_told_in_words(lived: Company, program):
    caller = program("administrator", "read")
    [promise] = rows_of(caller.get(f"{AT}/promises?as_of={TODAY}&format=csv&language=en"))
    assert (promise["Document"], promise["Promised for"], promise["What became of it"]) == ("FA-1", "2099-01-01", "waited for")
    [money] = rows_of(caller.get(f"{AT}/matching?format=csv&language=en"))
    assert (money["Payer"], money["Amount"], money["Currency"]) == ("QUI SAIT", "9.00", "EUR")
    [payment] = rows_of(caller.get(f"{AT}/payments?customer=C002&format=csv&language=en"))
    assert (payment["Reference"], payment["Kind"], payment["To match"]) == ("P1", "payment", "5.00")
    left = rows_of(caller.get(f"{AT}/runs/{Run.objects.get().pk}/left-out?format=csv&language=en"))
    assert {row["Document"]: row["Reason"] for row in left}["FA-3"] == "payment method that is never dunned"


def test_the_balance_as_a_file_has_the_columns_of_the_balance(lived: Company, program):
    caller, of = program("reader", "read"), f"as_of={TODAY}&buckets=10,20"
    assert caller.get(f"{AT}/aged?{of}").json()["buckets"] == ["0-10", "11-20", "21+"]
    content = content_of(caller.get(f"{AT}/aged/file?{of}&format=csv&language=en")).decode()
    assert "0-10" in content
    assert "21+" in content
