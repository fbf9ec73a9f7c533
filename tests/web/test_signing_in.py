"""What do the library's pages do here? Mail through the channel of the product, second factors, links that are void."""

import email
import email.policy
import re
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.signing import TimestampSigner
from django.urls import reverse

from relance.models import Company, User
from relance.models.access import Membership
from relance.steps import setting_up
from relance.web.account import invite
from tests.acceptance.postoffice import open_post_office


def test_an_invitation_that_is_void_or_made_up_is_nothing(acme, browser):
    user = User.objects.create_user("eva@acme.example")
    earlier = invite(user)
    invite(user)
    made_up = reverse("invitation", args=[TimestampSigner(salt="invitation").sign("guess")])
    assert [browser().get(address).status_code for address in (earlier, made_up, "/invitation/x/")] == [404] * 3


def test_the_link_of_an_invitation_is_kept_nowhere(acme):
    user = User.objects.create_user("eva@acme.example")
    token = invite(user).rsplit("/", 2)[1]
    assert User.objects.get(pk=user.pk).invitation not in ("", token)


def test_a_forgotten_password_is_answered_by_mail_through_the_channel_of_the_product(acme, browser, mail_folder):
    User.objects.create_user("eva@acme.example", "cheval agrafe pile")
    browser().post(reverse("account_reset_password"), {"email": "eva@acme.example"})
    (message,) = mail_folder.glob("*.eml")
    assert b"eva@acme.example" in message.read_bytes()
    assert b"/account/password/reset/key/" in message.read_bytes()


@pytest.mark.parametrize("sees", [True, False])
def test_where_each_company_has_its_own_server_a_forgotten_password_is_answered_by_one_that_the_person_sees(sees, acme, browser, settings):
    user = User.objects.create_user("eva@acme.example", "cheval agrafe pile")
    Company.objects.filter(pk=acme.pk).update(sender_email="compta@acme.example")
    if sees:
        Membership.objects.create(user=user, company=acme, role="reader")
    settings.RELANCE_EMAIL_URL = "company:"
    with open_post_office() as office:
        port = int(office.url.rpartition(":")[2])
        said = {"provider": "other", "host": "127.0.0.1", "port": port, "security": "none", "login": "none"}
        setting_up.set_up(acme, {"messaging": said}, by="jeanne")
        assert browser().post(reverse("account_reset_password"), {"email": "eva@acme.example"}).status_code == 302
        assert [message["From"] for _, message in office.received] == ["compta@acme.example"] * sees


def test_a_mail_server_out_of_reach_is_no_fault_of_the_page(acme, browser, settings):
    User.objects.create_user("eva@acme.example", "cheval agrafe pile")
    settings.RELANCE_EMAIL_URL = "smtp://127.0.0.1:1"
    assert browser().post(reverse("account_reset_password"), {"email": "eva@acme.example"}).status_code == 302


