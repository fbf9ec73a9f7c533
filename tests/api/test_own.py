"""Are companies founded by the API as on the screens, and is a person's own had and changed?"""

import pytest

from relance.models import Company, Event, Token, User
from tests.api.conftest import AT, Caller

NEW = {"code": "NORD", "name": "Vins du Nord"}
COMPANIES, ME = "/api/v1/companies", "/api/v1/me"


@pytest.fixture
def founder(of_person) -> Caller:
    """A program of a person who administers the installation."""
    return of_person(None, founder=True)


def sent(caller: Caller, address: str, said: object, *, method: str = "post", key: str | None = None):
    headers = {"Idempotency-Key": key} if key else {}
    return getattr(caller, method)(address, data=said, content_type="application/json", headers=headers)


def test_a_company_is_founded_once_under_its_key_and_the_token_opens_it(founder):
    answers = [sent(founder, COMPANIES, NEW, key="found NORD") for _ in range(2)]
    assert [one.json()["company"]["code"] for one in answers] == ["NORD", "NORD"]
    assert [one["label"] for one in answers[0].json()["levels"]] == ["Rappel", "Deuxième rappel", "Mise en demeure"]
    assert {one["code"] for one in founder.get(COMPANIES).json()["companies"]} == {"ACME", "NORD"}
    own = sent(founder, f"{COMPANIES}/NORD/tokens", {"name": "erp", "role": "manager", "scopes": ["read", "write"]}).json()["token"]
    erp = Caller(headers={"authorization": f"Bearer {own}"})
    assert (erp.get(f"{COMPANIES}/NORD/customers").status_code, erp.get(f"{AT}/customers").status_code) == (200, 404)
    told = Event.objects.filter(company__code="NORD").order_by("number").values_list("what", "by")
    assert list(told) == [(what, "none@acme.example (token administrator )") for what in ("company_founded", "token_added")]


def test_many_companies_come_page_by_page(founder):
    for code in ("A", "B", "C"):
        sent(founder, COMPANIES, NEW | {"code": code})
    first = founder.get(COMPANIES, {"limit": 3}).json()
    rest = founder.get(COMPANIES, {"limit": 3, "cursor": first["next"]}).json()
    assert [one["code"] for page in (first, rest) for one in page["companies"]] == ["ACME", "A", "B", "C"]
    assert rest["next"] is None


def test_what_is_said_of_a_new_company_stands_and_what_is_none_founds_nothing(founder):
    said = NEW | {"currency": "CHF", "country": "CH", "language": "de", "sender_email": "compta@nord.example"}
    company = sent(founder, COMPANIES, said).json()["company"]
    assert {name: company[name] for name in said} == said
    taken = sent(founder, COMPANIES, NEW)
    assert (taken.status_code, taken.json()["detail"]) == (409, 'there is a company of the code "NORD" already')
    for wrong in ({"code": "A/B"}, {"code": "NORD\n"}, {"code": "N" * 21}, {"name": ""}, {"currency": "euro"}, {"language": "it"}):
        assert sent(founder, COMPANIES, NEW | {"code": "SUD"} | wrong).status_code == 422
    assert Company.objects.count() == 2


def test_who_may_not_found_on_the_screens_may_not_by_the_api(program, of_person):
    answers = [sent(caller, COMPANIES, NEW) for caller in (program(), of_person("administrator"))]
    assert {one.json()["detail"] for one in answers} == {"this needs a token of a person who administers the installation"}
    assert Company.objects.count() == 1


def test_a_token_says_whose_it_is(program, of_person, founder):
    of_company, of_manager, of_founder = (one.get(ME).json() for one in (program("reader", "read"), of_person("manager", "read"), founder))
    assert (of_company["person"], of_company["company"], of_company["token"]["scopes"]) == (None, "ACME", ["read"])
    assert (of_manager["person"]["email"], of_manager["company"], of_manager["may_found"]) == ("manager@acme.example", None, False)
    assert of_founder["may_found"]


def test_a_person_chooses_his_language_and_nothing_else_of_himself(of_person):
    caller = of_person("reader", "set_up", "read")
    assert sent(caller, ME, {"language": "fr"}, method="patch", key="k").json()["language"] == "fr"
    assert b"R\xc3\xb4le" in b"".join(caller.get(f"{ME}/tokens", {"format": "csv"}))
    for wrong in ({"language": "it"}, {"language": "en", "name": "King"}, {"email": "king@acme.example"}, {}):
        assert sent(caller, ME, wrong, method="patch").status_code == 422
    assert User.objects.get(email="reader@acme.example").language == "fr"


def test_a_person_makes_and_revokes_tokens_of_his_own_no_wider_than_the_calling_one(of_person):
    caller = of_person("administrator", "read", "set_up", at_most="manager")
    for wider in ({"role": "administrator"}, {"scopes": ["dun"]}):
        assert sent(caller, f"{ME}/tokens", {"name": "night"} | wider).status_code == 403
    made = sent(caller, f"{ME}/tokens", {"name": "night", "role": "manager", "scopes": ["read"]}).json()
    night = Caller(headers={"authorization": f"Bearer {made['token']}"})
    assert night.get(f"{AT}/agenda").status_code == 200
    assert {one["name"] for one in caller.get(f"{ME}/tokens").json()["tokens"]} == {"manager read-set_up", "night"}
    assert caller.delete(f"{ME}/tokens/night").status_code == 200
    assert (night.get(ME).status_code, caller.delete(f"{ME}/tokens/night").status_code) == (401, 404)
    assert not Event.objects.filter(what__startswith="token_").exists()  # nobody may more than before


def test_nobody_changes_his_own_role_by_his_token(of_person):
    caller, own = of_person("administrator"), "/users/administrator@acme.example"
    answers = [caller.send(own, {"role": "reader"}, method="put"), caller.delete(AT + own)]
    assert [one.status_code for one in answers] == [409, 409]


def test_names_are_each_owner_s_and_a_token_is_of_one(acme: Company, program, of_person):
    caller = of_person("administrator")
    assert caller.send("/tokens", {"name": "erp"}).status_code == 200
    assert [sent(caller, f"{ME}/tokens", {"name": "erp"}).status_code for _ in range(2)] == [200, 409]
    assert {(one.company_id is None, one.user_id is None) for one in Token.objects.filter(name="erp")} == {(True, False), (False, True)}
