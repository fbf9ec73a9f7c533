"""Which programs call? Each with a token of a role and scopes, in the company ACME of the acceptance suite."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from relance.models import Company, Membership, User
from relance.models.tokens import SCOPES
from relance.steps.admitting import add_token
from tests.acceptance.doors import inside
from tests.acceptance.world import World

AT = "/api/v1/companies/ACME"
Program = Callable[..., "Caller"]


class Caller(Client):
    """A program: it sends JSON, and tells what it was answered."""

    def send(self, address: str, said: object, *, key: str | None = None, method: str = "post"):
        """Send a JSON body to an address of ACME, under a key where one is given."""
        headers = {"Idempotency-Key": key} if key else {}
        return getattr(self, method)(AT + address, data=said, content_type="application/json", headers=headers)

    def ask(self, address: str, **asked: object):
        """What stands at an address of ACME."""
        return self.get(AT + address, asked).json()


@pytest.fixture
def world(db, home: Path, mail_folder: Path, tmp_path: Path) -> World:
    """The company ACME, not loaded yet."""
    return World(inside, tmp_path, mail_folder)


@pytest.fixture
def acme(world: World) -> Company:
    """ACME with two customers: one has an invoice eight days late, the other one that is not due."""
    world.invoice("FA-1")
    world.invoice("FA-2", "C002", due="2099-01-31", amount="50.00")
    world.load()
    return Company.objects.get(code="ACME")


@pytest.fixture
def program(acme: Company) -> Program:
    """A program: ``program("collector", "read")``; without words, one that may everything."""

    def opened(role: str = "administrator", *scopes: str, company: Company = acme, **said: object) -> Caller:
        name = f"{role} {'-'.join(scopes)} {company.code}"
        _, secret = add_token(company, name, role, scopes or SCOPES, by="eva", **said)
        return Caller(headers={"authorization": f"Bearer {secret}"})

    return opened


@pytest.fixture
def of_person(acme: Company) -> Program:
    """A program with a token of a person: ``of_person("collector", "read")`` of one who is a collector in ACME.

    ``at_most`` is the role of the token, ``founder`` makes of the person an administrator of the installation.
    """

    def opened(role: str | None, *scopes: str, at_most: str = "administrator", founder: bool = False, company: Company = acme) -> Caller:
        person, _ = User.objects.get_or_create(email=f"{role}@{company.code}.example".lower(), defaults={"is_admin": founder})
        if role:
            Membership.objects.get_or_create(company=company, user=person, defaults={"role": role})
        name = f"{at_most} {'-'.join(scopes)}"
        _, secret = add_token(person, name, at_most, scopes or SCOPES, per_minute=100_000, by="eva")
        return Caller(headers={"authorization": f"Bearer {secret}"})

    return opened
