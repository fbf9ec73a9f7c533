"""What did an import leave in a company's ledger, and what was there before? Enough to take it back, and to see what was built on it.

New rows are known by their identifiers alone: all of a company's between two marks. Of rows changed, the columns that differ are kept,
before and after; of rows deleted, the whole. So a file of a million lines that is all new leaves a hundred bytes. How rows were before
waits in temporary tables until the import is over, and what is kept is written and read a few thousand rows at a time: memory does not
grow with what an import changes.

An importer writes inside ``imprinted``, by ``Posting`` and ``bulk``; what it changes otherwise it names first to ``bulk.touching``.
"""

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models import Count, F, Max, Sum

from relance.models import bulk, tuples
from relance.models.attachments import Attachment, StoredFile
from relance.models.bank import BankAccount, BankEntry, Match
from relance.models.company import Collaborator, Company, PaymentMethod
from relance.models.history import Event, Imprint, Source, Upload
from relance.models.ledger import Allocation, Document, DueItem, Payment
from relance.models.parties import Contact, Customer, Site, Supplier

# What importers write, parents first.
KEPT: tuple[type[models.Model], ...] = (
    *(Source, PaymentMethod, Collaborator, Customer, Supplier, Site, Contact, Contact.sites.through),
    *(Document, DueItem, Payment, Allocation, StoredFile, Attachment, BankAccount, BankEntry, Match),
)
_BY_NAME = {model.__name__: model for model in KEPT}
_LINK = Contact.sites.through  # which has no column for the company
_FRESHNESS = ("documents_at", "payments_at")  # of the company
_WORDED = (Customer, Supplier, Site, Contact)  # whose texts people change
_PIECE = 1 << 14  # bytes unpacked at a time
_PRIME = 999_983  # figures are added up as what is left of them by this, so that no sum outgrows a column

Range = tuple[int, int]  # identifiers above the first, up to the second
Values = dict[str, Any]


class Changed(NamedTuple):
    """Rows of which the same columns differ, as JSON has them: each its identifier, then the columns before, then the same after.

    Of rows that were deleted there is nothing after, and all columns before.
    """

    columns: list[str]
    rows: list[list[Any]]
    deleted: bool

    def ids(self) -> list[int]:
        """Of its rows."""
        return [row[0] for row in self.rows]

    def before(self) -> Iterator[list[Any]]:
        """Each row as it was, its identifier first."""
        return (row[: len(self.columns) + 1] for row in self.rows)


class Left:
    """What an import left: new rows by model, with figures by which a later change shows; changed rows; the events that it recorded."""

    def __init__(self, compressed: bytes) -> None:
        self._compressed = compressed
        self._head = json.loads(next(self._lines()))
        self.added: dict[type[models.Model], Range] = self._by_model("added")
        self.figures: dict[type[models.Model], Values] = self._by_model("figures")
        self.events: Range = tuple(self._head["events"])
        self.freshness: tuple[Values, Values] = tuple(self._head["freshness"])

    def changed(self) -> Iterator[tuple[type[models.Model], Changed]]:
        """Some rows of a model at a time, parents first."""
        for model, groups in self._by_model("changed").items():  # where all of it stood before it was written in lines
            yield from ((model, Changed(*group)) for group in groups)
        for line in islice(self._lines(), 1, None):
            name, *group = json.loads(line)
            yield _BY_NAME[name], Changed(*group)

    @cached_property
    def ids_changed(self) -> dict[type[models.Model], list[int]]:
        """The identifiers of changed rows, by model."""
        found: dict[type[models.Model], list[int]] = {}
        for model, changed in self.changed():
            found.setdefault(model, []).extend(changed.ids())
        return found

    def _by_model(self, name: str) -> dict[type[models.Model], Any]:
        return {_BY_NAME[one]: found for one, found in self._head.get(name, {}).items()}

    def _lines(self) -> Iterator[bytes]:
        unpacking, rest = zlib.decompressobj(), b""
        for start in range(0, len(self._compressed), _PIECE):
            *whole, rest = (rest + unpacking.decompress(self._compressed[start : start + _PIECE])).split(b"\n")
            yield from whole
        yield rest


