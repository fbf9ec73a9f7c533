"""Is a file that is no dossier, or says what cannot be, refused with every fault at its place, and nothing stored?"""

import json
from typing import Any

import pytest

from relance.dossier import Faults
from relance.dossier.reading import parse
from tests.dossier.files import as_bytes, books, customer, due, faults_of, file, invoice, payment, stored, take_in

pytestmark = pytest.mark.django_db

NO_DOSSIERS = {
    "an empty file": (b"", "line 1, column 1: not JSON: expecting value"),
    "no JSON": (b'{"format": "relance/1",\n "company" {}}', "line 2, column 12: not JSON: expecting ':' delimiter"),
    "latin-1": ('{"format": "relance/1",\n"company": {"name": "Café"}}'.encode("latin-1"), "line 2: not UTF-8: the byte 0xe9"),
    "utf-16": ('{"format": "relance/1"}'.encode("utf-16"), "line 1: not UTF-8: the byte 0xff"),
    "a list": (b"[]", "the file: an object is due, not a list"),
    "no format": (b"{}", 'format: not "relance/1": null'),
    "another format": (b'{"format": "relance/2", "compagnie": 1}', 'format: not "relance/1": "relance/2"'),
    "not a number": (b'{"format": "relance/1", "x": NaN}', "the file: not JSON: NaN is not a number"),
    "an endless number": (
        b'{"format": ' + b"9" * 5000 + b"}",
        "the file: not JSON: a number of thousands of digits",
    ),
    "a bottomless list": (b"[" * 100_000, "the file: not a dossier: nested too deeply"),
    "no company": (b'{"format": "relance/1"}', "company: is missing"),
    "no company either": (b'{"format": "relance/1", "company": null}', "company: an object is due, not null"),
    "a nameless company": (as_bytes({"format": "relance/1", "company": {"code": "ACME"}}), "company.name: is missing"),
    "a company without a code": (as_bytes({"format": "relance/1", "company": {"name": "Acme"}}), "company.code: is missing"),
}


@pytest.mark.parametrize("what", NO_DOSSIERS)
def test_what_is_no_dossier_is_refused_in_words(what: str):
    content, told = NO_DOSSIERS[what]
    assert faults_of(content) == [told]


def test_a_byte_order_mark_is_no_fault():
    take_in(b"\xef\xbb\xbf" + as_bytes(file()))
    assert stored() is not None


def test_history_as_deep_as_json_itself_is_refused_and_not_fallen_over():
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    run = {"number": 1, "as_of": "2026-07-15", "started_at": "2026-07-15T08:00:00+00:00", "parameters": {"a": deep}, "settings": {}}
    assert faults_of(file(history={"runs": [run]})) in ([], ["the file: not a dossier: nested too deeply"])


