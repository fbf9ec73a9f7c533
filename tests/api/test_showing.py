"""Is what would be written seen before it is, and nothing stored of it?"""

from relance.models import Company, Event, Notice, Run
from relance.models.sealed import kept_secrets


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