def test_a_second_factor_is_turned_on_with_a_code_that_the_page_may_show(acme, browser):
    client = browser()
    client.force_login(User.objects.create_user("eva@acme.example"), "django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "data:image" not in page  # the policy of content would not let it show


def test_a_part_of_a_page_asked_for_after_signing_out_sends_the_whole_page_to_sign_in(acme, browser):
    answer = browser().get("/c/ACME/aged/", headers={"hx-request": "true", "hx-current-url": "http://testserver/c/ACME/aged/"})
    assert answer.headers["HX-Redirect"] == "/account/login/?next=/c/ACME/aged/"


def test_a_fault_of_ours_is_noted_in_the_log_and_not_told(acme, browser, monkeypatch, caplog):
    def broken(*_args, **_named):
        raise RuntimeError("a secret of the workshop")

    monkeypatch.setattr("relance.web.aged.balance", broken)
    monkeypatch.setattr("logging.Logger.propagate", True, raising=False)
    client = browser("reader", acme)
    client.raise_request_exception = False
    with caplog.at_level("ERROR", "django.request"):
        answer = client.get("/c/ACME/aged/")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()


def test_what_administrators_say_nobody_changes_on_a_page_of_the_library(acme, browser):
    client = browser("reader", acme)
    for address in ("email/", "confirm-email/", "3rdparty/", "3rdparty/signup/"):
        assert client.get(f"/account/{address}").status_code == 404
    client.post("/account/email/", {"action_add": "", "email": "other@acme.example"})
    assert User.objects.get().email == "reader@acme.example"


@pytest.fixture
def eva(browser):
    """Eva, signed in by her password, and asked for it again as before anything that matters."""
    User.objects.create_user("eva@acme.example", "cheval agrafe pile", language="en")
    client = browser()
    client.post(reverse("account_login"), {"login": "eva@acme.example", "password": "cheval agrafe pile"})
    client.post(reverse("account_reauthenticate"), {"password": "cheval agrafe pile"})
    return client


def test_who_forgot_a_password_can_still_turn_on_a_second_factor(acme, browser, eva):
    browser().post(reverse("account_reset_password"), {"email": "eva@acme.example"})
    assert eva.get(reverse("mfa_activate_totp")).status_code == 200


@pytest.mark.parametrize(("language", "said"), [("en", "Passkeys"), ("fr", "Clés d’accès")])
def test_passkeys_are_listed_renamed_and_removed_after_a_question(language, said, acme, eva):
    User.objects.update(language=language)
    key = Authenticator.objects.create(user=User.objects.get(), type="webauthn", data={"name": "Portable", "credential": {}})
    page = eva.get(reverse("mfa_list_webauthn")).content.decode()
    assert (said in page, "Portable" in page) == (True, True)
    eva.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Bureau"})
    assert "Bureau" in eva.get(reverse("mfa_remove_webauthn", args=[key.pk])).content.decode()
    assert Authenticator.objects.count() == 1


OF_AN_ACCOUNT = {
    "account_change_password": "Changer mon mot de passe",
    "account_logout": "Se déconnecter",
    "account_reauthenticate": "Est-ce bien vous ?",
    "mfa_reauthenticate": "Est-ce bien vous ?",
    "mfa_index": "Double authentification",
    "mfa_view_recovery_codes": "Codes de récupération",
    "mfa_generate_recovery_codes": "Créer de nouveaux codes",
    "mfa_deactivate_totp": "Désactiver l’application d’authentification ?",
    "account_reset_password_from_key_done": "Le mot de passe est changé",
}


@pytest.mark.parametrize("name", OF_AN_ACCOUNT)
def test_the_pages_of_an_account_are_ours_in_both_languages(name, acme, eva):
    user = User.objects.get()
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    for language in ("fr", "en"):
        User.objects.update(language=language)
        answer = eva.get(reverse(name))
        page = answer.content.decode()
        assert "relance/web/templates" in str(answer.templates[0].origin.name)
        assert ("<h1>" in page, OF_AN_ACCOUNT[name] in unescape(page)) == (True, language == "fr")
        assert "placeholder" not in page


def test_a_link_that_was_used_leads_to_another_one_and_one_that_was_not_to_a_new_password(acme, browser, mail_folder):
    User.objects.create_user("eva@acme.example", "cheval agrafe pile", language="fr")
    client = browser(language="fr")
    client.post(reverse("account_reset_password"), {"email": "eva@acme.example"})
    message = email.message_from_bytes(next(mail_folder.glob("*.eml")).read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "Relance : choisir un autre mot de passe"
    link = re.search(r"/account/password/reset/key/\S+", message.get_content())[0]
    page = client.get(link, follow=True)
    assert "Choisir un mot de passe" in page.content.decode()
    chosen = {"password1": "agrafe cheval lampe", "password2": "agrafe cheval lampe"}
    done = client.post(page.request["PATH_INFO"], chosen, follow=True).content.decode()
    assert "Le mot de passe est changé" in done
    assert User.objects.get().check_password("agrafe cheval lampe")
    assert reverse("account_reset_password") in browser(language="fr").get(link, follow=True).content.decode()
