"""Who looks at the pages, and at which company? ACME of the acceptance suite, and a browser for each role."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from relance.models import Company, Membership, User
from tests.acceptance.doors import inside
from tests.acceptance.world import World

Browser = Callable[..., Client]


def queries(client: Client, address: str, *, before: bool = True) -> int:
    """How many queries a page takes, once somebody has looked at it ``before``."""
    if before:
        client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


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
def browser(db) -> Browser:
    """A browser: ``browser("collector", company)`` is signed in with that role, ``browser()`` is not."""

    def opened(role: str | None = None, company: Company | None = None, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        if role is not None:
            user, _ = User.objects.get_or_create(email=f"{role}@acme.example", defaults={"language": language, "is_admin": role == "admin"})
            if company is not None and role != "admin":
                Membership.objects.get_or_create(company=company, user=user, defaults={"role": role})
            client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        return client

    return opened
