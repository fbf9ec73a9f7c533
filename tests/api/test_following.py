"""Is the follow-up noted as on the screens: calls with promises, blocks of many, levels of what another tool has reminded of?"""

from datetime import date

import pytest
from django.utils import timezone

from relance.models import Batch, Company, Customer, Document, DueItem, Event, Launch
from tests.acceptance.world import World, item
from tests.api.conftest import AT


def test_a_promise_made_in_a_call_is_noted_with_it(acme: Company, program):
    caller = program("collector", "write")
    call = {"customer": "C001", "outcome": "reached", "contact": "Ann", "promised_on": "2099-01-31"}
    assert caller.send("/calls", call).json()["faults"] == [{"place": "documents", "message": "say what is promised"}]
    assert not Event.objects.filter(what="called").exists()
    changed = caller.send("/calls", call | {"documents": ["FA-1"]}, key="k").json()["changed"]
    assert ("promised_on", "2099-01-31") in [(one["what"], one["after"]) for one in changed]
    assert Event.objects.get(what="called").facts["documents"] == ["FA-1"]


def test_documents_are_blocked_together_all_of_them_or_none(acme: Company, world: World, program):
    world.invoice("FA-3", "C001")
    world.load()
    caller, said = program("collector", "write"), {"kind": "automatic", "comment": "litige"}
    assert caller.send("/blocks", said | {"documents": ["FA-1", "FA-9"]}).status_code == 404
    assert not Document.objects.filter(no_auto_dunning=True).exists()
    changed = caller.send("/blocks", said | {"documents": ["FA-1", "FA-3"]}).json()["changed"]
    assert {one["document"] for one in changed} == {"FA-1", "FA-3"}
    assert set(Document.objects.filter(no_auto_dunning=True).values_list("number", flat=True)) == {"FA-1", "FA-3"}
    for wrong in ({}, {"document": "FA-1", "documents": ["FA-3"]}):
        assert caller.send("/blocks", said | wrong).status_code == 422


def test_what_another_tool_has_reminded_of_takes_the_level_that_it_had_there(acme: Company, world: World, program):
    world.invoice("FA-3", "C003", due=[item("2026-06-01", "10.00", no=1), item("2026-07-10", "20.00", no=2)])
    world.payment("ENC-1", "100.00", "2026-07-10", {"FA-1": "100.00"})
    world.load()
    seed = {"level": 1, "date": "2026-07-01", "current": 0, "due_to": "2026-07-10", "open_only": True}
    changed = program("manager", "dun").send("/levels", seed).json()["changed"]
    assert {(one["document"], one["no"]) for one in changed} == {("FA-3", 1), ("FA-3", 2)}


def test_the_level_of_one_due_item_is_corrected(acme: Company, world: World, program):
    world.invoice("FA-3", "C003", due=[item("2026-06-01", "10.00", no=1), item("2026-07-10", "20.00", no=2)])
    world.load()
    program("manager", "dun").send("/levels", {"level": 2, "date": "2026-07-01", "documents": ["FA-3"], "no": 2})
    assert dict(DueItem.objects.filter(document__number="FA-3").values_list("no", "level")) == {1: 0, 2: 2}


def test_lines_take_their_level_only_if_they_are_as_they_were_seen(acme: Company, world: World, program):
    world.invoice("FA-3", "C003")
    world.load()
    caller = program("manager", "dun")
    lines = [{"document": number, "level": 0} for number in ("FA-1", "FA-3")]
    DueItem.objects.filter(document__number="FA-3").update(level=1, last_dunned_on="2026-07-01")
    wanted = {"level": 2, "date": "2026-07-15", "lines": lines}
    assert caller.send("/levels", wanted).status_code == 409
    assert not DueItem.objects.filter(level=2).exists()
    seen = wanted | {"lines": [lines[0], lines[1] | {"level": 1, "last_dunned_on": "2026-07-01"}]}
    assert {one["document"] for one in caller.send("/levels", seen).json()["changed"]} == {"FA-1", "FA-3"}
    assert sorted(DueItem.objects.filter(level=2).values_list("document__number", flat=True)) == ["FA-1", "FA-3"]
    assert caller.send("/levels", wanted | {"lines": [lines[0] | {"no": 9}]}).json()["faults"][0]["place"] == "lines[0].no"


