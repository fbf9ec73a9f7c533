"""Do programs let people and programs in, as the screens do, and hand on no more than they have?"""

from datetime import date

from django.test import Client

from relance.models import Company, Event, Membership, Token, User
from relance.models.tokens import Answered
from relance.steps import granting
from tests.api.conftest import AT, Caller

EVA = "/users/Eva@acme.example"


def test_a_token_is_made_shown_once_listed_without_it_and_revoked(acme: Company, program):
    caller = program()
    made = caller.send("/tokens", {"name": "erp", "role": "collector", "scopes": ["dun", "read"], "per_minute": 60}, key="erp").json()
    assert (made["scopes"], made["ends_with"], made["expires_at"]) == (["read", "dun"], made["token"][-4:], None)
    erp = Caller(headers={"authorization": f"Bearer {made['token']}"})
    assert erp.ask("/agenda")["failed"] == 0
    assert made["token"] not in caller.get(f"{AT}/tokens").content.decode()
    assert [one["role"] for one in caller.ask("/tokens")["tokens"] if one["name"] == "erp"] == ["collector"]
    assert caller.delete(f"{AT}/tokens/erp").json()["changed"][0]["what"] == "revoked"
    assert (erp.get(f"{AT}/agenda").status_code, caller.delete(f"{AT}/tokens/erp").status_code) == (401, 404)
    assert not Answered.objects.filter(answer__isnull=False, key="erp").exists()  # a token is kept as a hash alone
    told = Event.objects.filter(what__in=("token_added", "token_revoked"), facts__token="erp").values_list("what", "by").order_by("number")
    assert list(told) == [(what, "token administrator  ACME") for what in ("token_added", "token_revoked")]


def test_a_token_hands_on_no_scope_that_it_has_not_and_no_later_day(acme: Company, program):
    narrow = program("administrator", "set_up", "read", last_day=date(2099, 6, 30))
    wanted = {"name": "erp", "scopes": ["read"], "last_day": "2099-06-30"}
    for wider in ({"scopes": ["read", "dun"]}, {"last_day": "2099-07-01"}, {"last_day": None}):
        assert narrow.send("/tokens", wanted | wider).status_code == 403
    assert not Token.objects.filter(name="erp").exists()
    assert narrow.send("/tokens", wanted).status_code == 200


def test_a_name_that_is_taken_and_what_is_no_token_are_refused(acme: Company, program):
    caller = program()
    assert caller.send("/tokens", {"name": "erp"}).status_code == 200
    assert caller.send("/tokens", {"name": "erp"}).json()["detail"] == 'ACME has a token "erp" already'
    for wrong in ({"scopes": []}, {"scopes": ["all"]}, {"role": "king"}, {"last_day": "soon"}, {"per_minute": 0}):
        assert caller.send("/tokens", {"name": "other"} | wrong).status_code == 422
    assert set(Token.objects.exclude(name__startswith="administrator").values_list("name", flat=True)) == {"erp"}


def test_somebody_new_is_let_in_comes_by_an_invitation_gets_another_role_and_is_sent_away(acme: Company, program):
    caller = program()
    granted = caller.send(EVA, {"role": "collector", "name": "Eva"}, method="put").json()
    assert granted == {"email": "eva@acme.example", "name": "Eva", "role": "collector", "last_signed_in": None, "invited": False}
    link = caller.send(f"{EVA}/invitation", None).json()["link"]
    assert caller.ask("/users")["users"][0]["invited"]
    eva = Client()
    assert eva.get(link).status_code == 302
    assert eva.get("/c/ACME/").status_code == 200
    assert caller.send(EVA, {"role": "manager"}, method="put").json()["role"] == "manager"
    assert caller.delete(AT + EVA).json() == {"changed": [{"what": "role", "before": "manager", "after": None}]}
    assert (eva.get("/c/ACME/").status_code, caller.delete(AT + EVA).status_code) == (404, 404)
    told = Event.objects.filter(what__startswith="role_").order_by("number").values_list("what", "by")
    assert {by for _what, by in told} == {"token administrator  ACME"}
    assert [what for what, _by in told] == ["role_given", "role_given", "role_taken"]


def test_an_invitation_is_for_nobody_who_can_come_in_already(acme: Company, program):
    granting.give_role(User.objects.create_user("eva@acme.example", "cheval agrafe"), acme, "reader", by="x")
    assert program().send(f"{EVA}/invitation", None).status_code == 409
    assert User.objects.get(email="eva@acme.example").invitation == ""


def test_who_was_removed_from_the_installation_and_who_acts_elsewhere_are_not_touched(acme: Company, program):
    caller = program()
    granting.remove_user(granting.add_user("eva@acme.example", None), by="x")
    assert caller.send(EVA, {"role": "reader"}, method="put").status_code == 409
    elsewhere = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    granting.give_role(granting.add_user("x@else.example", None), elsewhere, "reader", by="x")
    assert [
        caller.delete(f"{AT}/users/x@else.example").status_code,
        caller.send("/users/nobody", {"role": "reader"}, method="put").status_code,
    ] == [404, 422]
    assert [one.company.code for one in Membership.objects.all()] == ["ELSE"]


def test_both_lists_are_had_as_files_in_the_words_of_their_pages(acme: Company, program):
    caller = program()
    caller.send(EVA, {"role": "reader"}, method="put")
    users, tokens = (b"".join(caller.get(f"{AT}/{what}", {"format": "csv", "language": "fr"})).decode() for what in ("users", "tokens"))
    assert "eva@acme.example;;lecteur" in users
    assert "administrateur" in tokens.splitlines()[1]
