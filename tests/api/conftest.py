"""Which programs call? Each with a token of a role and scopes, in the company ACME of the acceptance suite."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from relance.models import Company
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
