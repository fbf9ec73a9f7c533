"""How does a company come in? All of a dossier or nothing of it: read, compared with what is stored, checked, then written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from relance.dossier import company as setting_up
from relance.dossier import reading, shape
from relance.dossier.attachments import Attachments, Files
from relance.dossier.batches import Batches
from relance.dossier.contacts import Addresses
from relance.dossier.display import Pictures
from relance.dossier.documents import Documents, Setting
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.faults import Fault, Faults, Findings
from relance.dossier.merging import Count, Load, Sheet, Values
from relance.dossier.named import Named
from relance.dossier.parties import lay_customers, lay_suppliers
from relance.dossier.payments import Payments
from relance.dossier.policies import Policies
from relance.dossier.restoring import History
from relance.dossier.templates import Templates
from relance.dossier.values import shown
from relance.models import Company, bulk
from relance.models.events import record
from relance.models.freshness import note_brought_in
from relance.models.posting import Posting


@dataclass(frozen=True)
class LoadReport:
    """What a load did: objects created, updated and found as they were, by noun, and what is doubtful in the file."""

    company: Company
    counts: Mapping[str, Count] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)


def load(data: bytes, *, by: str, with_levels: bool = False, only: str = "", dry_run: bool = False) -> LoadReport:
    """Create or update a company from the bytes of a dossier, in one transaction (contract, "The dossier").

    ``with_levels``: levels, last dunning dates, expected dates and comments of the file replace the stored ones, as a change by hand.
    ``only`` is the code of the company that the file must be of; ``dry_run`` tells and stores nothing.
    Raises Faults, with all that is wrong, and stores nothing then.
    """
    findings = Findings(shape.ORDER)
    with bulk.many_tuples():
        dossier = _read(data, findings)
        _refuse_other(dossier, only)
        with transaction.atomic():
            under_way = Load(_locked_company(dossier), findings, with_levels=with_levels, restoring=dossier.get("history") is not None)
            _Dossier(under_way, dossier).write(by)
            company = Company.objects.get(pk=under_way.company.pk)
            if dry_run:
                transaction.set_rollback(True)
    return LoadReport(company, under_way.counts, findings.warnings)


def _read(data: bytes, findings: Findings) -> Entry:
    """The entries of the file; faults inside them are told to the findings. Raises Faults for what is no dossier at all."""
    value = reading.parse(data)
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
        policies = Policies(load, dossier)
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
        self._batches.write(timezone.now())
        self._addresses.write(company_id)
        posting = Posting(company_id)
        self._documents.write(posting)
        self._files.write(company_id)
        self._attachments.write(company_id)
        self._payments.write(posting)
        load.facts += posting.settle()
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
