"""How does a load set up batches, and bring back what came of their launches?"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from relance.dossier import shape
from relance.dossier.entry import Entry
from relance.dossier.merging import Load, Sheet, named_rows
from relance.dossier.text import Json, by_code, instant_of, lines_of
from relance.models import Batch, Company, Launch, tuples
from relance.models.moments import plan

_INSTANTS = ("started_at", "ended_at", "due_at")
_LISTS = ("companies", "cc", "bcc", "times")


class Batches:
    """The batches of the company, with their launches."""

    def __init__(self, load: Load, dossier: Entry) -> None:
        self._load, self._given = load, dossier.get("batches", [])
        self._batches = self._lay_batches()
        self._launches = self._lay_launches()

    def write(self, now: datetime) -> None:
        """Store them; those whose schedule may have changed are due at their next moment from now on."""
        company_id = self._load.company.pk
        self._batches.write(company_id)
        self._launches.write(company_id)
        changed = [self._batches.ids[entry["code"]] for entry in self._given if self._batches.changes(entry["code"])]
        if changed:
            plan(Batch.objects.filter(pk__in=changed).select_related("company"), now)

    def _lay_batches(self) -> Sheet:
        load, columns = self._load, shape.BATCH.columns.values()
        sheet = Sheet(Batch, columns, named_rows(Batch, "code", columns, company_id=load.company.pk))
        codes = [entry["code"] for entry in self._given]
        others = Batch.objects.filter(code__in=codes).exclude(company=load.company)
        taken = dict(others.values_list("code", "company__code")) if codes else {}
        sheet.expect(codes)
        for entry in self._given:
            if owner := taken.get(entry["code"]):
                load.findings.fault((*entry.place, "code"), f"is a batch of {owner}: codes of batches are unique across companies")
            laid = load.lay(entry, sheet.before(entry["code"]), shape.BATCH)
            if laid["times"] and laid["cron"]:
                load.findings.fault((*entry.place, "cron"), "a batch has either times or a line of cron")
            sheet.put(entry["code"], laid, load.count("batches"))
        return sheet

    def _lay_launches(self) -> Sheet:
        columns = ("batch_id", *shape.LAUNCH.columns.values())
        stored = tuples.read(Launch, ("batch_id", "started_at", "id", *columns), company_id=self._load.company.pk)
        sheet = Sheet(Launch, columns, ((row[:2], row[2:]) for row in stored))
        given = {
            (self._batches.ids[batch["code"]], launch["started_at"]): launch
            for batch in self._given
            for launch in batch.get("launches", [])
        }
        sheet.expect(given)
        for name, entry in given.items():
            laid = self._load.lay(entry, sheet.before(name), shape.LAUNCH) | {"batch_id": name[0]}
            sheet.put(name, laid | {"results": list(laid["results"])}, self._load.count("launches"))
        return sheet


def told(company: Company) -> Iterator[Json]:
    """The batches of a company as a dossier holds them."""
    for batch in Batch.objects.filter(company=company).order_by(by_code("code")):
        entry: Json = {key: getattr(batch, column) for key, column in shape.BATCH.columns.items()}
        entry |= {key: lines_of(entry[key]) for key in _LISTS} | {"weekdays": [int(day) for day in batch.weekdays]}
        yield entry | {"launches": [_launch(launch) for launch in batch.launches.order_by("started_at")]}


def _launch(launch: Launch) -> Json:
    entry: Json = {key: getattr(launch, key) for key in shape.LAUNCH.keys}
    instants: dict[str, Any] = {key: instant_of(entry[key]) if entry[key] else None for key in _INSTANTS}
    return entry | instants | {"results": [_sorted(result) for result in launch.results]}


def _sorted(value: Any) -> Any:
    """JSON with its keys in order: one of the databases does not keep theirs."""
    return {key: _sorted(one) for key, one in sorted(value.items())} if isinstance(value, dict) else value
