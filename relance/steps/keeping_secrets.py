"""A password, a secret or a key that an administrator gives -> kept, encrypted; it is replaced or taken away, and never shown again."""

from relance.letters.mailing.signing import new_key, record_of, signer
from relance.models import messaging
from relance.models.company import Company
from relance.models.sealed import FROM_PEOPLE
from relance.steps import Refused

_LONGEST = 20_000  # characters: the key file of a service account has two thousand


def put(company: Company, name: str, text: str, by: str) -> None:
    """Keep a secret in the place of the one before; an empty text takes it away. Raises Refused."""
    refuse(name, text)
    messaging.keep(company, name, text, by)


def refuse(name: str, text: str) -> None:
    """Refuse what cannot be kept as such a secret. Raises Refused."""
    if name not in FROM_PEOPLE:
        raise Refused(f'not one of {", ".join(FROM_PEOPLE)}: "{name}"')
    if len(text) > _LONGEST:
        raise Refused(f"longer than {_LONGEST} characters")
    if name == "dkim_key" and text:
        try:
            signer("", "", text)
        except ValueError as error:
            raise Refused(str(error)) from None


def make_key(company: Company, by: str) -> None:
    """Draw a new key by which the company signs its mail, in the place of the one before."""
    messaging.keep(company, "dkim_key", new_key(), by)


def published(company: Company) -> tuple[str, str] | None:
    """The TXT record that is to stand in the DNS: its name and its text; None where the company does not sign."""
    try:
        found = messaging.signing_key(company)
        return record_of(signer(*found)) if found else None
    except ValueError:
        return None
