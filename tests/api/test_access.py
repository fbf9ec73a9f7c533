"""Does every operation let in whom it should, and nobody else?"""

from itertools import product

import pytest
from django.test import Client

from relance.api.access import ANY, FOUNDER, PERSON
from relance.api.app import _operations, api
from relance.models import Company, Token, User
from relance.models.access import ROLES
from relance.models.events import first_broken_seal
from relance.models.tokens import SCOPES
from relance.models.wall import may
from relance.steps import granting
from relance.steps.admitting import revoke_token
from tests.api.conftest import AT, Caller

SAMPLES = {"company": "ACME", "noun": "statuses"}  # what stands in an address; whatever is not here is tried as "1"


def operations() -> list[tuple[str, str, str, str, str]]:
    """Every operation: method, address, the role and the scope it needs, and whose token."""
    found = []
    for operation in _operations(api):
        address = "/api/v1" + operation.path.replace("path:", "")
        for name in address.replace("}", "{").split("{")[1::2]:
            address = address.replace("{" + name + "}", SAMPLES.get(name, "1"))
        [guard] = operation.auth_callbacks
        found += [(method.lower(), address, guard.role, guard.scope, guard.whose) for method in operation.methods]
    return found


EVERY = operations()
OF_A_COMPANY = [one for one in EVERY if one[1].startswith(AT)]
UNRULY = ("post", f"{AT}/batches/1"), ("put", f"{AT}/batches/1")  # a batch says itself who may change and launch it


def _status(caller: Client, method: str, address: str) -> int:
    answer = getattr(caller, method)(address, data="{}" if method != "get" else None, content_type="application/json")
    for let_go in answer._resource_closers:
        let_go()
    return answer.status_code


def _opened(caller: Client) -> set[tuple[str, str]]:
    """The operations that are not forbidden to a program, but for those that decide it themselves."""
    every = {(method, address) for method, address, *_ in EVERY if _status(caller, method, address) != 403}
    return every - set(UNRULY)


def _allowed(role: str, scope: str, *holders: str, outside: str = "") -> set[tuple[str, str]]:
    """The operations that a role and a scope allow to such holders of tokens; ``outside`` is the role where there is no company."""
    found = set()
    for method, address, needed, of, whose in EVERY:
        here = role if address.startswith(AT) else outside or role
        found |= {(method, address)} if may(here, needed) and scope == of and whose in holders else set()
    return found - set(UNRULY)


def test_there_are_operations_for_every_scope_and_few_stand_outside_of_a_company():
    assert {scope for *_, scope, _whose in EVERY} == set(SCOPES)
    assert {one for one in EVERY if one not in OF_A_COMPANY} == {
        ("get", "/api/v1/companies", "reader", "read", ANY),
        ("post", "/api/v1/companies", "administrator", "set_up", FOUNDER),
        ("get", "/api/v1/mail-folder", "administrator", "read", FOUNDER),
        ("get", "/api/v1/mail-folder/1", "administrator", "read", FOUNDER),
        ("get", "/api/v1/me", "reader", "read", ANY),
        ("patch", "/api/v1/me", "reader", "set_up", PERSON),
        ("get", "/api/v1/me/tokens", "reader", "read", PERSON),
        ("post", "/api/v1/me/tokens", "reader", "set_up", PERSON),
        ("delete", "/api/v1/me/tokens/1", "reader", "set_up", PERSON),
    }


@pytest.mark.parametrize(("role", "scope"), list(product(ROLES, SCOPES)))
def test_a_token_opens_what_its_role_and_its_scope_allow_and_nothing_more(role: str, scope: str, program):
    assert _opened(program(role, scope, per_minute=100_000)) == _allowed(role, scope, ANY)


@pytest.mark.parametrize(("role", "scope"), list(product(ROLES, SCOPES)))
def test_a_person_s_token_opens_what_the_person_may_in_the_company_and_what_is_his_own(role: str, scope: str, of_person):
    assert _opened(of_person(role, scope)) == _allowed(role, scope, ANY, PERSON, outside="administrator")


