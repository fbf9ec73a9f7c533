"""Does what other programs write stand in the ledger, all of it or nothing, and do they find it again page by page?"""

from relance.models import Customer, Document, Event
from tests.api.conftest import AT

BOOK = """
    number customer date       due        amount
    FA-10  C001     2026-06-01 2026-07-01 120.00
    FA-11  C002     2026-06-01 2026-07-02 80.50
"""


def documents(table: str) -> dict[str, object]:
    """The rows of a table as a body of documents."""
    rows = [line.split() for line in table.strip().splitlines()[1:]]
    return {
        "documents": [
            {"number": number, "customer": customer, "date": date, "due": [{"due_date": due, "amount": amount}]}
            for number, customer, date, due, amount in rows
        ]
    }


def test_documents_are_new_then_the_same_then_changed(program):
    caller = program("manager", "write")
    verdicts = [
        caller.send("/documents", documents(said)).json()["results"]["documents"] for said in (BOOK, BOOK, BOOK.replace("80.50", "81.00"))
    ]
    assert verdicts == [["new", "new"], ["same", "same"], ["same", "changed"]]


def test_every_fault_is_told_at_its_place_and_nothing_is_stored(program):
    answer = program().send("/documents", documents(BOOK.replace("C002", "C999").replace("120.00", "12,5O")))
    assert answer.status_code == 422
    assert {(one["place"], one["message"]) for one in answer.json()["faults"]} == {
        ("documents[0].due[0].amount", 'not a decimal amount: "12,5O"'),
        ("documents[1].customer", 'unknown customer: "C999"'),
    }
    assert Document.objects.filter(number__startswith="FA-1").count() == 1


def test_a_dry_run_tells_and_stores_nothing(program):
    told = program().post(f"{AT}/documents?dry_run=true", documents(BOOK), content_type="application/json").json()
    assert (told["results"], told["stored"]) == ({"documents": ["new", "new"]}, False)
    assert not Document.objects.filter(number="FA-10").exists()


def test_what_a_policy_would_change_is_told_and_nothing_is_stored(program):
    caller = program()
    levels = caller.ask("")["levels"]
    changed = [level | ({"upper_bound": 40} if level["upper_bound"] is None else {}) for level in levels]
    said = caller.send("/comparison", {"levels": changed}).json()
    assert (said["gained"], said["lost"], said["days"], said["stored"]) == ([], ["C001"], 30, False)
    assert said["notices"] == [{"level": 3, "channel": "email", "today": {"now": 1, "then": 0}, "ahead": {"now": 1, "then": 0}}]
    assert caller.ask("")["levels"] == levels
    assert caller.send("/comparison", {"levels": [levels[0] | {"upper_bound": 20}]}).status_code == 422


def test_another_noun_of_the_dossier_is_refused(program):
    answer = program().send("/documents", {"documents": [], "options": {}, "history": {}})
    assert [fault["place"] for fault in answer.json()["faults"]] == ["options", "history"]


def test_a_customer_comes_with_its_sites_and_contacts_and_what_it_owes(program):
    caller = program()
    said = {"code": "C/3 é", "name": "Trois", "sites": [{"code": "S1", "email": "s1@trois.example"}], "contacts": [{"name": "Zoé"}]}
    assert caller.send("/customers", {"customers": [said]}).json()["results"] == {"customers": ["new"]}
    told = caller.ask("/customers/C%2F3%20%C3%A9")
    assert (told["sites"][0]["email"], told["contacts"][0]["name"], told["owes"]) == ("s1@trois.example", "Zoé", [])
    owed = caller.ask("/customers/C001")["owes"]
    assert owed == [{"currency": "EUR", "balance": "100.00", "overdue": "100.00", "oldest": "2026-07-07"}]
    changed = {"code": "C/3 é", "contacts": [{"name": "Zoé", "roles": ["main"]}]}
    assert caller.send("/customers", {"customers": [changed]}).json()["results"] == {"customers": ["changed"]}


def test_what_a_payment_settles_is_no_longer_open(program):
    caller = program()
    paid = {
        "reference": "P1",
        "customer": "C001",
        "date": "2026-07-10",
        "amount": "60.00",
        "allocations": [{"document": "FA-1", "amount": "50.00"}],
    }
    caller.send("/payments", {"payments": [paid]})
    assert caller.ask("/documents/FA-1")["open"] == "50.00"
    assert caller.ask("/payments/P1")["remaining"] == "10.00"
    assert [one["reference"] for one in caller.ask("/payments", unallocated="true")["payments"]] == ["P1"]


def test_pages_follow_one_another_though_rows_come_in_between(program):
    caller = program()
    first = caller.ask("/documents", limit=1)
    caller.send("/documents", documents(BOOK))
    second = caller.ask("/documents", limit=2, cursor=first["next"])
    third = caller.ask("/documents", limit=2, cursor=second["next"])
    assert [[one["number"] for one in page["documents"]] for page in (first, second, third)] == [["FA-1"], ["FA-2", "FA-10"], ["FA-11"]]
    assert third["next"] is None
    assert caller.get(f"{AT}/documents", {"cursor": "x"}).json()["faults"] == [{"place": "cursor", "message": "not a cursor of this list"}]


def test_documents_are_found_by_what_is_asked(program):
    caller = program()
    caller.send("/documents", documents(BOOK))
    asked = (
        {"customer": "C002"},
        {"due_to": "2026-07-01"},
        {"number": "FA-10"},
        {"open": "false"},
        {"level": 0, "date_from": "2026-06-07"},
    )
    found = [[one["number"] for one in caller.ask("/documents", **one)["documents"]] for one in asked]
    assert found == [["FA-2", "FA-11"], ["FA-10"], ["FA-10"], [], ["FA-1", "FA-2"]]


def test_the_history_names_the_token(program):
    program("manager", "write").send("/customers", {"customers": [{"code": "C001", "held_from": "2026-07-01"}]})
    assert Event.objects.get(what="customer_held").by == "token manager write ACME"
    assert str(Customer.objects.get(code="C001").held_from) == "2026-07-01"
