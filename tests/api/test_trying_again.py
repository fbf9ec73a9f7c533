"""Is what came to nothing tried again in one call, and are reminders by hand looked at, chosen and formatted as on the screens?"""

import io
import zipfile
from datetime import date

import pytest
from django.utils import timezone

from relance.models import Company, Notice, Run
from relance.steps import running
from relance.steps.delivering import deliver
from tests.acceptance.world import World, day
from tests.api.conftest import AT
from tests.api.test_files import content_of

NOW = timezone.localdate().isoformat()
AGAIN = {"as_of": NOW, "channel": "email"}


@pytest.fixture
def run(acme: Company, world: World) -> int:
    """A run of this day has written to customers; two of its messages came to nothing."""
    for number in (1, 2, 3):
        world.invoice(f"FB-{number}", f"C01{number}", due=day(NOW, -10), amount="50.00")
    world.load()
    made = running.batch(acme, date.fromisoformat(NOW), wait=False, by="eva").run
    deliver(acme, "worker")
    for notice in Notice.objects.filter(customer__code__in=("C011", "C012")):
        notice.lines.update(in_flight=False)
        Notice.objects.filter(pk=notice.pk).update(status="failed", outcome="550 no such mailbox")
    return made


@pytest.fixture
def caller(run, program):
    """A collector's program."""
    return program("collector", "read", "dun")


def told(answer) -> list[str]:
    """The documents that the notices of a run remind of."""
    assert answer.status_code == 200, answer.content
    return [line["document"] for notice in answer.json()["notices"] for line in notice["lines"]]


def test_the_failures_of_a_run_are_tried_again_in_one_call_and_only_once(run, caller, world):
    before = len(list(world.post.iterdir()))
    assert told(caller.send("/reminders", AGAIN | {"failures_of": run}, key="again")) == ["FB-1", "FB-2"]
    assert told(caller.send("/reminders", AGAIN | {"failures_of": run}, key="again")) == ["FB-1", "FB-2"]
    refused = caller.send("/reminders", AGAIN | {"failures_of": run}, key="once more")
    assert (refused.status_code, refused.json()["detail"].partition(":")[0]) == (409, "nothing is to be tried again")
    assert (Run.objects.count(), len(list(world.post.iterdir())) - before) == (2, 2)


def test_notices_to_see_to_are_listed_and_those_named_are_tried_again_by_letter(run, caller):
    failed = {one["customer"]: one["id"] for one in caller.ask("/notices", to_see_to="true", status="failed")["notices"]}
    assert sorted(failed) == ["C011", "C012"]
    answer = caller.send("/reminders", AGAIN | {"notices": [failed["C012"]], "channel": "letter", "format": "html"})
    assert told(answer) == ["FB-2"]
    [letter] = answer.json()["notices"]
    assert (letter["status"], b"<html" in content_of(caller.get(f"{AT}/notices/{letter['id']}/file"))) == ("printed", True)
    assert content_of(caller.get(f"{AT}/runs/{answer.json()['run']}/letters?format=html")).count(b"<html") == 1
    assert [one["customer"] for one in caller.ask("/notices", to_see_to="true")["notices"]] == ["C011"]


def test_what_has_left_and_what_another_company_wrote_is_not_tried_again(run, caller, program):
    sent = list(Notice.objects.filter(status="sent").values_list("pk", flat=True))
    assert caller.send("/reminders", AGAIN | {"notices": sent}).status_code == 409
    stranger = program(company=Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR"))
    at = "/api/v1/companies/ELSE/reminders"
    failed = list(Notice.objects.filter(status="failed").values_list("pk", flat=True))
    answers = [stranger.post(at, AGAIN | said, content_type="application/json") for said in ({"failures_of": run}, {"notices": failed})]
    assert [one.status_code for one in answers] == [404, 409]
    assert Run.objects.count() == 1


@pytest.mark.parametrize("said", [{}, {"documents": [{"document": "FB-1"}], "failures_of": 1}, {"notices": [1], "failures_of": 1}])
def test_one_thing_is_said_of_what_is_reminded_of(said, caller):
    answer = caller.send("/reminders", AGAIN | said)
    assert answer.json()["faults"] == [{"place": "the body", "message": "say one of documents, notices, failures_of"}]


def test_reminders_are_issued_as_they_were_seen(run, caller, world):
    asked = AGAIN | {"documents": [{"document": "FB-1"}]}
    seal = caller.send("/reminders", asked | {"dry_run": True}).json()["seal"]
    assert caller.send("/reminders", asked | {"seen": "another"}).status_code == 409
    world.invoice("FB-4", "C011", due=day(NOW, -10))
    world.load()
    assert told(caller.send("/reminders", asked | {"seen": seal})) == ["FB-1"]


def test_one_due_item_of_an_invoice_is_reminded_of(run, caller, world):
    world.invoice(
        "FB-4",
        "C014",
        due=[{"no": 1, "due_date": day(NOW, -30), "amount": "10.00"}, {"no": 2, "due_date": day(NOW, -9), "amount": "20.00"}],
    )
    world.load()
    asked = AGAIN | {"documents": [{"document": "FB-4", "no": 2}]}
    [notice] = caller.send("/reminders", asked).json()["notices"]
    assert [line["open"] for line in notice["lines"]] == ["20.00"]
    assert caller.send("/reminders", AGAIN | {"documents": [{"document": "FB-4", "no": 3}]}).status_code == 404


def test_the_drafts_of_a_run_come_in_one_file(run, caller):
    made = caller.send("/reminders", AGAIN | {"failures_of": run, "channel": "draft"}).json()["run"]
    names = zipfile.ZipFile(io.BytesIO(content_of(caller.get(f"{AT}/runs/{made}/drafts")))).namelist()
    assert [name.partition("-")[2] for name in names] == ["C011.eml", "C012.eml"]
    assert caller.get(f"{AT}/runs/{run}/drafts").status_code == 409


def test_left_out_items_are_narrowed_to_one_reason(run, caller, world):
    every = caller.ask(f"/runs/{run}/left-out")["left_out"]
    assert [one["reason"] for one in caller.ask(f"/runs/{run}/left-out", reason="disputed")["left_out"]] == []
    for reason in {one["reason"] for one in every}:
        found = caller.ask(f"/runs/{run}/left-out", reason=reason)["left_out"]
        assert found == [one for one in every if one["reason"] == reason]


@pytest.mark.parametrize(("form", "starts"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("pdf", b"%PDF-")])
def test_the_control_list_of_an_edition_is_a_file(form, starts, run, caller, world):
    world.invoice("FB-5", "C015", due=day(NOW, -10))
    world.load()
    asked = {"as_of": NOW, "edition": {"level": 1, "customers": ["C015"]}}
    content = content_of(caller.send(f"/proposals/control-list?format={form}", asked))
    assert (content.startswith(starts), form != "csv" or b"FB-5" in content) == (True, True)
    assert Run.objects.count() == 1


def test_draft_letters_come_in_a_word_processor_s_format_each_in_its_own_file(run, caller, world):
    world.invoice("FB-5", "C015", due=day(NOW, -10))
    world.load()
    asked = {"as_of": NOW, "edition": {"level": 1}}
    names = zipfile.ZipFile(io.BytesIO(content_of(caller.send("/proposals/letters?format=docx", asked)))).namelist()
    assert {name.rpartition(".")[2] for name in names} <= {"docx", "pdf"}
    assert content_of(caller.send("/proposals/letters?format=html", asked)).count(b"<html") == 1
