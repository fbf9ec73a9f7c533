"""What do the tests change in the settings? Only where things are kept: nothing of the user's is read or written.

And late in the evening, the hour: a test that asks for the day twice is told the same day.

``TEST_DATABASE=postgresql`` runs the same suite on PostgreSQL, found by ``tests/postgres.py``.
"""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from tests.postgres import server

_folder = tempfile.TemporaryDirectory(prefix="relance-tests-")
for name in ("RELANCE_EMAIL_URL", "RELANCE_SECRET_KEY"):
    os.environ.pop(name, None)
os.environ["RELANCE_HOME"] = _folder.name
if os.environ.get("TEST_DATABASE") == "postgresql":
    found = server()
    if found is None:
        raise SystemExit("TEST_DATABASE=postgresql, but no PostgreSQL server can be had")
    os.environ["TEST_DATABASE_URL"] = found  # the worker processes use the server that the first one found
    os.environ["DATABASE_URL"] = found
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{_folder.name}/relance.sqlite3"

from relance.settings import *  # noqa: E402, F403
from relance.settings import DATABASES, LOCALE_PATHS, TIME_ZONE  # noqa: E402
from relance.web.catalogs import compile_into  # noqa: E402

compile_into(LOCALE_PATHS[0])
if datetime.now(ZoneInfo(TIME_ZONE)).hour >= 22:  # the day would change under a run that begins now: for it, it is three hours earlier
    timezone.now = lambda: datetime.now(tz=UTC) - timedelta(hours=3)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and no secret is kept here

_default = DATABASES["default"]
# A file, not memory: the tests see the locks and the journal that users have. One name per run: several runs share a server.
_default["TEST"] = {"NAME": f"{_folder.name}/test.sqlite3" if "sqlite3" in _default["ENGINE"] else f"test_relance_{os.getpid()}"}
if "sqlite3" in _default["ENGINE"]:
    _default["OPTIONS"]["init_command"] = _default["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
else:
    _default["OPTIONS"]["options"] += " -c synchronous_commit=off"
