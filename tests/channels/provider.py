"""Who gives tokens, and who takes them? An OAuth2 token endpoint and a mail server that speaks XOAUTH2, both on the loopback."""

import base64
import json
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from aiosmtpd.smtp import SMTP, AuthResult

from tests.acceptance.postoffice import Office, PostOffice


class Provider:
    """Answers whoever asks for a token, with what a test has laid out: the next answer, the last for good."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def gives(self, *tokens: str, refresh: str = "", expires_in: int = 3600) -> None:
        """Tokens, one after the other."""
        more = {"refresh_token": refresh} if refresh else {}
        self.answers = [(200, {"access_token": token, "expires_in": expires_in, "token_type": "Bearer"} | more) for token in tokens]

    def refuses(self, error: str, description: str = "", status: int = 400) -> None:
        """No."""
        self.answers = [(status, {"error": error, "error_description": description})]

    def answer(self, form: dict[str, str]) -> tuple[int, Any]:
        """The next answer."""
        self.asked.append(form)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def token_provider() -> Iterator[Provider]:
    """A token endpoint, until the block ends."""
    provider = Provider()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, answer = provider.answer({name: values[0] for name, values in form.items()})
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if status in (302, 307):
                self.send_header("Location", f"{provider.url}/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: Any) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        provider.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield provider
        finally:
            server.shutdown()


class TokenOffice(PostOffice):
    """A post office that lets in whoever shows one of these tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.takes: set[str] = set()
        self.shown: list[tuple[str, str]] = []  # user and token


class _XOAuth2(SMTP):
    async def auth_XOAUTH2(self, _server: Any, args: list[str]) -> AuthResult:  # noqa: N802 (the server calls it by this name)
        said = base64.b64decode(args[1]).decode()
        assert said.endswith("\x01\x01"), "as the providers have it"
        parts = dict(part.split("=", 1) for part in said.split("\x01") if "=" in part)
        token = parts["auth"].removeprefix("Bearer ")
        office = self.event_handler
        office.shown.append((parts["user"], token))
        if token in office.takes:
            return AuthResult(success=True, auth_data=parts["user"])
        await self.challenge_auth('{"status":"401","schemes":"Bearer"}')
        await self.push("535 5.7.3 Authentication unsuccessful")
        return AuthResult(success=False, handled=True)


@contextmanager
def token_office() -> Iterator[TokenOffice]:
    """A mail server that takes tokens and nothing else, until the block ends."""
    office = TokenOffice()

    class Counter(Office):
        def factory(self) -> SMTP:
            with warnings.catch_warnings(action="ignore"):  # about a server without encryption, which stands on this machine
                return _XOAuth2(office, auth_require_tls=False, auth_required=True, auth_exclude_mechanism=["LOGIN", "PLAIN"])

    controller = Counter(office)
    controller.start()
    office.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield office
    finally:
        controller.stop()
