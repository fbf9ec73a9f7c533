"""How are passwords, keys and tokens kept? Encrypted, under a key drawn from the secret of the installation (``RELANCE_SECRET_KEY``).

Whoever has the database alone cannot read them. They are replaced, never shown, and travel in no dossier.
"""

import os
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from relance.models import fields
from relance.models.company import Company
from relance.models.events import Fact, record

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SECRETS = ("password", "client_secret", "tokens", "device_code", "dkim_key", "imap_password")
FROM_PEOPLE = ("password", "client_secret", "dkim_key", "imap_password")  # whose replacing is told in the history
_NONCE = 12  # bytes


class Secret(models.Model):
    """One secret of a company, encrypted."""

    company = fields.company()
    name = fields.one_of(SECRETS, "password")
    sealed = models.BinaryField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="secret_name_unique"),
            fields.check_one_of("secret", "name", SECRETS),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.company_id}"


class Lost(ValueError):
    """A secret was sealed by another installation's key: it cannot be read, and must be given anew."""


def keep_secret(company: Company, name: str, text: str, by: str = "") -> None:
    """Put a secret in the place of the one before; an empty text takes it away."""
    whose = Secret.objects.filter(company=company, name=name)
    if text:
        values = {"sealed": _seal(company.pk, name, text), "set_at": timezone.now()}
        Secret.objects.update_or_create(company=company, name=name, defaults=values)
    elif not whose.delete()[0]:
        return
    if name in FROM_PEOPLE:
        record(company.pk, by, [Fact("secret_set" if text else "secret_removed", facts={"secret": name})])


def read_secrets(company: Company) -> dict[str, str]:
    """The secrets of a company by name. Raises Lost."""
    return {one.name: _open(company.pk, one.name, bytes(one.sealed)) for one in Secret.objects.filter(company=company)}


def kept_secrets(company: Company) -> set[str]:
    """Which secrets there are: their names, which is all that is ever shown of them."""
    return set(Secret.objects.filter(company=company).values_list("name", flat=True))


def _seal(company_id: int, name: str, text: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + _cipher().encrypt(nonce, text.encode(), _place(company_id, name))


def _open(company_id: int, name: str, sealed: bytes) -> str:
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(company_id, name)).decode()
    except InvalidTag:
        raise Lost(f"the secret {name} was kept under another secret key of the installation: give it anew") from None


def _place(company_id: int, name: str) -> bytes:
    """What is sealed with a secret: moved to another company or name, it does not open."""
    return f"{company_id}/{name}".encode()


def _cipher() -> "AESGCM":
    """What seals and opens, under the key of the installation; loaded when a secret is used, for few commands use one."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(SHA256(), 32, salt=None, info=b"relance: secrets of companies").derive(str(settings.SECRET_KEY).encode())
    return AESGCM(key)
