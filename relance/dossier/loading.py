"""How does a company come in? All of a dossier or nothing of it: read, compared with what is stored, checked, then written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from django.db import transaction
from django.utils import timezone

from relance.dossier import company as setting_up
from relance.dossier import reading, shape
from relance.dossier.attachments import Attachments, Files
from relance.dossier.bank import Bank
from relance.dossier.batches import Batches
from relance.dossier.contacts import Addresses
from relance.dossier.display import Pictures
from relance.dossier.documents import Documents, Setting
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.faults import Fault, Faults, Findings
from relance.dossier.kinds import shown
from relance.dossier.merging import CHANGED, SAME, Count, Load, Sheet, Values
from relance.dossier.named import Named
from relance.dossier.parties import lay_customers, lay_suppliers
from relance.dossier.payments import Payments
from relance.dossier.policies import Policies
from relance.dossier.restoring import History
from relance.dossier.templates import Templates
from relance.models import Company, tuples
from relance.models.events import record
from relance.models.freshness import note_brought_in
from relance.models.incoming.posting import Posting


@dataclass(frozen=True)
class LoadReport:
    """What a load did: objects created, updated and found as they were, by noun, and what is doubtful in the file."""

    company: Company
    counts: Mapping[str, Count] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)
    verdicts: Mapping[str, list[str]] = field(default_factory=dict)  # of a part: by noun, what became of each object of its list

    def told(self) -> dict[str, object]:
        """What was done, as JSON has it."""
        counts = {
            noun: {"created": count.created, "updated": count.updated, "unchanged": count.unchanged} for noun, count in self.counts.items()
        }
        return {"company": self.company.code, "counts": counts, "warnings": [warning._asdict() for warning in self.warnings]}


def load(data: bytes, *, by: str, with_levels: bool = False, only: str = "", dry_run: bool = False) -> LoadReport:
    """Create or update a company from the bytes of a dossier, in one transaction (contract, "The dossier").

    ``with_levels``: levels, last dunning dates, expected dates and comments of the file replace the stored ones, as a change by hand.
    ``only`` is the code of the company that the file must be of; ``dry_run`` tells and stores nothing.
    Raises Faults, with all that is wrong, and stores nothing then.
    """
    findings = Findings(shape.ORDER)
    with tuples.many_tuples():
        dossier = _read(reading.parse(data), findings)
        _refuse_other(dossier, only)
        return _lay(dossier, findings, by, with_levels=with_levels, dry_run=dry_run)


def load_part(company: Company, data: bytes, nouns: Collection[str], *, by: str, dry_run: bool = False) -> LoadReport:
    """Lay lists of some nouns, as a dossier has them, over a company that is there; tells what became of each object.

    Raises Faults, with all that is wrong, and stores nothing then.
    """
    findings = Findings(shape.ORDER)
    with tuples.many_tuples():
        value = reading.parse(data)
        if not isinstance(value, Entry):
            raise Faults([Fault("the body", f"an object is due, not {shown(value)}")])
        if others := [name for name in value if name not in nouns]:
            raise Faults([Fault(name, f"only {', '.join(nouns)} may stand here") for name in others])
        if len(nouns) == 1 and not value:
            [noun] = nouns
            raise Faults([Fault(noun, "is missing")])
        whole = Entry([("format", shape.FORMAT), ("company", Entry([("code", company.code)])), *value.items()])
        whole.twice = value.twice
        dossier = _read(whole, findings)
        report = _lay(dossier, findings, by, dry_run=dry_run)
    return replace(report, verdicts={noun: _verdicts(noun, dossier.get(noun, []), report.counts) for noun in nouns if noun in dossier})


def _lay(dossier: Entry, findings: Findings, by: str, *, with_levels: bool = False, dry_run: bool) -> LoadReport:
    with transaction.atomic():
        under_way = Load(_locked_company(dossier), findings, with_levels=with_levels, restoring=dossier.get("history") is not None)
        _Dossier(under_way, dossier).write(by)
        company = Company.objects.get(pk=under_way.company.pk)
        if dry_run:
            transaction.set_rollback(True)
    return LoadReport(company, under_way.counts, findings.warnings)


_INSIDE = {"documents": {"due": "due_items", "attachments": "attachments"}, "customers": {"sites": "sites", "contacts": "contacts"}}
_VERDICTS = ("same", "changed", "new")


def _verdicts(noun: str, entries: list[Entry], counts: Mapping[str, Count]) -> list[str]:
    """What became of each object: where something inside it changed, it has changed itself."""
    found = list(counts[noun].each) if noun in counts else []
    for key, counted in _INSIDE.get(noun, {}).items():
        inside = iter(counts[counted].each if counted in counts else ())
        for place, entry in enumerate(entries):
            if any(list(islice(inside, len(entry.get(key, []))))) and found[place] == SAME:
                found[place] = CHANGED
    return [_VERDICTS[one] for one in found]


def _read(value: object, findings: Findings) -> Entry:
    """The entries of the file; faults inside them are told to the findings. Raises Faults for what is no dossier at all."""
    if not isinstance(value, Entry):
        raise Faults([Fault("the file", f"an object is due, not {shown(value)}")])
    if value.get("format") != shape.FORMAT:
        raise Faults([Fault("format", f'not "{shape.FORMAT}": {shown(value.get("format"))}')])
    if value.get("company", ...) is None:
        findings.fault(("company",), "an object is due, not null")
    dossier = reading.read(value, shape.DOSSIER, findings)
    assert dossier is not None, "an object was read"
    company = dossier.get("company")
    if not isinstance(company, Entry) or company["code"] is BROKEN:
        findings.refuse_if_any()
    return dossier


def _refuse_other(dossier: Entry, only: str) -> None:
    code = dossier["company"]["code"]
    if only and code != only:
        raise Faults([Fault("company.code", f"this is the dossier of company {shown(code)}, not of {shown(only)}")])


def _locked_company(dossier: Entry) -> Company:
    """The company's row, locked so that loads, imports and runs of a company take turns; nameless when it is new."""
    code = dossier["company"]["code"]
    Company.objects.bulk_create([Company(code=code)], ignore_conflicts=True)
    return Company.objects.select_for_update().get(code=code)


