"""Do the tests and the settings keep their promises about folders and databases?"""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from relance.settings import data_folder, database


def test_every_test_has_an_empty_data_folder_of_its_own(home: Path, tmp_path: Path):
    assert home == settings.RELANCE_HOME == tmp_path / "home"
    assert os.environ["RELANCE_HOME"] == str(home)
    assert list(home.iterdir()) == []


def test_mail_of_a_test_goes_to_a_folder_in_its_data_folder(home: Path):
    assert settings.RELANCE_EMAIL_URL == os.environ["RELANCE_EMAIL_URL"] == f"file://{home}/mail"


def test_a_started_command_uses_the_database_of_the_test(database_url: str):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE seen (place integer)")
    try:
        script = "import django; django.setup(); from django.db import connection; print('seen' in connection.introspection.table_names())"
        answer = subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "DJANGO_SETTINGS_MODULE": "relance.settings"}, capture_output=True, text=True
        )
        assert (answer.stdout.strip(), answer.stderr) == ("True", "")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE seen")


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3", reason="about SQLite")
@pytest.mark.django_db(transaction=True)
def test_sqlite_writes_ahead_checks_foreign_keys_and_waits_for_its_turn():
    with connection.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "foreign_keys", "busy_timeout")]
    assert found == ["wal", 1, 60_000]


def test_a_sqlite_commit_survives_a_power_cut():
    options = database("sqlite:////tmp/relance.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


@pytest.mark.parametrize(
    ("address", "name", "user", "password", "host", "port", "options"),
    [
        (
            "postgresql://jean:s%40cret@db.example:5433/compta?sslmode=require",
            "compta",
            "jean",
            "s@cret",
            "db.example",
            5433,
            {"sslmode": "require"},
        ),
        ("postgres://jean@db.example/compta", "compta", "jean", "", "db.example", "", {}),
        ("postgresql:///compta?host=/run/postgresql", "compta", "", "", "", "", {"host": "/run/postgresql"}),
    ],
)
def test_a_postgresql_address_is_taken_apart(address, name, user, password, host, port, options):
    read = database(address)
    assert [read[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [name, user, password, host, port]
    assert options.items() <= read["OPTIONS"].items()


@pytest.mark.parametrize(
    "address", ["mysql://me:secret@host/base", "postgresql://me:secret@host", "postgresql://me:secret@host:x/base", "sqlite:///"]
)
def test_a_wrong_database_address_is_refused_without_repeating_its_password(address: str):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: neither") as refusal:
        database(address)
    assert "secret" not in str(refusal.value)


def test_the_data_folder_is_made_for_its_owner_alone(tmp_path: Path):
    assert stat.S_IMODE(data_folder(str(tmp_path / "kept")).stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_made_is_refused_with_its_name(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match=r"RELANCE_HOME: cannot make .*/file/kept"):
        data_folder(str(tmp_path / "file" / "kept"))


def test_the_secret_key_is_drawn_once_when_first_needed_and_kept_for_its_owner_alone(tmp_path: Path):
    environment = {**os.environ, "RELANCE_HOME": str(tmp_path / "kept")}
    script = "from relance.settings import RELANCE_HOME, SECRET_KEY; print(len(list(RELANCE_HOME.iterdir())), str(SECRET_KEY), sep='\\n')"
    answers = [
        subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True).stdout for _ in "12"
    ]
    (before, key), (_, again) = (answer.splitlines() for answer in answers)
    assert (before, key) == ("0", again)
    assert stat.S_IMODE((tmp_path / "kept" / "secret_key").stat().st_mode) == 0o600
