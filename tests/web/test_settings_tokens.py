"""Are tokens of the API made, shown once and revoked on screen?"""

import re

from relance.models import Company, Token, User

PAGE = "/c/ACME/settings/tokens/"
NEW = {"act": "add", "name": "erp", "role": "reader", "scopes": ["read", "dun"], "per_minute": "60"}


def test_a_token_is_shown_once_and_opens_the_api(acme: Company, browser):
    client = browser("administrator", acme)
    page = client.post(PAGE, NEW)
    [secret] = re.findall(r"relance_[\w-]{20,}", page.content.decode())
    assert page["Cache-Control"] == "no-store"
    assert secret not in client.get(PAGE).content.decode()
    assert client.get("/api/v1/companies", headers={"authorization": f"Bearer {secret}"}).json()["companies"][0]["code"] == "ACME"


def test_what_a_token_is_for_is_said_in_the_words_of_the_reader_beside_its_code(acme: Company, browser):
    browser("administrator", acme).post(PAGE, NEW)
    for language, said in (("en", "Reading read Dunning dun"), ("fr", "Lecture read Relance dun")):
        User.objects.update(language=language)
        page = browser("administrator", acme).get(PAGE).content.decode()
        assert said in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Lecture (read)\xa0: tout ce que voit son rôle" in page


def test_a_token_is_revoked(acme: Company, browser):
    client = browser("administrator", acme)
    client.post(PAGE, NEW)
    client.post(PAGE, {"act": "revoke", "token": "erp"})
    assert Token.objects.get().revoked_at is not None
    assert "erp" not in re.findall(r'<th scope="row">(\w+)', client.get(PAGE).content.decode())


def test_a_name_that_is_taken_is_told_on_the_form(acme: Company, browser):
    client = browser("administrator", acme)
    client.post(PAGE, NEW)
    assert "has a token" in client.post(PAGE, NEW).content.decode()
    assert Token.objects.count() == 1


def test_a_person_s_own_token_is_made_on_his_page_opens_his_companies_and_is_revoked(acme: Company, browser):
    client = browser("manager", acme)
    [secret] = re.findall(r"relance_[\w-]{20,}", client.post("/tokens/", NEW | {"role": "administrator"}).content.decode())
    calls = {"headers": {"authorization": f"Bearer {secret}"}}
    assert client.get("/api/v1/companies/ACME/agenda", **calls).status_code == 200
    assert client.get("/api/v1/companies/ACME/users", **calls).status_code == 403
    assert secret not in client.get("/tokens/").content.decode()
    assert "erp" not in browser("administrator", acme).get("/tokens/").content.decode()
    assert b"erp" in b"".join(client.get("/tokens/?download=csv"))
    browser("administrator", acme).post("/tokens/", {"act": "revoke", "token": "erp"})
    assert Token.objects.get().revoked_at is None
    client.post("/tokens/", {"act": "revoke", "token": "erp"})
    assert Token.objects.get().revoked_at is not None


def test_the_page_of_the_api_loads_nothing_from_elsewhere(browser):
    page = browser().get("/api/v1/docs")
    assert "GET /companies/{company}/documents" in page.content.decode()
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.content.decode()) == []
