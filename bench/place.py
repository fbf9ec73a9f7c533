"""Where does a benchmark run? In a database of its own, made for it and dropped after it, on SQLite or on PostgreSQL."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def database(kind: str) -> Iterator[None]:
    """Set Django up on an empty, migrated database of this kind: ``sqlite`` or ``postgresql`` (BENCH_DATABASE_URL names its server)."""
    with tempfile.TemporaryDirectory(prefix="relance-bench-") as folder:
        os.environ["RELANCE_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "relance.settings"
        server = os.environ.get("BENCH_DATABASE_URL", "postgresql://127.0.0.1:5432/postgres")
        name = f"relance_bench_{os.getpid()}"
        if kind == "postgresql":
            _administer(server, f'CREATE DATABASE "{name}" TEMPLATE template0')
            os.environ["DATABASE_URL"] = f"{server.rpartition('/')[0]}/{name}"
        else:
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connection.close()
            if kind == "postgresql":
                _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
