"""Is what would be written seen before it is, and nothing stored of it?"""

from relance.models import Company, Event, Notice, Run
from relance.models.sealed import kept_secrets
from tests.acceptance.world import World


def test_the_letters_of_an_edition_are_looked_at_as_drafts(acme: Company, program):
    asked = {"as_of": "2026-07-15", "edition": {"level": 1, "scope": "all_lower"}}
    answer = program("collector", "read").send("/proposals/letters", asked)
    assert (answer.status_code, b"".join(answer)[:5]) == (200, b"%PDF-")
    assert not Run.objects.exists()
    assert not Notice.objects.exists()


def test_an_edition_that_has_no_letter_is_told(acme: Company, program):
    asked = {"as_of": "2026-07-15", "edition": {"level": 1, "customers": ["C002"]}}
    answer = program("collector", "read").send("/proposals/letters", asked)
    assert (answer.status_code, answer.json()["detail"]) == (409, "there is no letter to show")


def test_a_text_that_is_not_stored_is_looked_at_as_an_e_mail(acme: Company, program):
    caller = program("manager", "read")
    answer = caller.send("/preview?format=html", {"level": 1, "language": "en", "texts": {"header": "Dear friends of oak,"}})
    assert "Dear friends of oak," in answer.content.decode()
    assert caller.send("/preview", {"level": 7}).status_code == 409


def test_a_signing_key_is_drawn_and_only_its_public_half_is_told(acme: Company, program):
    caller = program()
    assert caller.send("/messaging/key", None).status_code == 409
    caller.send("/messaging", {"dkim_domain": "acme.example", "dkim_selector": "relance1"}, method="patch")
    told = caller.send("/messaging/key", None).json()
    assert told["dns"]["name"] == "relance1._domainkey.acme.example"
    assert "PRIVATE" not in str(told)
    assert kept_secrets(acme) == {"dkim_key"}
    assert Event.objects.filter(what="secret_set").exists()


def test_a_run_is_issued_as_it_was_seen_and_what_has_changed_since_is_not(world: World, acme: Company, program):
    caller = program("manager", "read", "dun")
    seal = caller.send("/proposals", {"as_of": "2026-07-15"}).json()["seal"]
    world.invoice("FA-3")
    world.load()
    refused = caller.send("/runs", {"as_of": "2026-07-15", "seen": seal})
    assert (refused.status_code, Run.objects.count()) == (409, 0)
    seal = caller.send("/proposals", {"as_of": "2026-07-15"}).json()["seal"]
    run = caller.send("/runs", {"as_of": "2026-07-15", "seen": seal, "left_out": "none"}).json()
    assert [line["document"] for notice in run["notices"] for line in notice["lines"]] == ["FA-1", "FA-3"]


def test_a_run_above_the_ceiling_leaves_once_it_was_seen_or_is_confirmed(acme: Company, program):
    Company.objects.update(ceiling="every", ceiling_amount=50_00)
    caller, asked = program("manager", "read", "dun"), {"as_of": "2026-07-15"}
    assert "the ceiling is 50.00" in caller.send("/runs", asked).json()["detail"]
    assert not Run.objects.exists()
    assert caller.send("/runs", asked | {"confirmed": True}).status_code == 200
    assert Run.objects.count() == 1


def test_letters_of_an_edition_are_those_that_were_seen(acme: Company, program):
    caller = program("manager", "read", "dun")
    asked = {"as_of": "2026-07-15", "edition": {"level": 1}}
    seal = caller.send("/proposals", asked).json()["seal"]
    assert caller.send("/runs", asked | {"seen": "another"}).status_code == 409
    assert caller.send("/runs", asked | {"seen": seal}).status_code == 200
