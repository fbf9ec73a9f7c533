"""What does it change to set some columns of a row, as the history and the commands tell it?"""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from relance.models import bulk

Row = TypeVar("Row", bound=Model)
Change = dict[str, Any]


def set_columns(row: Row, wanted: Mapping[str, Any]) -> tuple[Row, list[Change]]:
    """Set columns of a row, read again and locked in the caller's transaction; return it as it was, and what changed from what to what."""
    rows = type(row)._default_manager
    stored = rows.select_for_update().get(pk=row.pk)
    changed = changes(stored, wanted)
    if changed:
        bulk.touching(type(row), [row.pk])
        rows.filter(pk=row.pk).update(**wanted)
    return stored, changed


def changes(stored: Model, wanted: Mapping[str, Any]) -> list[Change]:
    """What, before and after, of the columns that are not as wanted."""
    return [
        {"what": what, "before": shown(getattr(stored, what)), "after": shown(after)}
        for what, after in wanted.items()
        if getattr(stored, what) != after
    ]


def shown(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value
