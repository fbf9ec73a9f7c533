"""How does a command find Django ready, and a database that has the tables of this version?"""

import fcntl
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TURN = 0x52454C41  # the advisory lock that processes take in turn to bring a PostgreSQL database up to date: "RELA"


def open_house() -> None:
    """Set Django up and bring the database up to date, unless that was done in this process."""
    if set_django_up():
        bring_up_to_date()


def set_django_up() -> bool:
    """Set Django up, unless that was done in this process: whether it was done now."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relance.settings")
    import django
    from django.apps import apps

    if apps.ready:
        return False
    django.setup()
    gc.freeze()
    gc.enable()
    return True


def bring_up_to_date() -> None:
    """Apply the migrations that the database lacks; of several processes starting at once, one does and the others wait.

    Raises Refused where the database was made by a later version.
    """
    with _one_at_a_time():
        applied = _applied()
        shipped = set(_shipped())
        if _lately(applied - shipped):
            from relance.steps import Refused

            raise Refused("the database was made by a later version of Relance: this one would not understand it")
        if shipped - applied:
            from django.core.management import call_command

            call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_TURN])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_TURN])
        return
    with (Path(settings.RELANCE_HOME) / "migrating.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _applied() -> set[tuple[str, str]]:
    from django.db import connection

    if "django_migrations" not in connection.introspection.table_names():
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return {(app, name) for app, name in cursor.fetchall()}


def _shipped() -> Iterator[tuple[str, str]]:
    """The migrations of the installed applications, by their file names: Django's own loader imports every one of them."""
    from django.apps import apps

    for application in apps.get_app_configs():
        for file in (Path(application.path) / "migrations").glob("[0-9]*.py"):
            yield application.label, file.stem


def _lately(unknown: set[tuple[str, str]]) -> bool:
    return any(label == "relance" for label, _ in unknown)
