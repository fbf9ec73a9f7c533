"""How is a signed message posted to another system? One try, to an address that was looked at, never led elsewhere, never for long.

The name is resolved once and that very address is connected to, so that it cannot become another one after it was looked at.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from datetime import datetime
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from relance import __version__

TIMEOUT = 5.0  # seconds without a word
LONGEST = 15.0  # seconds in all
_MARK = "whsec_"


class Unwelcome(Exception):
    """The address is none that messages are posted to; the text says why."""


class Answered(NamedTuple):
    """What the other side said: the status, None where there was no answer, and words."""

    status: int | None
    words: str

    @property
    def taken(self) -> bool:
        """Whether it has the message now."""
        return self.status is not None and 200 <= self.status < 300


def check(url: str, *, private: bool) -> SplitResult:
    """The parts of an address to which messages may be posted; ``private``: also on this machine or network. Raises Unwelcome."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unwelcome("this is no address such as https://erp.example/relance") from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.fragment or port == 0:
        raise Unwelcome("this is no address such as https://erp.example/relance")
    if parts.scheme == "http" and not private:
        raise Unwelcome("only https:// addresses are posted to")
    if not private and _is_private(parts.hostname):
        raise Unwelcome("an address on this machine or network is not posted to, unless RELANCE_PRIVATE_WEBHOOKS allows it")
    return parts


def signed(secret: str, uid: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a message, signed as Standard Webhooks has it: HMAC-SHA256 over its name, the moment and the body."""
    moment = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(_MARK))
    seal = base64.b64encode(hmac.digest(key, f"{uid}.{moment}.{body}".encode(), hashlib.sha256)).decode()
    return {"webhook-id": uid, "webhook-timestamp": moment, "webhook-signature": f"v1,{seal}"}


def post(url: str, headers: dict[str, str], body: str, *, private: bool) -> Answered:
    """Post a body once; what is answered is not read beyond its status, and no redirection is followed."""
    try:
        parts = check(url, private=private)
        connection = _connection(parts, _address(parts, private=private))
    except Unwelcome as refused:
        return Answered(None, str(refused))
    except OSError as error:
        return Answered(None, f"no connection: {error.strerror or error}"[:200])
    limit = threading.Timer(LONGEST, _cut, [connection])
    limit.daemon = True
    limit.start()
    try:
        told = {"Content-Type": "application/json", "User-Agent": f"Relance/{__version__}", "Connection": "close"} | headers
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body.encode(), told)
        answer = connection.getresponse()
        return Answered(answer.status, answer.reason[:200])
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
        return Answered(None, f"no answer: {error or type(error).__name__}"[:200])
    finally:
        limit.cancel()
        connection.close()


def _address(parts: SplitResult, *, private: bool) -> tuple[str, int]:
    """The one address that the name stands for now. Raises Unwelcome, OSError."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [(str(one[4][0]), port) for one in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    if not private and any(_is_private(address) for address, _ in found):
        raise Unwelcome("the name stands for an address on this machine or network")
    return found[0]


def _connection(parts: SplitResult, address: tuple[str, int]) -> http.client.HTTPConnection:
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
    connection.sock = socket.create_connection(address, TIMEOUT)
    if parts.scheme == "https":
        try:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=parts.hostname)
        except OSError:
            connection.close()
            raise
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    """Break off an answer that drips."""
    if (held := connection.sock) is not None:
        try:
            held.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def _is_private(host: str) -> bool:
    """Whether an address is not of the public network; a name is none as long as it is not resolved, but for this machine's own."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    mapped = getattr(address, "ipv4_mapped", None) or address
    return not mapped.is_global or mapped.is_multicast
