"""How is a dossier written down? Keys in one order, one line for each object of a long list, the same bytes on either database."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from django.db import connection, models
from django.db.models.functions import Collate

from relance.core.facts import NA
from relance.models import tuples

Json = dict[str, Any]
CHUNK = 2_000


def line(entry: Any) -> str:
    """JSON on one line."""
    return json.dumps(entry, ensure_ascii=False, default=_plain)


def listed(entries: Iterable[Json]) -> Iterator[str]:
    """A list, each of its objects on a line of its own."""
    before = "["
    for entry in entries:
        yield f"{before}\n{line(entry)}"
        before = ","
    yield "[]" if before == "[" else "\n]"


def by_code(path: str) -> Collate:
    """The order of code points: the same on either database."""
    return Collate(path, "C" if connection.vendor == "postgresql" else "BINARY")


def rows(query: models.QuerySet[Any, Any], keys: Mapping[str, str]) -> Iterator[tuple[int, Json]]:
    """Identifiers with objects: what the query holds, column by column, under the keys of the file."""
    for row in tuples.stream(query.values_list("id", *keys.values())):
        yield row[0], dict(zip(keys, row[1:], strict=True))


def chunks(keyed: Iterator[tuple[int, Json]], size: int = CHUNK) -> Iterator[dict[int, Json]]:
    """The same in handfuls, for which what is inside the objects can be read at once."""
    while chunk := dict(islice(keyed, size)):
        yield chunk


def lines_of(text: str) -> list[str]:
    """A column of several short texts as a list."""
    return text.split("\n") if text else []


def level_of(level: int | None) -> int | str | None:
    """A level as files write it."""
    return "NA" if level == NA else level


def json_of(text: str | None) -> Any:
    """A JSON column, its keys sorted: one of the databases does not keep their order."""
    return None if text is None else json.loads(text, object_pairs_hook=lambda pairs: dict(sorted(pairs)))


def instant_of(value: datetime) -> str:
    """An instant in UTC; one of the databases gives it without saying so."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat()


def base64_of(value: Any) -> str:
    """A column of bytes."""
    return b64encode(bytes(value)).decode()


def _plain(value: date) -> str:
    return value.isoformat()
