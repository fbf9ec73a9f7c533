"""Is an installation that knows nobody brought to its first look at what would be sent, as its administrator does it?"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate
from pytest_django.live_server_helper import LiveServer

from relance.models import Company, Notice, Upload, User
from tests.browser.conftest import DESK, PATIENCE, TELEPHONE, enter, follow, told

PASSWORD = "une-phrase-bien-longue"


def list_of(customers: int) -> bytes:
    """What another program lists: an invoice for each customer, eight days late."""
    today = localdate()
    dates = f"{today - timedelta(38):%d/%m/%Y};{today - timedelta(8):%d/%m/%Y}"
    lines = [f"C{n:03};Client {n};client{n}@exemple.fr;F-{n};{dates};{100 + n},50" for n in range(1, customers + 1)]
    return "\n".join(["Code client;Nom;E-mail;N° facture;Date;Échéance;Solde", *lines]).encode()


@pytest.fixture(scope="module")
def empty(db):
    """Where an installation with one administrator and no company is served."""
    User.objects.create_user("claire@exemple.fr", PASSWORD, is_admin=True)
    server = LiveServer("localhost")
    server._live_server_modified_settings.enable()
    yield server.url
    server._live_server_modified_settings.disable()
    server.stop()


def test_from_nothing_to_a_first_look_that_a_ceiling_holds_back(chromium, empty):
    context = chromium.new_context(viewport=DESK, locale="fr-FR", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(empty)
    page.fill("[name=login]", "claire@exemple.fr")
    page.fill("[name=password]", PASSWORD)
    enter(page)
    page.wait_for_url("**/companies/new/")
    page.fill("[name=name]", "Ateliers Durand SAS")
    page.fill("[name=code]", "DURAND")
    follow(page, "button.primary")
    page.wait_for_url("**/first-steps/")
    follow(page, "main a.button.primary")
    page.wait_for_url("**/imports/")
    page.set_input_files("#file", {"name": "impayes.csv", "mimeType": "text/csv", "buffer": list_of(101)})
    follow(page, "main form button.primary")
    follow(page, "button[value=apply]")
    page.wait_for_url("**/imports/done/*/")
    page.goto(f"{empty}/c/DURAND/first-steps/")
    follow(page, "li form:not(.row) button[type=submit]")
    assert told(page)
    follow(page, "main a.button.primary")
    page.wait_for_url("**/runs/today/")
    page.wait_for_selector("[popovertarget=launching]")
    assert re.search(r"\b101\b", page.locator("main .head").inner_text())
    assert "plafond" in page.locator("main").inner_text()
    assert not Notice.objects.exists()
    assert Company.objects.get().ceiling == "first"
    context.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_first_pages_fit_a_telephone_in_both_languages(chromium, empty, language):
    user = User.objects.get()
    User.objects.update(language=language)
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    context = chromium.new_context(viewport=TELEPHONE, locale=language, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": empty}])
    page = context.new_page()
    wide = "document.documentElement.scrollWidth - window.innerWidth"
    done = f"c/DURAND/imports/done/{Upload.objects.get().pk}/"
    for path in ("companies/new/", "c/DURAND/first-steps/", done, "c/DURAND/runs/today/", "account/2fa/", "account/password/change/"):
        assert (page.goto(f"{empty}/{path}").status, page.evaluate(wide)) == (200, 0), path
        assert page.locator("html").get_attribute("lang") == language
    context.close()


def test_a_passkey_is_added_and_signs_in_alone(chromium, empty):
    User.objects.update(language="fr")
    context = chromium.new_context(viewport=TELEPHONE, locale="fr-FR", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key | {"automaticPresenceSimulation": True}})
    page.goto(f"{empty}/account/login/?next=/account/2fa/webauthn/add/")
    page.fill("[name=login]", "claire@exemple.fr")
    page.fill("[name=password]", PASSWORD)
    enter(page)
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        enter(page)
    assert page.locator("label[for=id_name]").inner_text().startswith("Nom")
    page.check("[name=passwordless]")
    follow(page, "#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    context.clear_cookies()
    page.goto(f"{empty}/account/login/")
    page.click("text=clé d’accès")
    page.wait_for_url("**/c/DURAND/")
    context.clear_cookies()
    page.goto(f"{empty}/account/login/")
    page.fill("[name=login]", "claire@exemple.fr")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/")
    page.click("text=Utiliser une clé d’accès")  # or, beside the password, as a second factor
    page.wait_for_url("**/c/DURAND/")
    context.close()
