"""How can a company send and read its mail? The options of its mail server and mailbox, and what is needed to be let in there.

What is secret (passwords, keys, tokens) stands in none of the options.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

SECURITIES = ("starttls", "tls", "none")
LOGINS = ("none", "password", "oauth2")
PROVIDERS = ("microsoft", "google", "other")
FLOWS = ("application", "device")
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
IMAP_PORTS = {"starttls": 143, "tls": 993, "none": 143}

DEFAULTS: dict[str, Any] = {
    "host": "",  # empty: the provider's, else the installation's mail server
    "port": None,  # the usual one
    "security": "starttls",
    "login": "password",
    "user": "",
    "connections": 3,
    "sender_name": "",  # the company's name
    "reply_to": "",
    "provider": "other",
    "flow": "application",
    "tenant": "",
    "client_id": "",
    "token_url": "",
    "device_url": "",
    "scope": "",
    "dkim_domain": "",
    "dkim_selector": "",
    "imap_host": "",
    "imap_port": None,
    "imap_security": "tls",
    "imap_user": "",  # that of the mail server
    "imap_inbox": "INBOX",
    "imap_sent": "",  # the folder that the server marks so
    "imap_drafts": "",
    "imap_minutes": None,  # between two readings; None: only by hand
}

Options = dict[str, Any]


class Provider(NamedTuple):
    """What is known of a provider that lets in by tokens only."""

    smtp: str
    imap: str
    token_url: str
    device_url: str
    application_scope: str
    device_scope: str


KNOWN = {
    "microsoft": Provider(
        "smtp.office365.com",
        "outlook.office365.com",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
        "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/devicecode",
        "https://outlook.office365.com/.default",
        "https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
    ),
    "google": Provider(
        "smtp.gmail.com",
        "imap.gmail.com",
        "https://oauth2.googleapis.com/token",
        "",
        "https://mail.google.com/",
        "https://mail.google.com/",
    ),
    "other": Provider("", "", "", "", "", ""),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """By what tokens are had: whom to ask, as whom, for what."""

    flow: str
    token_url: str
    device_url: str
    client_id: str
    scope: str
    user: str
    client_secret: str = field(default="", repr=False)  # of a Google service account: its key file
    is_service_account: bool = False


@dataclass(slots=True)
class Tokens:
    """The tokens at hand; changed in place when new ones are given."""

    access: str = field(default="", repr=False)
    expires_at: float = 0.0  # seconds since 1970
    refresh: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Account:
    """A server that a company is let in at; ``problem``: why it cannot even be tried."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(default="", repr=False)
    connections: int = 3
    grant: Grant | None = None
    tokens: Tokens = field(default_factory=Tokens)
    problem: str = ""


def smtp_host(options: Options) -> str:
    """The mail server that the options name; empty where they name none."""
    return str(options["host"] or (_provider(options).smtp if options["login"] == "oauth2" else ""))


def imap_host(options: Options) -> str:
    """The mailbox's server; empty where there is none."""
    wanted = options["login"] == "oauth2" and options["imap_minutes"] is not None
    return str(options["imap_host"] or (_provider(options).imap if wanted else ""))


def grant_of(options: Options, client_secret: str) -> Grant:
    """By what tokens are had for an account."""
    known = _provider(options)
    tenant = options["tenant"] or "common"
    return Grant(
        options["flow"],
        options["token_url"] or known.token_url.format(tenant=tenant),
        options["device_url"] or known.device_url.format(tenant=tenant),
        options["client_id"],
        options["scope"] or (known.device_scope if options["flow"] == "device" else known.application_scope),
        options["user"],
        client_secret,
        options["provider"] == "google" and options["flow"] == "application",
    )


def missing(options: Options) -> list[str]:
    """Options without which a server that is named cannot be used, by name."""
    if not smtp_host(options) and not imap_host(options):
        return []
    needed: list[str] = []
    if options["login"] != "none":
        only_mailbox = not smtp_host(options) and options["imap_user"]
        needed += [] if only_mailbox and options["login"] == "password" else ["user"]
    if options["login"] == "oauth2":
        grant = grant_of(options, "")
        needed += [] if grant.token_url else ["token_url"]
        needed += [] if grant.is_service_account else ["client_id"]
        needed += ["device_url"] if grant.flow == "device" and not grant.device_url else []
        needed += ["tenant"] if options["provider"] == "microsoft" and grant.flow == "application" else []
    return [name for name in needed if not options[name]]


def _provider(options: Options) -> Provider:
    return KNOWN[options["provider"]]
