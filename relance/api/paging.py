"""How is a long list handed out page by page? In the order of a key that does not move, so that what is added meanwhile shifts nothing."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from django.db.models import QuerySet
from pydantic import Field

from relance.api.whole import AsList
from relance.api.words import LARGEST_ID, Json
from relance.dossier import Fault, Faults

MOST, USUAL = 500, 100


class Page(AsList):
    """Which page of a list is asked for."""

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at most.")] = USUAL
    cursor: Annotated[str, Field(max_length=200, description="``next`` of the page before; none for the first page.")] = ""


def page_of(found: QuerySet[Any], asked: Page, *, newest_first: bool = False, key: str = "pk") -> tuple[list[int], str | None]:
    """The identifiers on the page asked for, and the cursor of the next one. Raises Faults for a cursor that is none."""
    if asked.cursor:
        [after] = read_cursor(asked.cursor, 1)
        found = found.filter(**{f"{key}__lt" if newest_first else f"{key}__gt": after})
    rows = list(found.order_by(f"-{key}" if newest_first else key).values_list("pk", key)[: asked.limit + 1])
    more = len(rows) > asked.limit
    return [pk for pk, _ in rows[: asked.limit]], cursor(rows[asked.limit - 1][1]) if more else None


def page(noun: str, found: QuerySet[Any], asked: Page, tell: Callable[[Any], Json], *, newest_first: bool = False, key: str = "pk") -> Json:
    """The page asked for as it is answered, each row told. Raises Faults for a cursor that is none."""
    ids, following = page_of(found, asked, newest_first=newest_first, key=key)
    rows = found.in_bulk(ids)
    return {noun: [tell(rows[pk]) for pk in ids], "next": following}


def cursor(*after: int) -> str:
    """What leads to the page after these keys; it means nothing to who carries it."""
    return urlsafe_b64encode(json.dumps(after).encode()).decode().rstrip("=")


def read_cursor(text: str, count: int) -> list[int]:
    """The keys that a cursor holds. Raises Faults."""
    try:
        found = json.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list) and len(found) == count and all(type(one) is int and 0 <= one <= LARGEST_ID for one in found):
        return found
    raise Faults([Fault("cursor", "not a cursor of this list")])


def in_order(ids: Iterable[int], told: Iterable[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """What is told of rows, in the order of their identifiers."""
    by_id = dict(told)
    return [by_id[pk] for pk in ids if pk in by_id]