class _Watch:
    """Notes rows as they were before they are touched."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._marks = {model: last_id(model) for model in KEPT}
        self._before: set[type[models.Model]] = set()  # of which rows stand in a temporary table
        self._events = _last_event(company)
        self._freshness = _freshness(company)

    def touching(self, model: type[models.Model], ids: Collection[int]) -> None:
        """Keep these rows as they are now, unless they are new or kept already."""
        stored = [pk for pk in ids if pk <= self._marks[model]] if model in self._marks else []
        if not stored:
            return
        if model not in self._before:
            types = (f'"{field.column}" {field.db_type(connection)}' for field in model._meta.concrete_fields)
            bulk.make_temporary(_kept_in(model), ", ".join(types))
            self._before.add(model)
            bulk.execute(f"CREATE UNIQUE INDEX {_kept_in(model)}_id ON {_kept_in(model)} (id)")
        names, (these, parameter) = _named(_columns(model)), tuples.named_sql("id", stored)
        select = f'SELECT {names} FROM "{model._meta.db_table}" WHERE {these}'  # noqa: S608  our own words, as below
        bulk.execute(f"INSERT INTO {_kept_in(model)} ({names}) {select} ON CONFLICT (id) DO NOTHING", [parameter])

    def close(self, upload: Upload) -> None:
        """Keep with the upload what has become of the company since."""
        added = {model: found for model, mark in self._marks.items() if (found := _added(model, self._company, mark))}
        head = {
            "added": {model.__name__: found for model, found in added.items()},
            "figures": {model.__name__: figures(model, self._company.pk, found) for model, found in added.items()},
            "events": (self._events, _last_event(self._company)),
            "freshness": (self._freshness, _freshness(self._company)),
        }
        lines = ((model.__name__, *changed) for model in KEPT if model in self._before for changed in _changed(model))
        Imprint.objects.create(company=self._company, upload=upload, compressed=b"".join(_packed(chain([head], lines))))

    def forget(self) -> None:
        """Let go of the temporary tables."""
        for model in self._before:
            bulk.drop_temporary(_kept_in(model))


@contextmanager
def imprinted(company: Company) -> Iterator[None]:
    """Keep what is written inside with the upload that is made inside; without one, nothing is kept. The caller holds a transaction."""
    last = last_id(Upload)
    watch = _Watch(company)
    with bulk.watched_by(watch.touching):
        yield
    if transaction.get_rollback():
        return  # it was only tried; the temporary tables go with it
    upload = Upload.objects.filter(company=company, pk__gt=last).order_by("-pk").first()
    if upload is not None:
        watch.close(upload)
    watch.forget()


def read_imprint(upload: Upload) -> Left | None:
    """What the upload left; None where that is not known: it came with a dossier, or before this was kept."""
    compressed = Imprint.objects.filter(upload=upload).values_list("compressed", flat=True).first()
    return None if compressed is None else Left(bytes(compressed))


def rows_added(model: type[models.Model], company_id: int, added: Range) -> "models.QuerySet[Any]":
    """The rows of a company between two marks, read in that order: an index of the company's rows would have them in another."""
    owner = F("contact__company" if model is _LINK else "company") + 0
    return model._default_manager.alias(owner=owner).filter(owner=company_id, pk__gt=added[0], pk__lte=added[1]).order_by()


def figures(model: type[models.Model], company_id: int, added: Range) -> Values:
    """How many rows there are between two marks, and the sums of their figures: hardly any change leaves all of them as they were."""
    columns = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.IntegerField | models.ForeignKey)]
    sums = {f"{column}_sum": Sum(F(column) % _PRIME) for column in columns}
    found = rows_added(model, company_id, added).aggregate(count=Count("pk"), **sums)
    told = {name: None if value is None else int(value) for name, value in found.items()}
    return told | ({"words": _words(model, company_id, added)} if model in _WORDED else {})


def _words(model: type[models.Model], company_id: int, added: Range) -> int:
    """What the texts of rows come to: people change names and addresses without a figure."""
    names = [field.attname for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]
    total = 0
    for row in tuples.stream(rows_added(model, company_id, added).order_by("pk").values_list(*names)):
        total = zlib.crc32("\0".join(row).encode(), total)
    return total


def take_back(company_id: int, left: Left) -> None:
    """Bring back what was there before, in the caller's transaction; nothing may have been built on what goes."""
    _let_go_of_events(company_id, left)
    for model in reversed(KEPT):
        if model in left.added:
            found = rows_added(model, company_id, left.added[model])
            found._raw_delete(found.db)  # nothing hangs on them: the caller has looked
    for model, changed in left.changed():
        _put_back(model, changed)
    before, after = left.freshness
    stored = Company.objects.filter(pk=company_id, **after)
    stored.update(**before)


def changed_since(model: type[models.Model], changed: Changed) -> bool:
    """Whether any of these rows is not any more as the import left it, in the columns that it changed."""
    width = len(changed.columns)
    left: dict[int, list[Any]] = {row[0]: row[width + 1 :] for row in changed.rows}
    found = 0
    for pk, *now in _rows(model, left, ["id", *changed.columns]):
        found += 1
        if not changed.deleted and left[pk] != list(map(_plain, now)):
            return True
    return found != (0 if changed.deleted else len(left))


