"""By which server does a company send its mail, and where does it read what comes back? Its options with its secrets.

A password, a token or a client's secret is kept for one server: set up another, and it must be given anew. So nobody has it sent elsewhere.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from relance.core import messaging as core
from relance.core.messaging import Account, Grant, Options, Tokens
from relance.models.company import Company
from relance.models.sealed import keep_secret, kept_secrets, read_secrets

_KEPT_FOR: dict[str, Callable[[Options], str]] = {
    "password": core.smtp_host,
    "imap_password": core.imap_host,
    "client_secret": lambda options: core.grant_of(options, "").token_url,
}


def messaging_of(company: Company) -> Options:
    """Every option of a company's messaging, defaults in."""
    return core.DEFAULTS | company.messaging


@contextmanager
def mail_account(company: Company) -> Iterator[Account | None]:
    """The server that the company sends by, None where it has none of its own; tokens given meanwhile are kept."""
    options = _options(company)
    if not core.smtp_host(options):
        yield None
        return
    with _let_in(company, options) as (secrets, tokens, problem):
        port = options["port"] or core.SMTP_PORTS[options["security"]]
        where = (core.smtp_host(options), port, options["security"], options["user"])
        yield _account(options, where, secrets, "password", tokens, problem)


@contextmanager
def mailbox_account(company: Company) -> Iterator[Account | None]:
    """The mailbox that the company reads, likewise."""
    options = _options(company)
    if not core.imap_host(options):
        yield None
        return
    with _let_in(company, options) as (secrets, tokens, problem):
        port = options["imap_port"] or core.IMAP_PORTS[options["imap_security"]]
        where = (core.imap_host(options), port, options["imap_security"], options["imap_user"] or options["user"])
        yield _account(options, where, secrets, "imap_password", tokens, problem)


def keep(company: Company, name: str, text: str, by: str) -> None:
    """Keep a secret that a person gives, for the server that is set up now; an empty text takes it away."""
    whose = _KEPT_FOR.get(name)
    keep_secret(company, name, json.dumps({"for": whose(_options(company)), "text": text}) if whose and text else text, by)


def keep_tokens(company: Company, tokens: Tokens) -> None:
    """Keep what a provider has given."""
    options = _options(company)
    kept = {"for": _whose(options), "access": tokens.access, "expires_at": tokens.expires_at, "refresh": tokens.refresh}
    keep_secret(company, "tokens", json.dumps(kept))


def held(company: Company) -> set[str]:
    """The secrets that are there and of use for what is set up: their names. None of them where they cannot be read."""
    try:
        secrets = _secrets(company, _options(company))
    except ValueError:
        return set()
    return {name for name, text in secrets.items() if text and (name != "tokens" or _tokens(text, _options(company)).access)}


def grant_for(company: Company) -> Grant:
    """By what tokens of the company's account are had. Raises ValueError where that is not set up, or its secret is lost."""
    options = _options(company)
    if lacking := core.missing(options):
        raise ValueError(f"the messaging of {company.code} is not complete: {', '.join(lacking)}")
    return core.grant_of(options, _secrets(company, options).get("client_secret", ""))


def signing_key(company: Company) -> tuple[str, str, str] | None:
    """Domain, selector and private key (PEM) by which the company signs; None where it does not. Raises ValueError where it is lost."""
    options = _options(company)
    if not (options["dkim_domain"] and options["dkim_selector"]) or "dkim_key" not in kept_secrets(company):
        return None
    return options["dkim_domain"], options["dkim_selector"], read_secrets(company)["dkim_key"]


def _options(company: Company) -> Options:
    """As they are now: a company that a caller has held for long may have been set up otherwise since."""
    return core.DEFAULTS | Company.objects.values_list("messaging", flat=True).get(pk=company.pk)


@contextmanager
def _let_in(company: Company, options: Options) -> Iterator[tuple[dict[str, str], Tokens, str]]:
    """The secrets, the tokens, and why they are of no use."""
    try:
        secrets, problem = _secrets(company, options), ""
    except ValueError as lost:
        secrets, problem = {}, str(lost)
    if lacking := core.missing(options):
        problem = f"the messaging of {company.code} is not complete: {', '.join(lacking)}"
    tokens, before = (_tokens(secrets.get("tokens", ""), options) for _ in range(2))
    try:
        yield secrets, tokens, problem
    finally:
        if tokens != before:
            keep_tokens(company, tokens)


def _secrets(company: Company, options: Options) -> dict[str, str]:
    """The secrets that are for what is set up."""
    found = read_secrets(company)
    for name, whose in _KEPT_FOR.items():
        if name in found:
            kept = json.loads(found[name])
            found[name] = kept["text"] if kept["for"] == whose(options) else ""
    return found


def _tokens(text: str, options: Options) -> Tokens:
    kept = json.loads(text or "{}")
    return Tokens(kept["access"], kept["expires_at"], kept["refresh"]) if kept.get("for") == _whose(options) else Tokens()


def _whose(options: Options) -> str:
    grant = core.grant_of(options, "")
    return " ".join((grant.token_url, grant.client_id, grant.user, grant.scope, core.smtp_host(options), core.imap_host(options)))


def _account(
    options: Options, where: tuple[str, int, str, str], secrets: dict[str, str], password: str, tokens: Tokens, problem: str
) -> Account:
    host, port, security, user = where
    shown = secrets.get(password, "") if options["login"] == "password" else ""
    if options["login"] == "none":
        return Account(host, port, security, "", connections=options["connections"], problem=problem)
    if options["login"] == "password" and not shown and not problem:
        problem = f"no password is kept for {user} at {host}: give it in the messaging settings"
    grant = core.grant_of(options, secrets.get("client_secret", "")) if options["login"] == "oauth2" else None
    return Account(host, port, security, user, shown, options["connections"], grant, tokens, problem)
