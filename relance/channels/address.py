"""What does the address of a channel say beside the way: how many connections at once, how many messages a minute, how much patience?

``smtp://user:password@host:587?starttls=1&connections=8&per_minute=300&timeout=30``
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit

from relance.channels.oauth import Purse
from relance.channels.port import Unreachable
from relance.core.messaging import Account

_MOST = {"connections": 64, "per_minute": 1_000_000, "timeout": 600}


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart; ``repr`` shows no password."""

    parts: SplitResult
    starttls: bool | None = None  # None: where it is offered
    connections: int = 3  # what the strictest of the large providers allows one sender at a time
    per_minute: int | None = None
    timeout: float = 60.0  # seconds that the other side may be silent
    purse: Purse | None = None  # where tokens are shown in the place of a password

    @property
    def place(self) -> str:
        """What limits are counted for: the host and its port, for everybody who sends through it."""
        return f"{self.parts.scheme}://{self.parts.hostname or ''}:{self.parts.port or ''}"

    def __repr__(self) -> str:
        return f"Address({self.place})"


def read_address(url: str) -> Address:
    """Take an address apart. Raises Unreachable, without repeating the address: it may hold a password."""
    try:
        parts = urlsplit(url)
        wishes = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True)) if parts.query else {}
        starttls = {"1": True, "0": False, None: None}[wishes.pop("starttls", None)]
        numbers: dict[str, Any] = {name: _number(name, text) for name, text in wishes.items()}
        _ = parts.port
    except (KeyError, ValueError):
        raise Unreachable(
            "RELANCE_EMAIL_URL: after the ? may stand starttls=1, connections=8, per_minute=300 and timeout=30, joined by &; "
            "signs such as / # @ in a password are written %2F %23 %40"
        ) from None
    return Address(parts, starttls, **numbers)


def address_of(account: Account) -> Address:
    """The address of a company's own mail server. Raises Unreachable where it cannot even be tried."""
    if account.problem:
        raise Unreachable(account.problem)
    scheme = "smtps" if account.security == "tls" else "smtp"
    login = f"{quote(account.user, safe='')}:{quote(account.password, safe='')}@" if account.user else ""
    host = f"[{account.host}]" if ":" in account.host else account.host
    starttls = {"starttls": True, "none": False, "tls": None}[account.security]
    purse = Purse(account.grant, account.tokens) if account.grant else None
    parts = urlsplit(f"{scheme}://{login}{host}:{account.port}")
    return Address(parts, starttls, account.connections, purse=purse)


def _number(name: str, text: str) -> int:
    most = _MOST[name]
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise ValueError
    return int(text)
