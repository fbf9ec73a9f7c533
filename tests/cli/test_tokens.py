"""Are tokens made, listed and revoked from the command line?"""

import pytest

from relance.models import Event, Token
from tests.acceptance.doors import inside


@pytest.fixture
def acme(db, tmp_path):
    from relance.models import Company

    return Company.objects.create(code="ACME", name="Acme", currency="EUR")


def test_a_token_is_shown_once_and_only_its_hash_is_kept(acme):
    made = (
        inside("token", "add", "erp", "--company", "ACME", "--role", "manager", "--scope", "read", "--scope", "write", "--json").done().json
    )
    assert made["scopes"] == ["read", "write"]
    kept = Token.objects.get()
    assert made["token"] not in [str(value) for value in vars(kept).values()]
    assert made["token"].endswith(inside("token", "list", "--company", "ACME", "--json").done().json["tokens"][0]["ends_with"])
    assert Event.objects.get(what="token_added").facts["role"] == "manager"


def test_two_good_tokens_of_a_company_have_two_names(acme):
    inside("token", "add", "erp", "--company", "ACME").done()
    inside("token", "add", "erp", "--company", "ACME").refused('has a token "erp" already')
    inside("token", "revoke", "erp", "--company", "ACME").done()
    inside("token", "add", "erp", "--company", "ACME").done()
    inside("token", "revoke", "bank", "--company", "ACME").refused('no token "bank"')


def test_a_token_of_a_person_is_made_listed_and_revoked(db):
    from relance.models import User

    User.objects.create_user("eva@firm.example")
    inside("token", "add", "night", "--user", "Eva@firm.example", "--role", "manager").done()
    assert "night" in inside("token", "list", "--user", "eva@firm.example").done().out
    inside("token", "add", "night", "--user", "max@firm.example").refused('no user "max@firm.example"')
    inside("token", "revoke", "night", "--user", "eva@firm.example").done()
    assert (Token.objects.get().user.email, Token.objects.get().revoked_at is None) == ("eva@firm.example", False)


@pytest.mark.parametrize("owner", [(), ("--company", "ACME", "--user", "eva@firm.example")])
def test_a_token_is_of_a_company_or_of_a_person(acme, owner):
    inside("token", "add", "night", *owner).misused()
    assert not Token.objects.exists()


def test_a_token_whose_last_day_is_over_is_not_made(acme):
    inside("token", "add", "erp", "--company", "ACME", "--until", "2020-01-01").refused("is over")
    assert not Token.objects.exists()


def test_people_read_the_last_day_of_a_token_by_the_clock_on_the_wall_in_the_language_of_the_company(acme):
    inside("token", "add", "erp", "--company", "ACME", "--until", "2099-01-31").done()
    heads, _, row = [line.strip() for line in inside("token", "list", "--company", "ACME").done().out.splitlines() if line.strip()]
    assert "Jusqu'au" in heads
    assert "31/01/2099 23:59" in row
    hooked = inside("webhook", "set", "erp", "--company", "ACME", "--url", "https://erp.example/relance")
    assert hooked.done().out.startswith("whsec_")
    assert "tout" in inside("webhook", "list", "--company", "ACME").done().out