@pytest.mark.parametrize(("asked", "numbers"), [({"never_dunned": "true"}, ["C002"]), ({"dunned_from": "2026-07-01"}, ["C001"])])
def test_customers_are_narrowed_by_when_they_were_last_dunned(asked, numbers, acme: Company, program):
    Customer.objects.filter(code="C001").update(last_dunned_on="2026-07-02")
    caller = program("reader", "read")
    assert [one["code"] for one in caller.ask("/customers", **asked)["customers"]] == numbers
    assert caller.ask("/customers", dunned_to="2026-07-01")["customers"] == []


def test_payments_are_those_that_settled_a_document(acme: Company, world: World, program):
    world.payment("ENC-1", "20.00", "2026-07-10", {"FA-1": "20.00"})
    world.payment("ENC-2", "30.00", "2026-07-11", {"FA-2": "30.00"}, customer="C002")
    world.load()
    caller = program("reader", "read")
    assert [one["reference"] for one in caller.ask("/payments", document="FA-2")["payments"]] == ["ENC-2"]
    assert caller.get(f"{AT}/payments", {"document": "FA-9"}).status_code == 404


def test_why_is_told_question_by_question_in_the_language_asked_for(acme: Company, program):
    caller = program("reader", "read")
    [due] = caller.ask("/explain", document="FA-1", as_of="2026-07-15", language="en")["due"]
    assert due["decision"] == "dun"
    assert due["path"][-1]["sentence"].startswith("Dunned at level 1:")
    told = [caller.ask("/explain", document="FA-2", as_of="2099-01-10", language=language)["due"][0]["path"] for language in ("fr", "en")]
    assert [path[-1]["holds"] for path in told] == [True, True]
    assert told[0][-1]["sentence"] != told[1][-1]["sentence"]


def test_the_balance_of_all_companies_of_a_person_is_one(acme: Company, of_person, program):
    founder = of_person(None, founder=True)
    founder.post("/api/v1/companies", {"code": "NORD", "name": "Vins du Nord"}, content_type="application/json")
    due = {"number": "N-1", "customer": "N1", "date": "2026-06-01", "due": [{"due_date": "2026-07-01", "amount": "7.00"}]}
    said = {"customers": [{"code": "N1", "name": "Nord"}], "documents": [due]}
    assert founder.post("/api/v1/companies/NORD/ledger", said, content_type="application/json").status_code == 200
    asked = {"as_of": "2026-07-15", "every_company": "true", "group_by": "entity"}
    assert {one["group"] for one in founder.ask("/aged", **asked)["groups"]} == {"ACME", "NORD"}
    assert [one["group"] for one in program("reader", "read").ask("/aged", **asked)["groups"]] == ["ACME"]
    assert [one["code"] for one in founder.ask("/aged", as_of="2026-07-15", code="C001")["accounts"]] == ["C001"]


def test_launches_of_an_automatic_run_come_page_by_page(acme: Company, program):
    caller = program()
    caller.send("/batches/nuit", {"times": ["08:30"], "error_address": "eva@acme.example"}, method="put")
    batch = Batch.objects.get(code="nuit")
    for _ in range(3):
        Launch.objects.create(batch=batch, company=acme, as_of=date(2026, 7, 15), by="eva", started_at=timezone.now(), status="done")
    first = caller.ask("/batches/nuit/launches", limit=2)
    rest = caller.ask("/batches/nuit/launches", limit=2, cursor=first["next"])
    assert [len(page["launches"]) for page in (first, rest)] == [2, 1]
    assert rest["next"] is None
    assert len(b"".join(caller.get(f"{AT}/batches/nuit/launches", {"format": "csv"})).splitlines()) == 4