def last_id(model: type[models.Model]) -> int:
    """The highest identifier in use."""
    found: int | None = model._default_manager.aggregate(last=Max("pk"))["last"]
    return found or 0


def _let_go_of_events(company_id: int, left: Left) -> None:
    """Events stay, but no longer point at what goes; what they say is sealed, whom they point at is not."""
    for model, column in ((Document, "document"), (Customer, "customer")):
        if model in left.added:
            gone = rows_added(model, company_id, left.added[model]).values("pk")
            Event.objects.filter(company=company_id, **{f"{column}__in": gone}).update(**{column: None})


def _put_back(model: type[models.Model], changed: Changed) -> None:
    rows = _read(model, ["id", *changed.columns], changed.before())
    if changed.deleted:
        bulk.insert(model, ["id", *changed.columns], rows)
    else:
        bulk.update(model, changed.columns, rows)


def _changed(model: type[models.Model]) -> Iterator[Changed]:
    """What has become of rows, put together by the columns that differ, some at a time."""
    names = _columns(model)
    both = ", ".join(f'{side}."{name}"' for side in ("past", "now") for name in names)
    kept, table = _kept_in(model), model._meta.db_table
    statement = f'SELECT {both} FROM {kept} AS past LEFT JOIN "{table}" AS now ON now.id = past.id ORDER BY past.id'  # noqa: S608
    for rows in tuples.fetched(statement, model, names * 2):
        by_places: dict[tuple[int, ...], list[list[Any]]] = {}
        gone = []
        for row in rows:
            then, now = row[: len(names)], row[len(names) :]
            if now[0] is None:
                gone.append(list(then))
            elif then != now:
                places = tuple(place for place, value in enumerate(then) if now[place] != value)
                by_places.setdefault(places, []).append([then[0], *(then[place] for place in places), *(now[place] for place in places)])
        for places, found in by_places.items():
            yield Changed([names[place] for place in places], found, deleted=False)
        if gone:
            yield Changed(names[1:], gone, deleted=True)


def _packed(said: Iterable[Any]) -> Iterator[bytes]:
    """Each thing as a line of JSON, compressed."""
    packing = zlib.compressobj(6)
    for number, one in enumerate(said):
        text = json.dumps(one, ensure_ascii=False, separators=(",", ":"), default=_said)
        yield packing.compress((f"\n{text}" if number else text).encode())
    yield packing.flush()


def _rows(model: type[models.Model], ids: Collection[int], columns: Sequence[str] | None = None) -> Iterator[tuple[Any, ...]]:
    """Columns of rows, all of them unless said."""
    query = model._default_manager.filter(pk__in=tuples.among(ids)).order_by().values_list(*(columns or _columns(model)))
    slow = any(isinstance(field, models.DateTimeField | models.JSONField) for field in model._meta.concrete_fields)
    yield from query.iterator(chunk_size=tuples.BATCH) if slow else tuples.stream(query)


def _columns(model: type[models.Model]) -> list[str]:
    return [str(field.column) for field in model._meta.concrete_fields]


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _kept_in(model: type[models.Model]) -> str:
    return f"{model._meta.db_table}_before"


def _added(model: type[models.Model], company: Company, mark: int) -> Range | None:
    last = rows_added(model, company.pk, (mark, bulk.LAST_ID)).aggregate(last=Max("pk"))["last"]
    return None if last is None else (mark, last)


def _last_event(company: Company) -> int:
    number: int = Company.objects.values_list("last_event_number", flat=True).get(pk=company.pk)
    return number


def _freshness(company: Company) -> Values:
    return dict(Company.objects.values(*_FRESHNESS).get(pk=company.pk))


def _read(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Rows as the database takes them, of what was written as text."""
    fields = {str(field.column): field for field in model._meta.concrete_fields}
    written = [
        (place, fields[name]) for place, name in enumerate(columns) if isinstance(fields[name], models.BinaryField | models.DateField)
    ]
    for row in rows:
        values = list(row)
        for place, field in written:
            values[place] = _from_text(field, values[place])
        yield values


def _from_text(field: "models.Field[Any, Any]", value: Any) -> Any:
    if value is None:
        return None
    return base64.b64decode(value) if isinstance(field, models.BinaryField) else field.to_python(value)


def _plain(value: Any) -> Any:
    return _said(value) if isinstance(value, date | bytes) else value


def _said(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    assert isinstance(value, date | datetime)
    return value.isoformat()