class _Dossier:
    """A dossier laid over what is stored, noun after noun: each refers to those before it."""

    def __init__(self, load: Load, dossier: Entry) -> None:
        self._load, self._brought, named = load, frozenset(dossier), Named(dossier)
        codes = setting_up.lay_codes(load, dossier)
        policies = self._policies = Policies(load, dossier)
        self._batches = Batches(load, dossier)
        self._pictures = Pictures(load, dossier)
        self._company = setting_up.lay_company(load, dossier, self._pictures)
        policies.check(self._company["level_basis"], basis_changed=self._company["level_basis"] != load.company.level_basis)
        customers = lay_customers(load, dossier, named)
        self._addresses = Addresses(load, customers, dossier.get("customers", []), self._company["country"])
        suppliers = lay_suppliers(load, dossier, named)
        self._templates = Templates(load, dossier, customers)
        self._sheets = [*codes, *policies.sheets(), customers, suppliers]
        setting = _setting(self._company, codes[0], customers, self._addresses.sites)
        self._documents = Documents(load, dossier, setting, named)
        self._files = Files(load, dossier)
        self._attachments = Attachments(load, self._documents, self._files)
        self._payments = Payments(load, dossier, self._documents, setting.currency)
        self._bank = Bank(load, dossier, self._payments)
        history = dossier.get("history")
        templates, files = self._templates, self._files
        self._history = History(load, history, self._documents, customers, templates, named, files) if history is not None else None

    def write(self, by: str) -> None:
        """Store everything, or raise Faults. What a load changes is recorded after the history that it brings."""
        load = self._load
        load.findings.refuse_if_any()
        company_id = load.company.pk
        for sheet in self._sheets:
            sheet.write(company_id)
        self._pictures.write(company_id)
        self._templates.write(company_id)
        setting_up.write_company(load.company, self._company)
        self._policies.proof()
        self._batches.write(timezone.now())
        self._addresses.write(company_id)
        posting = Posting(company_id)
        self._documents.write(posting)
        self._files.write(company_id)
        self._attachments.write(company_id)
        self._payments.write(posting)
        load.facts += posting.settle()
        self._bank.write()
        if self._history is None:
            load.facts += posting.follow_returned_debits()
            note_brought_in(company_id, documents="documents" in self._brought, payments="payments" in self._brought)
        else:
            self._history.write(company_id)
        record(company_id, by, load.facts)


def _setting(company: Values, methods: Sheet, customers: Sheet, sites: Sheet) -> Setting:
    laid = ((number, methods.after(code)) for code, number in methods.ids.items())
    dunnable = {number: values["dunnable"] for number, values in laid if values}
    return Setting(company["currency"], company["country"], dunnable, company["fallback_payment_method_id"], customers, sites)
