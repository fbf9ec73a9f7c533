"""Does who is in the directory of a company (OpenID Connect) come in by it, and do others learn why not? A directory of ours answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider

from relance.models import User
from relance.settings import identity_provider


class Directory(ThreadingHTTPServer):
    """Whom the directory knows, told to whoever asks."""

    person: dict[str, object]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.person = {"sub": "42", "email": "eva@acme.example", "email_verified": True}

    def told(self, path: str) -> dict[str, object]:
        if path.startswith("/.well-known/"):
            ends = {"authorization": "authorize", "token": "token", "userinfo": "person"}
            return {f"{name}_endpoint": f"{self.address}/{end}" for name, end in ends.items()}
        return {"access_token": "x", "token_type": "bearer"} if path == "/token" else self.person


class _Answers(BaseHTTPRequestHandler):
    server: Directory

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(self.server.told(self.path)).encode())

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_told: object) -> None:
        """Nothing."""


@pytest.fixture
def directory(db, settings) -> Iterator[Directory]:
    """The directory of a company, as its address in the environment has the product know it."""
    with Directory() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        said = {"RELANCE_OIDC_URL": server.address, "RELANCE_OIDC_NAME": "Annuaire Acme"}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": identity_provider(said)}}
        settings.ROOT_URLCONF = "tests.web.directory_urls"
        registry.load()
        registry.register(OpenIDConnectProvider)
        yield server
        del registry.provider_map[OpenIDConnectProvider.id]
        server.shutdown()


def arrive(client, **brought: str):
    """Where one is after having been to the directory, which sends one back with ``brought``."""
    sent = parse_qs(urlsplit(client.post("/account/oidc/oidc/login/?next=/help/")["Location"]).query)
    return client.get("/account/oidc/oidc/login/callback/", {"state": sent["state"][0], **(brought or {"code": "x"})}, follow=True)


@pytest.mark.parametrize(("language", "said"), [("en", "Sign in with Annuaire Acme"), ("fr", "Se connecter avec Annuaire Acme")])
def test_the_directory_stands_beside_the_password_in_words(language, said, directory, browser):
    page = browser(language=language).get("/account/login/?next=/help/").content.decode()
    assert said in page
    assert 'action="/account/oidc/oidc/login/?next=%2Fhelp%2F"' in page


def test_who_was_added_comes_in_and_goes_on_where_he_was_going(directory, browser):
    user = User.objects.create_user("eva@acme.example")
    client = browser()
    assert arrive(client).request["PATH_INFO"] == "/help/"
    assert (client.session["_auth_user_id"], SocialAccount.objects.get().user_id) == (str(user.pk), user.pk)


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({"email": "max@acme.example"}, "knows you as max@acme.example. An administrator"),
        ({"email_verified": False}, "does not vouch for the address eva@acme.example"),
        ({"email": ""}, "says no e-mail address"),
    ],
)
def test_who_may_not_come_in_is_told_why(person, said, directory, browser):
    User.objects.create_user("eva@acme.example")
    directory.person |= person
    answer = arrive(browser())
    assert answer.status_code == 403
    assert said in answer.content.decode()
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


@pytest.mark.parametrize(("error", "said"), [("access_denied", "You are not signed in"), ("server_error", "You could not be signed in")])
def test_who_comes_back_with_nothing_is_led_to_the_sign_in_page(error, said, directory, browser):
    page = arrive(browser(), error=error).content.decode()
    assert said in page
    assert 'href="/account/login/"' in page
