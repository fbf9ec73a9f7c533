"""Does the program start quickly, on a database that it makes and keeps up to date by itself?"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from relance.cli import startup
from relance.steps import Refused

RELANCE = Path(sys.executable).parent / "relance"


@pytest.fixture
def fresh_home(tmp_path, monkeypatch):
    """A data folder that does not exist yet, and no other database than the one in it."""
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "RELANCE_EMAIL_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RELANCE_HOME", str(tmp_path / "fresh"))
    return tmp_path / "fresh"


def start(*args):
    return subprocess.Popen([RELANCE, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))


def test_asking_for_help_loads_neither_django_nor_a_database(fresh_home):
    script = "import sys; from relance.cli.app import app; app(['--help'], standalone_mode=False); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
    assert not fresh_home.exists()


def test_processes_that_start_at_once_make_the_database_once(fresh_home):
    answers = [(process.communicate(), process.returncode) for process in [start("dump", "--company", "ACME") for _ in range(3)]]
    assert answers == [(("", 'no company "ACME"; none has been loaded yet\n'), 1)] * 3


def test_the_data_folder_is_its_owners_alone(fresh_home):
    start("dump", "--company", "ACME").communicate()
    assert fresh_home.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        startup.bring_up_to_date()


@pytest.mark.django_db
def test_a_database_of_a_later_version_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('relance', '9999_tomorrow', CURRENT_TIMESTAMP)")
    with pytest.raises(Refused, match="later version"):
        startup.bring_up_to_date()


def test_the_version_is_told():
    answer, _ = start("--version").communicate()
    assert answer.startswith("relance ")
