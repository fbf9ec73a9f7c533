"""Does every address let in whom it should, and nobody else?"""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from relance.models import Company, User
from relance.models.access import ROLES
from relance.web.access import ANYBODY, INSTALLATION, SIGNED_IN, may

ELSEWHERE = ("account/", "api/")  # the library that signs people in guards its pages itself; the API: tests/api/test_access.py
SAMPLES = {"company": "ACME"}  # what stands in an address, by name; whatever is not here is tried as "1"


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every address of ours, as a pattern with what serves it."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            found += [] if route.startswith(ELSEWHERE) else addresses(one, route)
        else:
            found.append((route, one))
    return found


def filled(pattern: str, one: URLPattern) -> str:
    """The address with something in the place of each of its parts."""
    text = "/" + pattern
    for name, converter in one.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        text = text.replace(f"<{kind}:{name}>", SAMPLES.get(name, "1"))
    return text


OURS = addresses()
OF_A_COMPANY = [(filled(pattern, one), one.callback.needs) for pattern, one in OURS if getattr(one.callback, "needs", "") in ROLES]
CHANGES = [(filled(pattern, one), one.callback.change_needs) for pattern, one in OURS if getattr(one.callback, "needs", "") in ROLES]


def _status(answer) -> int:
    """The status of an answer, whose file, where it is one, is let go."""
    for let_go in answer._resource_closers:
        let_go()
    return answer.status_code


def test_every_address_says_what_it_needs():
    assert [pattern for pattern, one in OURS if getattr(one.callback, "needs", "") not in (ANYBODY, SIGNED_IN, INSTALLATION, *ROLES)] == []


def test_whoever_is_needed_in_a_company_is_asked_for_under_its_code():
    assert [address for address, _ in OF_A_COMPANY if not address.startswith("/c/ACME/")] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_may_and_nothing_more(role: str, acme: Company, browser):
    client = browser(role, acme)
    opened = {address: _status(client.get(address)) != 403 for address, _ in OF_A_COMPANY}
    assert opened == {address: may(role, needed) for address, needed in OF_A_COMPANY}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sends_the_forms_it_may_and_no_others(role: str, acme: Company, browser):
    client = browser(role, acme)
    opened = {address: _status(client.post(address)) != 403 for address, _ in CHANGES}
    assert opened == {address: may(role, needed) for address, needed in CHANGES}


def test_a_company_is_not_there_for_who_has_no_part_in_it(acme: Company, browser):
    stranger = browser("administrator", Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR"))
    assert {address: stranger.get(address).status_code for address, _ in OF_A_COMPANY} == {address: 404 for address, _ in OF_A_COMPANY}


def test_who_has_not_signed_in_is_asked_to(acme: Company, browser):
    client = browser()
    sent = {client.get(address).headers.get("Location", "").partition("?")[0] for address, _ in OF_A_COMPANY}
    assert sent == {"/account/login/"}


def test_a_user_who_is_no_longer_active_is_nobody(acme: Company, browser):
    client = browser("manager", acme)
    User.objects.update(is_active=False)
    assert client.get("/c/ACME/").status_code == 302


def test_an_invitation_signs_in_once(acme: Company, browser):
    from relance.web.account import invite

    address = invite(User.objects.create_user("eva@acme.example", is_admin=True))
    assert browser().get(address)["Location"] == "/"
    assert browser().get(address).status_code == 404


def test_a_password_opens_and_a_wrong_one_does_not(acme: Company, browser):
    User.objects.create_user("eva@acme.example", "cheval agrafe pile")
    tried = {"login": "Eva@acme.example", "password": "cheval"}
    assert browser().post("/account/login/", tried).status_code == 200
    assert browser().post("/account/login/", tried | {"password": "cheval agrafe pile"}).status_code == 302


def test_nobody_makes_himself_an_account(db, browser):
    browser().post("/account/signup/", {"email": "eva@acme.example", "password1": "cheval agrafe pile"})
    assert User.objects.count() == 0


def test_guessing_a_password_is_stopped(acme: Company, browser):
    User.objects.create_user("eva@acme.example", "cheval agrafe pile")
    client = browser()
    answers = [client.post("/account/login/", {"login": "eva@acme.example", "password": str(number)}) for number in range(12)]
    assert b"Too many failed login attempts" in answers[-1].content
