"""How is Relance configured? By four variables of the environment, each with a default that just runs.

``RELANCE_HOME`` (data folder), ``DATABASE_URL``, ``RELANCE_EMAIL_URL`` and ``RELANCE_SECRET_KEY``; see docs/reference/environment.md.
"""

import os
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import lazy
from font_source_sans_pro import font_directory

# Durable: in WAL mode only synchronous=FULL survives a power cut after the commit, and a lost commit would send a notice twice.
# Memory in kB: SQLite gives temporary tables 2 MB, and a list of a million lines waits in them to be compared.
_SQLITE = {
    "timeout": 60,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; PRAGMA temp.cache_size=-8000;",
}
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


def identity_provider(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """The company's OpenID Connect provider, for people who sign in with it; none where ``RELANCE_OIDC_URL`` says nothing."""
    address = environment.get("RELANCE_OIDC_URL", "")
    if not address:
        return []
    return [
        {
            "provider_id": "oidc",
            "name": environment.get("RELANCE_OIDC_NAME") or urlsplit(address).hostname,
            "client_id": environment.get("RELANCE_OIDC_CLIENT_ID", ""),
            "secret": environment.get("RELANCE_OIDC_SECRET", ""),
            "settings": {"server_url": address, "oauth_pkce_enabled": True},
        }
    ]


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


WEB = Path(__file__).resolve().parent / "web"
RELANCE_HOME = data_folder(os.environ.get("RELANCE_HOME"))
RELANCE_EMAIL_URL = os.environ.get("RELANCE_EMAIL_URL") or (RELANCE_HOME / "mail").as_uri()
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{RELANCE_HOME / 'relance.sqlite3'}")}
SECRET_KEY = lazy(secret_key, str)()

INSTALLED_APPS = [
    "relance",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "heroicons",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "relance.web.language.UsersLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "relance.urls"
WSGI_APPLICATION = "relance.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["heroicons.templatetags.heroicons", "relance.web.tags", "django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "relance.web.navigation.surroundings",
            ],
        },
    }
]

USE_TZ = True
TIME_ZONE = "Europe/Paris"
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [RELANCE_HOME / "locale"]  # compiled from relance/locale by relance/web/catalogs.py

# What browsers are given beside pages: as it is in the packages and in relance/web/static, nothing is collected.
STATIC_URL = "/static/"
STATICFILES_DIRS = [WEB / "static", ("fonts", font_directory)]
STORAGES = {"staticfiles": {"BACKEND": "relance.web.statics.Marked"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 30 * 86_400  # an address changes with what is behind it

# The address under which people reach the pages, where it is not this machine's own.
PUBLIC = urlsplit(os.environ.get("RELANCE_URL", ""))
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *([PUBLIC.hostname] if PUBLIC.hostname else [])]
if PUBLIC.scheme == "https":
    CSRF_TRUSTED_ORIGINS = [f"https://{PUBLIC.netloc}"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
PRIVATE_WEBHOOKS = os.environ.get("RELANCE_PRIVATE_WEBHOOKS") == "1"  # whether messages may go to addresses on this machine or network
RELANCE_SETTING_LABELS = "relance.web.setting_up.labels"  # what settings are called, wherever the history is told
CSRF_FAILURE_VIEW = "relance.web.errors.stale"
SESSION_COOKIE_AGE = 14 * 86_400
X_FRAME_OPTIONS = "SAMEORIGIN"  # letters are looked at inside our own pages
SECURE_REFERRER_POLICY = "same-origin"
IDENTITY_PROVIDERS = identity_provider(os.environ)
if IDENTITY_PROVIDERS:
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")  # it brings an HTTP client, which takes long to load
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "frame-ancestors": [SELF],
        # a form that leads on to the identity provider ends there
        "form-action": [SELF, *("{0.scheme}://{0.netloc}".format(urlsplit(one["settings"]["server_url"])) for one in IDENTITY_PROVIDERS)],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Signing in: by e-mail address; the library limits guessing, sends the links, knows second factors and OpenID Connect.
AUTH_USER_MODEL = "relance.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["email", "name"]}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator vouches for the addresses
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "relance.web.entrance.SignIn",
    "reset_password": "relance.web.entrance.ForgottenPassword",
    "reset_password_from_key": "relance.web.entrance.PasswordByLink",
    "change_password": "relance.web.entrance.OtherPassword",
    "set_password": "relance.web.entrance.FirstPassword",
    "reauthenticate": "relance.web.entrance.PasswordAgain",
}
ACCOUNT_ADAPTER = "relance.web.signing_in.Accounts"
SOCIALACCOUNT_ADAPTER = "relance.web.signing_in.Identities"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": IDENTITY_PROVIDERS}}
ACCOUNT_EMAIL_NOTIFICATIONS, ACCOUNT_EMAIL_SUBJECT_PREFIX = False, ""  # the subject names us itself
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "relance.web.entrance.SecondFactor",
    "reauthenticate": "relance.web.entrance.SecondFactorAgain",
    "activate_totp": "relance.web.entrance.FirstCode",
    "add_webauthn": "relance.web.passkeys.NewPasskey",
    "edit_webauthn": "relance.web.passkeys.RenamedPasskey",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above; the library notes every address as unverified
MFA_TOTP_ISSUER = "Relance"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC.scheme != "https"  # browsers allow it on this machine alone

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "log": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": RELANCE_HOME / "relance.log",
            "maxBytes": 5_000_000,
            "backupCount": 3,
            "delay": True,
            "encoding": "utf-8",
            "formatter": "line",
        }
    },
    "loggers": {
        "django": {"handlers": ["log"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "relance": {"handlers": ["log"], "level": "INFO", "propagate": False},
    },
}
