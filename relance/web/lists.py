"""How is a long list shown, page by page, without counting it? By where its last row stands: the next page is what comes after."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from relance.models.lists.listing import Near

SIZE = 50


class Listing(NamedTuple):
    """One page of a list: its rows, by what they are sorted, and the marks of the pages before and after, empty where there is none."""

    rows: list[Any]
    sort: str
    before: str
    after: str


def listed(request: HttpRequest, query: QuerySet[Any, Any], sorts: Mapping[str, tuple[str, ...]], usual: str, size: int = SIZE) -> Listing:
    """The page that the address asks for: ``?sort=name`` or ``?sort=-name``, ``?after=…`` or ``?before=…``.

    ``sorts`` gives each sort its columns, the last of which tells all rows apart and none of which is ever null (annotate with Coalesce);
    a column that begins with a dash descends. ``usual`` is the sort where nothing sensible is asked.
    """
    sort, columns = _sorted_by(request, sorts, usual)
    return _asked_for(request, query, columns, sort, size)


def found_first(
    request: HttpRequest,
    query: QuerySet[Any, Any],
    sorts: Mapping[str, tuple[str, ...]],
    usual: str,
    near_in: Callable[[str], Near | None],
    size: int = SIZE,
) -> Listing:
    """As ``listed``, but of each row only what it is sorted by, ``pk`` among it: the page is found first, and read in full by the caller.

    ``near_in`` says of a sort what ``listed_by`` takes as ``near``.
    """
    sort, columns = _sorted_by(request, sorts, usual)
    only = query.values(*(name for name, _down in columns))
    return _asked_for(request, only, columns, sort, size, near_in(sort.removeprefix("-")))


def listed_by(
    request: HttpRequest,
    query: QuerySet[Any, Any],
    columns: tuple[str, ...],
    size: int = SIZE,
    *,
    descending: bool = False,
    near: Near | None = None,
) -> Listing:
    """The page that the address asks for of rows sorted by these columns: ``?after=…`` or ``?before=…``.

    ``near`` says which rows can be among so many behind a value of the first column, where that is quicker than to sort them all.
    """
    return _asked_for(request, query, _columns(columns, descending=descending), "", size, near)


def _asked_for(
    request: HttpRequest, query: QuerySet[Any, Any], columns: list[tuple[str, bool]], sort: str, size: int, near: Near | None = None
) -> Listing:
    for way in ("before", "after"):
        mark = _read(request.GET.get(way, ""), len(columns))
        if mark is not None:
            try:
                return _page(query, columns, sort, mark, size, backwards=way == "before", near=near)
            except (ValidationError, ValueError, TypeError):  # a mark that somebody made up
                break
    return _page(query, columns, sort, None, size, backwards=False, near=near)


def whole(request: HttpRequest, query: QuerySet[Any, Any], sorts: Mapping[str, tuple[str, ...]], usual: str) -> QuerySet[Any, Any]:
    """All the rows of the list, in the order that the address asks for: what ``listed`` shows page by page."""
    _sort, columns = _sorted_by(request, sorts, usual)
    return query.order_by(*(f"-{name}" if down else name for name, down in columns))


def _sorted_by(request: HttpRequest, sorts: Mapping[str, tuple[str, ...]], usual: str) -> tuple[str, list[tuple[str, bool]]]:
    asked = request.GET.get("sort", usual)
    sort = asked if asked.removeprefix("-") in sorts else usual
    return sort, _columns(sorts[sort.removeprefix("-")], descending=sort.startswith("-"))


def _page(
    query: QuerySet[Any, Any], columns: list[tuple[str, bool]], sort: str, mark: Any, size: int, *, backwards: bool, near: Near | None
) -> Listing:
    way = [(name, down != backwards) for name, down in columns]
    if near:
        query = query.filter(near(mark[0] if mark else None, way[0][1], size + 1))
    found = query.order_by(*(f"-{name}" if down else name for name, down in way))
    if mark is not None:
        found = found.filter(_beyond(way, mark))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    came_from = mark is not None
    earlier, later = (more, came_from) if backwards else (came_from, more)
    names = [name for name, _ in columns]
    return Listing(rows, sort, _mark(rows[0], names) if rows and earlier else "", _mark(rows[-1], names) if rows and later else "")


def _columns(columns: tuple[str, ...], *, descending: bool) -> list[tuple[str, bool]]:
    return [(name.removeprefix("-"), name.startswith("-") != descending) for name in columns]


def _beyond(way: list[tuple[str, bool]], mark: list[Any]) -> Q:
    """The rows that come after the one whose columns have these values."""
    beyond = Q()
    for place in range(len(way) - 1, -1, -1):
        name, down = way[place]
        further = Q((f"{name}__{'lt' if down else 'gt'}", mark[place]))
        beyond = further | (Q((name, mark[place])) & beyond) if beyond else further
    return beyond


def _mark(row: Any, names: list[str]) -> str:
    """Where a row stands, as an address carries it."""
    values = [_value(row, name) for name in names]
    plain = [value.isoformat() if isinstance(value, date | datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def _value(row: Any, name: str) -> Any:
    if isinstance(row, Mapping):
        return row[name]
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _read(text: str, count: int) -> list[Any] | None:
    try:
        mark = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    plain = isinstance(mark, list) and len(mark) == count and all(isinstance(one, str | int) for one in mark)
    return mark if plain else None
