"""What does every test find? An empty data folder of its own, a mail folder in it, and a database on demand."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as hypothesis_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from tests.tables import postgresql_with_tables, sqlite_with_tables

WITHOUT = ("core", "importers")  # folders whose tests use no database: for the second one they are not even read
collect_ignore = ["browser", *WITHOUT] if connection.vendor == "postgresql" else []

# What passes once passes again; the proof draws anew, and more.
hypothesis_settings.register_profile("suite", deadline=None, derandomize=True, max_examples=40)
hypothesis_settings.register_profile("proof", deadline=None, max_examples=2000)
hypothesis_settings.load_profile("suite")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """A file stays in one process: what its tests share is made once, and those that follow one another do. In the order of the tests."""
    from xdist.scheduler import LoadFileScheduling

    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The browser comes first: it takes longest. On the second database, what uses one runs again."""
    items.sort(key=lambda item: item.path.parent.name != "browser")
    stray = next((item for item in items if item.path.parent.name in WITHOUT and uses_database(item)), None)
    if stray is not None:
        raise pytest.UsageError(f"{stray.nodeid} uses a database, but stands where no test does: it would never run on PostgreSQL")
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
        items[:] = filter(uses_database, items)


@pytest.fixture(autouse=True, scope="session")
def looked_for_once() -> Iterator[None]:
    """The static files are looked for once, not for each browser of a test."""
    found: dict[str, object] = {}

    def add_files(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            search(middleware)
            found.update(middleware.files)
        middleware.files = found

    with pytest.MonkeyPatch.context() as patched:
        search = WhiteNoiseMiddleware.add_files_from_finders
        patched.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files)
        yield


def uses_database(item: pytest.Item) -> bool:
    """Whether a test asks for a database, by a fixture or by its mark."""
    return not {"db", "transactional_db"}.isdisjoint(item.fixturenames) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings) -> bool:
    """Whether the database of this run is there before it is set up; its tables are: they are copied, not made."""
    wanted = connection.settings_dict["TEST"]
    wanted["MIGRATE"] = False
    if connection.vendor == "sqlite":
        shutil.copyfile(sqlite_with_tables(), wanted["NAME"])
        return True  # it goes with the folder it is in
    wanted["TEMPLATE"] = postgresql_with_tables(os.environ["DATABASE_URL"])
    return False


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    """The data folder of this test, for the code in this process and for the commands it starts; nothing is kept of the test before."""
    cache.clear()  # figures, and how many have signed in within the minute
    folder = tmp_path / "home"
    folder.mkdir()
    settings.RELANCE_HOME = folder
    settings.RELANCE_EMAIL_URL = (folder / "mail").as_uri()
    monkeypatch.setenv("RELANCE_HOME", str(folder))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")  # whatever the language of who runs the suite
    monkeypatch.setenv("RELANCE_EMAIL_URL", settings.RELANCE_EMAIL_URL)
    return folder


@pytest.fixture
def in_2026(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the middle of July 2026: what a rate has to be then is known; on the day of the test it may not be published yet."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 7, 15, 10, tzinfo=UTC))


@pytest.fixture
def mail_folder(home: Path) -> Path:
    """Where the messages of this test are written; absent until the first."""
    return home / "mail"


@pytest.fixture
def database_url(transactional_db, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of this test's database, set as DATABASE_URL for the commands it starts; what is written there is committed."""
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{held['NAME']}"
    else:
        host = held["HOST"] or held["OPTIONS"].get("host", "")
        user = quote(held["USER"]) + (f":{quote(held['PASSWORD'], safe='')}" if held["PASSWORD"] else "")
        address = f"postgresql://{user}@:{held['PORT']}/{held['NAME']}?host={quote(host, safe='')}"
    monkeypatch.setenv("DATABASE_URL", address)
    return address