@pytest.mark.parametrize(("role", "scope"), list(product(ROLES, SCOPES)))
def test_a_person_s_token_is_no_more_than_its_own_role_even_an_administrator_s(role: str, scope: str, of_person):
    founder = {"at_most": role, "founder": True}
    assert _opened(of_person(None, scope, **founder)) == _allowed(role, scope, ANY, PERSON, FOUNDER)


@pytest.mark.parametrize("of", ["program", "of_person"])
def test_a_company_is_not_there_for_a_token_of_another(of: str, acme: Company, request):
    elsewhere = Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    stranger = request.getfixturevalue(of)("administrator", *SCOPES, company=elsewhere)
    Token.objects.update(per_minute=100_000)
    assert {_status(stranger, method, address) for method, address, *_ in OF_A_COMPANY} == {404}
    assert stranger.get("/api/v1/companies").json() == {"companies": [{"code": "ELSE", "name": "Elsewhere"}], "next": None}


def test_a_person_s_token_follows_the_person_s_roles_and_ends_with_him(acme: Company, of_person):
    caller, person = of_person("manager", "read"), User.objects.get(email="manager@acme.example")
    assert caller.get(f"{AT}/agenda").status_code == 200
    granting.give_role(person, acme, None, by="eva")
    assert (caller.get(f"{AT}/agenda").status_code, caller.get("/api/v1/companies").json()) == (404, {"companies": [], "next": None})
    granting.remove_user(person, by="eva")
    assert caller.get("/api/v1/companies").status_code == 401
    granting.add_user("manager@acme.example", None)
    assert caller.get("/api/v1/companies").status_code == 401


def test_without_a_good_token_nothing_is_answered(acme: Company, program):
    assert {_status(Client(), method, address) for method, address, *_ in EVERY} == {401}
    answer = Client(headers={"authorization": "Bearer relance_guess"}).get(f"{AT}/customers")
    assert (answer.status_code, answer["Content-Type"], answer["WWW-Authenticate"]) == (401, "application/problem+json", "Bearer")


def test_a_token_that_was_revoked_or_is_over_opens_nothing(acme: Company, program):
    gone, over = program("reader", "read"), program("manager", "read")
    revoke_token(acme, "reader read ACME", by="eva")
    Token.objects.filter(role="manager").update(expires_at="2026-01-01T00:00:00Z")
    assert [one.get(f"{AT}/customers").status_code for one in (gone, over)] == [401, 401]
    assert first_broken_seal(acme.pk) is None


def test_more_calls_than_a_token_may_make_are_told_when_to_come_again(program):
    caller = program("reader", "read", per_minute=2)
    answers = [caller.get(f"{AT}/agenda") for _ in range(3)]
    assert answers[0]["RateLimit-Limit"] == "2"
    if [one.status_code for one in answers] == [200, 200, 200]:  # the minute was over in between
        answers = [caller.get(f"{AT}/agenda") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert answers[2]["RateLimit-Remaining"] == "0"


def test_a_call_to_a_host_that_is_none_is_told_as_programs_read_it(program):
    caller = program("reader", "read")
    answers = [caller.get(address, headers={"host": "<K"}) for address in (f"{AT}/agenda", "/c/ACME/")]
    assert [(one.status_code, one["Content-Type"].partition(";")[0]) for one in answers] == [
        (400, "application/problem+json"),
        (400, "text/html"),
    ]


def test_what_is_no_operation_is_a_problem_too(program):
    caller: Caller = program()
    answers = [caller.get("/api/v1/nothing"), caller.put(f"{AT}/customers"), caller.send("/calls", "not JSON")]
    assert [(one.status_code, one["Content-Type"]) for one in answers] == [
        (404, "application/problem+json"),
        (405, "application/problem+json"),
        (400, "application/problem+json"),
    ]
