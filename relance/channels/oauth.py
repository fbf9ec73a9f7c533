"""How is a token had from a provider that takes no password? Asked for, kept while it holds, asked for again when refused (RFC 6749).

As an application (client credentials; for Google a service account, RFC 7523), or as a person who confirms a code in a browser (8628).
"""

import base64
import contextlib
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from relance.channels.port import Unreachable
from relance.core.messaging import Grant, Tokens

_EARLY = 120  # seconds before its end at which a token counts as used up
_PATIENCE = 20.0  # seconds that a provider may be silent
_MOST = 1_000_000  # bytes of an answer
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Purse:
    """The tokens of one account, shared by those who carry at once."""

    def __init__(self, grant: Grant, tokens: Tokens) -> None:
        self._grant, self._tokens, self._lock = grant, tokens, threading.Lock()

    def __repr__(self) -> str:
        return f"Purse({urlsplit(self._grant.token_url).hostname})"

    def token(self, refused: str = "") -> str:
        """A token that holds, other than the one that was refused. Raises Unreachable."""
        with self._lock:
            held = self._tokens
            if not held.access or held.access == refused or held.expires_at < time.time() + _EARLY:
                take(held, _ask(self._grant, held.refresh))
            return held.access


class DeviceCode(NamedTuple):
    """What a person is to confirm, and where."""

    code: str
    user_code: str
    address: str
    expires_at: float
    interval: int  # seconds between two questions


def begin_device(grant: Grant) -> DeviceCode:
    """Ask for a code that a person confirms in the browser. Raises Unreachable."""
    answer = _post(grant.device_url, {"client_id": grant.client_id, "scope": grant.scope})
    try:
        address = str(answer.get("verification_uri") or answer["verification_url"])
        ends = time.time() + float(answer.get("expires_in", 900))
        return DeviceCode(str(answer["device_code"]), str(answer["user_code"]), address, ends, int(answer.get("interval", 5)))
    except (KeyError, TypeError, ValueError):
        raise Unreachable(f"{_host(grant.device_url)} gives no code to confirm") from None


def finish_device(grant: Grant, code: str) -> Tokens | None:
    """The tokens once the person has confirmed; None while that is not done. Raises Unreachable when it never will be."""
    asked = {"grant_type": _DEVICE, "client_id": grant.client_id, "device_code": code}
    try:
        answer = _post(grant.token_url, asked | _secret(grant))
    except _Refusal as refusal:
        if refusal.code in ("authorization_pending", "slow_down"):
            return None
        raise
    tokens = Tokens()
    take(tokens, answer)
    return tokens


def take(held: Tokens, answer: Mapping[str, Any]) -> None:
    """Put what was given in the place of what was held. Raises Unreachable where no token is in it."""
    token = answer.get("access_token")
    if not isinstance(token, str) or not token or not token.isascii() or any(char.isspace() or ord(char) < 32 for char in token):
        raise Unreachable("the provider's answer holds no token")
    held.access = token
    held.expires_at = time.time() + (float(answer["expires_in"]) if str(answer.get("expires_in", "")).isdigit() else 3600)
    held.refresh = str(answer.get("refresh_token") or held.refresh)


def _ask(grant: Grant, refresh: str) -> dict[str, Any]:
    if grant.flow == "device":
        if not refresh:
            raise Unreachable("nobody has signed in for this account yet: do it in the messaging settings")
        asked = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": grant.client_id, "scope": grant.scope}
        return _post(grant.token_url, asked | _secret(grant))
    if grant.is_service_account:
        return _post(grant.token_url, {"grant_type": _JWT, "assertion": _assertion(grant)})
    asked = {"grant_type": "client_credentials", "client_id": grant.client_id, "scope": grant.scope}
    return _post(grant.token_url, asked | _secret(grant))


def _secret(grant: Grant) -> dict[str, str]:
    return {"client_secret": grant.client_secret} if grant.client_secret else {}


def _assertion(grant: Grant) -> str:
    """What a Google service account signs to act for the user (RFC 7523)."""
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = json.loads(grant.client_secret)
        signer = load_pem_private_key(key["private_key"].encode(), None)
        whose = str(key["client_email"])
        assert isinstance(signer, RSAPrivateKey)
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError):
        raise Unreachable("the key of the service account cannot be read: give the whole JSON file") from None
    now = int(time.time())
    claims = {"iss": whose, "sub": grant.user, "scope": grant.scope, "aud": grant.token_url, "iat": now, "exp": now + 3600}
    said = f"{_base64({'alg': 'RS256', 'typ': 'JWT'})}.{_base64(claims)}"
    return f"{said}.{_base64url(signer.sign(said.encode(), PKCS1v15(), SHA256()))}"


def _base64(value: dict[str, Any]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class _Refusal(Unreachable):
    """The provider says no; ``code`` is its word for why."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


class _Straight(urllib.request.HTTPRedirectHandler):
    """What is secret is sent where it was meant to go, and nowhere else."""

    def redirect_request(self, *_given: Any, **_more: Any) -> None:
        return None


def _post(url: str, form: dict[str, str]) -> dict[str, Any]:
    """The provider's answer. Raises Unreachable, in its own words where it has any."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise Unreachable("tokens are asked for at an address that begins with https://")
    request = urllib.request.Request(url, urlencode(form).encode(), {"Accept": "application/json"})  # noqa: S310 - looked at above
    try:
        with urllib.request.build_opener(_Straight).open(request, timeout=_PATIENCE) as answer:
            return _read(answer.read(_MOST))
    except urllib.error.HTTPError as error:
        with error, contextlib.suppress(OSError, ValueError):
            said = _read(error.read(_MOST))
            code = str(said.get("error", ""))
            raise _Refusal(f"{_host(url)} gives no token: {_told(said) or error.code}", code) from None
        raise _Refusal(f"{_host(url)} gives no token: HTTP {error.code}", "") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise Unreachable(f"{_host(url)} cannot be asked for a token: {getattr(reason, 'strerror', None) or reason}") from None


def _read(content: bytes) -> dict[str, Any]:
    answer = json.loads(content)
    if not isinstance(answer, dict):
        raise ValueError("an answer that is no object")
    return answer


def _told(said: dict[str, Any]) -> str:
    """The provider's words, on one line and not too many."""
    return " ".join(str(said.get("error_description") or said.get("error") or "").split())[:300]


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the provider"