WRONG = {
    "an unknown key": (books(costumers=[]), "costumers: unknown key (perhaps customers?)"),
    "an unknown key inside": (books(documents=[invoice(colour="red")]), "documents[0].colour: unknown key"),
    "a key that is no word": (books(customers=[customer(**{"a b\n": 1})]), 'customers[0]."a b\\n": unknown key'),
    "an object for a list": (books(customers={}), "customers: a list is due, not an object"),
    "a text for an object": (books(customers=["C001"]), 'customers[0]: an object is due, not "C001"'),
    "a number for a code": (books(customers=[customer(1)]), "customers[0].code: a text in quotes is due, not 1"),
    "an empty code": (books(customers=[customer("")]), "customers[0].code: is empty"),
    "a number for an amount": (
        books(documents=[invoice(due=[due(12.5)])]),
        'documents[0].due[0].amount: an amount stands in quotes, as "12.50", not 12.5',
    ),
    "a letter in an amount": (books(documents=[invoice(amount="12,5O")]), 'documents[0].due[0].amount: not a decimal amount: "12,5O"'),
    "too many decimals": (books(documents=[invoice(amount="1.234")]), 'documents[0].due[0].amount: too many decimals for EUR: "1.234"'),
    "yen have no decimals": (
        books(documents=[invoice(amount="1.5", currency="JPY")]),
        'documents[0].due[0].amount: too many decimals for JPY: "1.5"',
    ),
    "sixteen digits": (
        books(documents=[invoice(amount="12345678901234.50")]),
        'documents[0].due[0].amount: more than 15 digits: "12345678901234.50"',
    ),
    "no date": (books(documents=[invoice(date="2026-02-30")]), 'documents[0].date: not a date as YYYY-MM-DD: "2026-02-30"'),
    "a short date": (books(documents=[invoice(date="20260101")]), 'documents[0].date: not a date as YYYY-MM-DD: "20260101"'),
    "a day of no calendar of ours": (
        books(documents=[invoice(date="9999-12-31")]),
        'documents[0].date: not a day of the years 1900 to 2999: "9999-12-31"',
    ),
    "a small currency": (
        books(documents=[invoice(currency="eur")]),
        'documents[0].currency: not a currency of three capital letters: "eur"',
    ),
    "an unknown language": (books(customers=[customer(language="xx")]), 'customers[0].language: not one of fr, en, de: "xx"'),
    "a country in words": (
        file(company={"code": "ACME", "name": "Acme", "country": "France"}),
        'company.country: not a country of two capital letters: "France"',
    ),
    "an e-mail address without a domain": (
        books(customers=[customer(sites=[{"code": "S1", "email": "compta@"}])]),
        'customers[0].sites[0].email: not an e-mail address: "compta@"',
    ),
    "a recipient with a name": (
        books(documents=[invoice(recipients=["a@b.example", "Jean <jean@b.example>"])]),
        'documents[0].recipients[1]: not an e-mail address: "Jean <jean@b.example>"',
    ),
    "a number for true": (books(customers=[customer(dunning_enabled=1)]), "customers[0].dunning_enabled: true or false is due, not 1"),
    "true for a number": (
        books(documents=[invoice(due=[due(no=True)])]),
        "documents[0].due[0].no: a whole number is due, not true",
    ),
    "level ten": (books(documents=[invoice(due=[due(level=10)])]), 'documents[0].due[0].level: not a level, 0 to 9 or "NA": 10'),
    "an unknown role": (
        books(customers=[customer(contacts=[{"name": "Jean", "roles": ["main", "chief"]}])]),
        'customers[0].contacts[0].roles[1]: not one of decision_maker, main, financial: "chief"',
    ),
    "an unknown type": (
        books(documents=[invoice(type="avoir")]),
        'documents[0].type: not one of invoice, credit_note, payment_on_account: "avoir"',
    ),
    "a long code": (
        books(customers=[customer("C" * 81)]),
        f'customers[0].code: longer than 80 characters: "{"C" * 57}…"',
    ),
    "a long name": (
        books(customers=[customer(name="Ets " * 51)]),
        f'customers[0].name: longer than 200 characters: "{"Ets " * 14}E…"',
    ),
    "a null byte": (books(customers=[customer(name="a\0b")]), "customers[0].name: holds a control character (U+0000)"),
    "a null byte in a comment": (
        books(documents=[invoice(due=[due(comment="a\0b")])]),
        "documents[0].due[0].comment: holds a control character (U+0000)",
    ),
    "a line break in a name": (books(customers=[customer(name="a\nb")]), "customers[0].name: holds a control character (U+000A)"),
    "half a character": (
        as_bytes(books(customers=[customer(name="?")])).replace(b'"?"', b'"\\ud83d"'),
        "customers[0].name: holds a control character (U+D83D)",
    ),
    "null where nothing is the default": (books(documents=[invoice(date=None)]), "documents[0].date: is null, and has no default"),
    "no date at all": (books(documents=[{"number": "FA-1", "customer": "C001", "due": [due()]}]), "documents[0].date: is missing"),
    "no amount": (books(documents=[invoice(due=[{"due_date": "2026-01-31"}])]), "documents[0].due[0].amount: is missing"),
    "a minimum below zero": (file(options={"min_invoice_amount": "-1.00"}), "options.min_invoice_amount: is below zero"),
    "terms nobody knows": (
        file(options={"payment_terms": "soon"}),
        'options.payment_terms: not payment terms: "soon" (write for instance 30, 45FDM-A, 45FDM-B, 30FDM10, 30LE15)',
    ),
    "a rate as a number": (file(options={"interest_rate": 12}), 'options.interest_rate: not a rate in percent, as "12.50": 12'),
    "a rate under the legal floor": (
        books(documents=[invoice(interest_rate="2.00")]),
        "documents[0].interest_rate: 2.00 is below the legal floor, 7.86 on 2026-01-01",
    ),
    "the same key twice in an object": (
        b'{"format": "relance/1", "company": {"code": "ACME", "name": "Acme", "code": "B"}}',
        "company.code: the same key twice in one object",
    ),
    "the same customer twice": (
        books(customers=[customer(), customer("C002"), customer()]),
        "customers[2].code: the same key twice: customers[0] has it already",
    ),
    "the same document twice": (
        books(documents=[invoice(), invoice()]),
        "documents[1].number: the same key twice: documents[0] has it already",
    ),
    "the same due item twice": (
        books(documents=[invoice(due=[due(), due(no=1)])]),
        "documents[0].due[1].no: the same key twice: due[0] has it already",
    ),
    "the same contact twice": (
        books(customers=[customer(contacts=[{"name": "Jean"}, {"name": "Jean"}])]),
        "customers[0].contacts[1].name: the same key twice: contacts[0] has it already",
    ),
    "the same payment twice": (
        books(payments=[payment(), payment()]),
        "payments[1].reference: the same key twice: payments[0] has it already",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused_at_its_place(what: str):
    dossier, told = WRONG[what]
    assert faults_of(dossier) == [told]


def test_every_fault_is_told_at_once_in_the_order_of_the_file():
    dossier = books(
        payments=[payment(customer="C404")],
        customers=[customer(language="xx"), customer("C002", sales_rep="NN")],
        documents=[invoice(amount="x", site="S9"), invoice("FA-2", payment_method="CB")],
    )
    assert faults_of(dossier) == [
        'customers[0].language: not one of fr, en, de: "xx"',
        'customers[1].sales_rep: unknown collaborator: "NN"',
        'documents[0].site: unknown site: "S9"',
        'documents[0].due[0].amount: not a decimal amount: "x"',
        'documents[1].payment_method: unknown payment method: "CB"',
        'payments[0].customer: unknown customer: "C404"',
    ]


def test_a_hundred_faults_are_shown_and_the_others_counted():
    many = [customer(f"C{number}", kind="x") for number in range(130)]
    with pytest.raises(Faults) as refused:
        take_in(books(customers=many))
    shown = str(refused.value).splitlines()
    assert (len(refused.value.faults), len(shown), shown[-1]) == (130, 101, "… and 30 more")
    assert stored() is None


def test_two_contacts_of_one_name_are_told_apart_by_their_codes():
    people = [{"name": "Jean Petit", "code": "1"}, {"name": "Jean Petit", "code": "2"}, {"name": "Jean Petit"}]
    take_in(books(customers=[customer(contacts=people)]))
    assert [contact["code"] for contact in (stored() or {})["customers"][0]["contacts"]] == ["1", "2", ""]


def test_a_same_code_means_one_thing_in_each_company():
    take_in(books())
    take_in(books(company={"code": "OTHER", "name": "Autre"}, customers=[customer(name="Client d'un autre")]))
    assert [(stored(code) or {})["customers"][0]["name"] for code in ("ACME", "OTHER")] == ["Client C001", "Client d'un autre"]


def test_an_object_keeps_its_keys_in_order():
    assert list(parse(json.dumps({"b": 1, "a": 2}).encode())) == ["b", "a"]
