"""Is the mail server set up, tried and signed in to on screen, and is no secret ever shown there?"""

import re
from html import unescape

import pytest

from relance.dossier import set_up
from relance.models import Company, Secret
from relance.models.history import Event
from relance.models.messaging import held
from tests.acceptance.doors import inside
from tests.acceptance.postoffice import open_post_office
from tests.channels.provider import token_provider

PAGE = "/c/ACME/settings/messaging/"


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ").split())


def form(company: Company, **changed: str) -> dict:
    """What the page would send if nothing but this was changed."""
    said = {"act": "save"} | set_up(company)["messaging"] | changed
    return {name: value for name, value in said.items() if value is not None}


def test_a_server_is_set_up_and_its_password_is_kept_and_never_shown(acme, browser):
    client = browser("administrator", acme, "fr")
    page = client.post(PAGE, form(acme, host="smtp.acme.example", user="compta", password="s3cret"), follow=True)
    assert "La messagerie est enregistrée" in words(page)
    assert "s3cret" not in page.content.decode()
    assert "conservé ; écrire ici" in page.content.decode()
    assert (set_up(acme)["messaging"]["host"], held(acme)) == ("smtp.acme.example", {"password"})
    assert "s3cret" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_an_empty_password_keeps_the_one_there_is_and_the_button_takes_it_away(acme, browser):
    client = browser("administrator", acme)
    client.post(PAGE, form(acme, host="smtp.acme.example", user="compta", password="s3cret"))
    acme.refresh_from_db()
    client.post(PAGE, form(acme, connections="2"))
    assert held(acme) == {"password"}
    client.post(PAGE, {"act": "forget", "name": "password"})
    assert not Secret.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("host", "smtp acme", "nom d’un serveur"),
        ("reply_to", "compta", "adresse électronique"),
        ("token_url", "http://provider.example", "https://"),
        ("port", "99999", "65535"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field_and_nothing_is_stored(field, value, told, acme, browser):
    before = set_up(acme)
    answer = browser("administrator", acme, "fr").post(PAGE, form(acme, password="s3cret", **{field: value}))
    fault = re.search(rf'id="id_{field}_error">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert fault, words(answer)
    assert told in unescape(fault[1])
    assert (set_up(acme), Secret.objects.count()) == (before, 0)


def test_a_wrong_key_stores_nothing(acme, browser):
    before = set_up(acme)
    page = browser("administrator", acme, "fr").post(PAGE, form(acme, host="smtp.acme.example", dkim_key="nonsense"))
    assert "ce n’est pas une clé privée" in words(page)
    assert set_up(acme) == before


def test_the_test_says_in_the_readers_words_what_is_wrong(acme, browser):
    client = browser("administrator", acme, "fr")
    client.post(PAGE, form(acme, host="nowhere.invalid", login="none"))
    assert "aucun serveur ne porte ce nom" in words(client.post(PAGE, {"act": "check"}))


def test_in_folder_mode_the_page_says_that_nothing_leaves_and_the_test_sends_nothing(acme, browser):
    client = browser("administrator", acme)
    with open_post_office() as office:
        port = office.url.rpartition(":")[2]
        client.post(PAGE, form(acme, host="127.0.0.1", port=port, security="none", login="none"))
        page = words(client.post(PAGE, {"act": "check"}))
    assert "nothing leaves, whatever is set up here" in page
    assert f"Mail server well 127.0.0.1:{port}" in page
    assert "Send me a test mail" not in page
    assert office.received == []


def test_a_test_mail_leaves_by_the_companys_own_server(acme, browser, settings):
    settings.RELANCE_EMAIL_URL = "company:"
    client = browser("administrator", acme)
    with open_post_office() as office:
        client.post(PAGE, form(acme, host="127.0.0.1", port=office.url.rpartition(":")[2], security="none", login="none"))
        page = words(client.post(PAGE, {"act": "send"}, follow=True))
    assert "was accepted" in page
    assert office.addresses() == {"administrator@acme.example": 1}


def test_a_person_signs_in_at_the_provider(acme, browser):
    client = browser("administrator", acme)
    with token_provider() as provider:
        said = {"login": "oauth2", "flow": "device", "user": "a@b.example", "client_id": "app", "host": "smtp.acme.example"}
        client.post(PAGE, form(acme, **said, token_url=provider.url, device_url=provider.url))
        provider.answers = [(200, {"device_code": "D", "user_code": "AB-12", "verification_uri": "https://p.example/d"})]
        assert "enter the code AB-12" in words(client.post(PAGE, {"act": "ask_code"}, follow=True))
        provider.refuses("authorization_pending")
        assert "has not seen the code yet" in words(client.post(PAGE, {"act": "confirmed"}, follow=True))
        provider.gives("t0k", refresh="r3f")
        page = client.post(PAGE, {"act": "confirmed"}, follow=True)
    assert "Relance renews the token by itself" in words(page)
    assert "t0k" not in page.content.decode()


def test_a_key_is_made_and_the_record_to_publish_is_shown(acme, browser):
    client = browser("administrator", acme)
    assert "Save the domain and the selector first" in words(client.post(PAGE, {"act": "new_key"}, follow=True))
    client.post(PAGE, form(acme, dkim_domain="acme.example", dkim_selector="r1"))
    page = client.post(PAGE, {"act": "new_key"}, follow=True).content.decode()
    assert 'value="r1._domainkey.acme.example"' in page
    assert "v=DKIM1; k=rsa; p=" in page
    assert "PRIVATE" not in page


def test_the_command_line_does_the_same(acme, settings):
    inside("messaging", "set", "--company", "ACME", "host=127.0.0.1", "user=compta", "port=9", "--json").done()
    inside("messaging", "set", "--company", "ACME", "port=x").misused()
    inside("messaging", "set", "--company", "ACME", "host=a b").refused("messaging.host")
    inside("messaging", "secret", "password", "--company", "ACME", stdin="s3cret\n").done()
    inside("messaging", "secret", "nonsense", "--company", "ACME", stdin="s3cret\n").refused("not one of")
    shown = inside("messaging", "show", "--company", "ACME", "--json").done()
    assert (shown.json["secrets"], shown.json["folder_only"], shown.json["options"]["port"]) == (["password"], True, 9)
    assert "s3cret" not in shown.out
    tried = inside("messaging", "test", "--company", "ACME", "--json")
    assert (tried.exit_code, tried.json["checks"][0]["good"]) == (1, False)
    assert "Connection refused" in tried.json["checks"][0]["said"]
    inside("messaging", "set", "--company", "ACME", "dkim_domain=acme.example", "dkim_selector=r1").done()
    assert inside("messaging", "signing-key", "--company", "ACME", "--json").done().json["name"] == "r1._domainkey.acme.example"
