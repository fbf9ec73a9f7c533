"""How do the tests get their tables quickly? Migrations are applied once for each version of them, and copied from then on."""

import fcntl
import getpass
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from django.apps import apps

ROOT = Path(__file__).resolve().parents[1]


def sqlite_with_tables() -> Path:
    """A SQLite database that has every table and no row, to be copied."""
    made = _kept_in() / f"{_version()}.sqlite3"
    with _one_at_a_time():
        if not made.exists():
            with tempfile.TemporaryDirectory(dir=made.parent) as folder:
                _migrate(f"sqlite:///{folder}/new.sqlite3", folder)
                Path(folder, "new.sqlite3").replace(made)
    return made


def postgresql_with_tables(server: str) -> str:
    """The name of such a database on the server, to be named as a template."""
    name = f"relance_tables_{_version()}"
    with _one_at_a_time(), psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f"DROP DATABASE IF EXISTS {name}_new")
            connection.execute(f"CREATE DATABASE {name}_new")
            with tempfile.TemporaryDirectory() as folder:
                _migrate(urlsplit(server)._replace(path=f"/{name}_new").geturl(), folder)
            connection.execute(f"ALTER DATABASE {name}_new RENAME TO {name}")
    return name


def _migrate(database: str, home: str) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0", "--settings=relance.settings"]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"DATABASE_URL": database, "RELANCE_HOME": home})


def _version() -> str:
    """What the tables depend on: every migration there is, and who applies them."""
    told = hashlib.sha256(django.__version__.encode())
    for application in apps.get_app_configs():
        for file in sorted(Path(application.path, "migrations").glob("[0-9]*.py")):
            told.update(f"{application.label} {file.name}".encode() + file.read_bytes())
    return told.hexdigest()[:12]


def _kept_in() -> Path:
    folder = Path(tempfile.gettempdir(), f"relance-tables-{getpass.getuser()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Of several processes that begin at once, one makes the tables and the others wait."""
    with (_kept_in() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
