"""Are tokens had, shown, renewed and refused as the providers have it?"""

import base64
import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from relance.channels import Unreachable, open_channel, way_out
from relance.channels.oauth import Purse, begin_device, finish_device
from relance.core.messaging import DEFAULTS, KNOWN, Account, Grant, Tokens, grant_of
from relance.letters.mailing.signing import new_key
from tests.channels.hostile import hostile
from tests.channels.provider import token_office, token_provider

USER = "compta@acme.example"


def grant(provider, **changed) -> Grant:
    said = {"flow": "application", "token_url": f"{provider.url}/token", "device_url": f"{provider.url}/code", "client_id": "app"}
    said |= {"scope": "mail", "user": USER, "client_secret": "s3cret"}
    return Grant(**(said | changed))


def account(office, granted: Grant, tokens: Tokens) -> Account:
    return Account("127.0.0.1", int(office.url.rpartition(":")[2]), "none", USER, grant=granted, tokens=tokens)


def send(account: Account):
    with open_channel(way_out("company:", account), timeout=60) as channel:
        return channel.send(USER, ("client@clients.example",), b"Subject: x\r\n\r\nx\r\n", lambda: None)


def test_an_application_asks_for_a_token_once_and_shows_it_on_every_connection():
    with token_provider() as provider, token_office() as office:
        provider.gives("t1")
        office.takes, tokens = {"t1"}, Tokens()
        one = account(office, grant(provider), tokens)
        assert [send(one).kind, send(one).kind] == ["accepted", "accepted"]
    assert provider.asked == [{"grant_type": "client_credentials", "client_id": "app", "client_secret": "s3cret", "scope": "mail"}]
    assert office.shown == [(USER, "t1"), (USER, "t1")]
    assert tokens.access == "t1"


def test_a_token_that_is_refused_is_replaced_once_and_the_new_one_is_kept():
    with token_provider() as provider, token_office() as office:
        provider.gives("new")
        office.takes, tokens = {"new"}, Tokens("old", time.time() + 3000)
        assert send(account(office, grant(provider), tokens)).kind == "accepted"
    assert [token for _, token in office.shown] == ["old", "new"]
    assert tokens.access == "new"


def test_a_token_about_to_run_out_is_not_shown_any_more():
    with token_provider() as provider:
        provider.gives("new")
        assert Purse(grant(provider), Tokens("old", time.time() + 30)).token() == "new"


def test_a_server_that_refuses_every_token_lets_nobody_in_and_no_token_is_told():
    with token_provider() as provider, token_office() as office:
        provider.gives("t1")
        with pytest.raises(Unreachable, match=r"does not accept the token \(535\)") as refusal:
            send(account(office, grant(provider), Tokens()))
    assert "t1" not in str(refusal.value)


def test_an_answer_to_a_token_that_is_no_welcome_is_none():
    with hostile(EHLO="250-x\n250 AUTH XOAUTH2", AUTH="503 already") as office, token_provider() as provider:
        provider.gives("t1")
        with pytest.raises(Unreachable, match="does not accept the token"):
            send(account(office, grant(provider), Tokens()))


def test_a_person_confirms_a_code_and_the_refresh_token_is_used_from_then_on():
    with token_provider() as provider:
        device = grant(provider, flow="device", client_secret="")
        provider.answers = [(200, {"device_code": "D", "user_code": "AB-12", "verification_uri": "https://p.example", "expires_in": 900})]
        asked = begin_device(device)
        provider.refuses("authorization_pending")
        assert (asked.user_code, finish_device(device, asked.code)) == ("AB-12", None)
        provider.gives("t1", refresh="r1", expires_in=60)
        tokens = finish_device(device, asked.code)
        assert tokens == Tokens("t1", tokens.expires_at, "r1")
        provider.gives("t2", refresh="r2")
        assert (Purse(device, tokens).token(), tokens.refresh) == ("t2", "r2")
    assert provider.asked[-1] == {"grant_type": "refresh_token", "refresh_token": "r1", "client_id": "app", "scope": "mail"}


def test_a_service_account_of_google_signs_for_the_mailbox():
    key = new_key()
    with token_provider() as provider:
        provider.gives("t1")
        secret = json.dumps({"client_email": "robot@project.example", "private_key": key})
        assert Purse(grant(provider, client_secret=secret, is_service_account=True), Tokens()).token() == "t1"
    said, _, signature = provider.asked[0]["assertion"].rpartition(".")
    load_pem_private_key(key.encode(), None).public_key().verify(
        base64.urlsafe_b64decode(signature + "=="), said.encode(), PKCS1v15(), SHA256()
    )
    claims = json.loads(base64.urlsafe_b64decode(said.partition(".")[2] + "=="))
    assert (claims["iss"], claims["sub"], claims["scope"]) == ("robot@project.example", USER, "mail")


REFUSALS = [
    ((401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret"}), "AADSTS7000215"),
    ((500, b"<html>"), "HTTP 500"),
    ((200, b"nonsense"), "cannot be asked"),
    ((200, {"token": "x"}), "holds no token"),
    ((200, {"access_token": "two words"}), "holds no token"),
    ((307, b""), "HTTP 307"),
]


@pytest.mark.parametrize(("answer", "told"), REFUSALS)
def test_a_provider_that_gives_no_token_is_quoted_and_no_secret_is(answer, told):
    with token_provider() as provider:
        provider.answers = [answer]
        with pytest.raises(Unreachable, match=told) as refusal:
            Purse(grant(provider), Tokens()).token()
    assert "s3cret" not in str(refusal.value)
    assert len(provider.asked) == 1


def test_a_secret_is_never_sent_without_encryption():
    with token_provider() as provider, pytest.raises(Unreachable, match="https"):
        Purse(grant(provider, token_url="http://provider.example/token"), Tokens()).token()


def test_what_holds_secrets_shows_none():
    with token_provider() as provider:
        secretive = account(type("Office", (), {"url": "x:1"}), grant(provider), Tokens("t0k", 1, "r3f"))
        assert not {"s3cret", "t0k", "r3f"} & {word for word in ("s3cret", "t0k", "r3f") if word in repr(secretive)}
        assert "s3cret" not in repr(way_out("company:", secretive).purse)


def test_the_providers_are_asked_where_they_say():
    microsoft = grant_of(DEFAULTS | {"provider": "microsoft", "tenant": "acme.example"}, "")
    assert microsoft.token_url == "https://login.microsoftonline.com/acme.example/oauth2/v2.0/token"
    assert grant_of(DEFAULTS | {"provider": "google"}, "").token_url == KNOWN["google"].token_url
