"""How do very many rows come into tables of SQLite that hold few? Without their indexes, which are made afterwards, each in one go.

To find the place of a row in an index takes as long as to write the row; to sort all of them at the end takes a fifth of that. What keeps
rows apart, the unique indexes, stays. PostgreSQL would lock out whoever reads meanwhile: there indexes stay as they are.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models, transaction

from relance.models import bulk, tuples

_WORTH_IT = 2_000  # rows; below, it takes longer to change the tables


@contextmanager
def indexed_afterwards(tables: Iterable[type[models.Model]], count: int) -> Iterator[None]:
    """Do without the indexes of those of the tables that hold fewer rows than are about to come; the caller holds a transaction."""
    if connection.vendor == "postgresql" or count < _WORTH_IT:
        yield
        return
    with transaction.atomic():  # what fails has the indexes back
        indexes = [index for model in tables if _last(model) < count for index in _indexes(model)]
        for name, _ in indexes:
            bulk.execute(f'DROP INDEX "{name}"')
        yield
        for _, statement in indexes:
            with connection.cursor() as cursor:
                cursor.execute(statement)


def _last(model: type[models.Model]) -> int:
    last: int | None = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return last or 0


def _indexes(model: type[models.Model]) -> list[tuple[str, str]]:
    """The names of the indexes of a table that may be missing for a while, and how they are made."""
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql LIKE 'CREATE INDEX%%'"
    return tuples.rows_of(made, [model._meta.db_table])
