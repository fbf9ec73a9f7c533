"""How is Relance configured? By four variables of the environment, each with a default that just runs.

``RELANCE_HOME`` (data folder), ``DATABASE_URL``, ``RELANCE_EMAIL_URL`` and ``RELANCE_SECRET_KEY``; see docs/reference/environment.md.
"""

import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import lazy

# Durable: in WAL mode only synchronous=FULL survives a power cut after the commit, and a lost commit would send a notice twice.
_SQLITE = {"timeout": 60, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}
_WRONG_DATABASE_URL = "DATABASE_URL: neither sqlite:///path nor postgresql://user:password@host:port/name"

# Cursors are read to their end: PostgreSQL would plan for a quick first row, and take minutes for the last.
_POSTGRESQL = {"options": "-c cursor_tuple_fraction=1.0"}


def data_folder(text: str | None) -> Path:
    """The data folder, made if absent and readable by its owner alone: it holds personal data. Raises ImproperlyConfigured."""
    home = Path(text or "~/.local/share/relance").expanduser().absolute()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"RELANCE_HOME: cannot make {home}: {error.strerror}") from error
    return home


def database(url: str) -> dict[str, Any]:
    """Django's description of the database at ``sqlite:///path`` or ``postgresql://user:password@host:port/name?option=value``.

    Raises ImproperlyConfigured for any other address, without repeating it: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(_WRONG_DATABASE_URL) from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme == "sqlite" and name and not parts.netloc:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(_SQLITE)}
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise ImproperlyConfigured(_WRONG_DATABASE_URL)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port or "",
        "OPTIONS": _POSTGRESQL | dict(parse_qsl(parts.query)),
    }


@cache
def secret_key() -> str:
    """The signing key: ``RELANCE_SECRET_KEY``, else the one kept in the data folder, drawn the first time it is needed."""
    if given := os.environ.get("RELANCE_SECRET_KEY"):
        return given
    kept = RELANCE_HOME / "secret_key"
    if not kept.exists():
        draft = RELANCE_HOME / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            kept.hardlink_to(draft)  # whole or not at all; of two processes, one wins and both read the winner's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return kept.read_text()


RELANCE_HOME = data_folder(os.environ.get("RELANCE_HOME"))
RELANCE_EMAIL_URL = os.environ.get("RELANCE_EMAIL_URL") or (RELANCE_HOME / "mail").as_uri()
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{RELANCE_HOME / 'relance.sqlite3'}")}
SECRET_KEY = lazy(secret_key, str)()

INSTALLED_APPS = ["relance"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "relance.urls"
WSGI_APPLICATION = "relance.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

USE_TZ = True
TIME_ZONE = "Europe/Paris"
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
