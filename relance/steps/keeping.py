"""How is a customer's record kept up to date by people: its conditions, its sites, its contacts? (Register K25 to K27, K71 to K77.)

What differs is stored and recorded, from what to what, by whom. Nobody types in a level or the date of a notice here (register A3).
"""

from collections.abc import Collection
from datetime import date
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import Max

from relance.models import Contact, Customer, Policy, Site
from relance.models.changing import Change, changes, set_columns
from relance.models.events import Fact, record
from relance.steps import Refused


class Conditions(TypedDict, total=False):
    """On what terms a customer pays, and how it is written to; the empty text and None: as the company does."""

    policy: Policy | None
    payment_terms: str
    language: str
    kind: str


class Sheet(TypedDict, total=False):
    """What stands about a contact."""

    name: str
    email_identity: str
    email_at_customer: str
    left_on: date | None
    is_decision_maker: bool
    is_main: bool
    is_financial: bool
    receives_dunning: bool
    receives_dunning_all_sites: bool
    receives_invoices: bool
    receives_invoices_all_sites: bool


def set_conditions(customer: Customer, wanted: Conditions, *, by: str) -> list[Change]:
    """Set the conditions of a customer. Return what changed."""
    with transaction.atomic():
        stored, changed = set_columns(customer, wanted)
        changed = [{what: _policy_code(value) for what, value in change.items()} for change in changed]
        _record(stored, "customer_edited", {}, changed, by)
    return changed


def set_site(site: Site, wanted: dict[str, str], *, by: str) -> list[Change]:
    """Set name, e-mail address or postal address of a billing site. Return what changed."""
    with transaction.atomic():
        stored, changed = set_columns(site, wanted)
        _record(stored.customer, "site_edited", {"site": stored.code}, changed, by)
    return changed


def add_contact(customer: Customer, wanted: Sheet, sites: Collection[Site], *, by: str) -> Contact:
    """Add a contact, attached to some of the customer's sites. Raises Refused where the customer has one of this name."""
    with transaction.atomic():
        owner = Customer.objects.select_for_update().get(pk=customer.pk)
        _refuse_namesake(owner, wanted["name"], None)
        last = Contact.objects.filter(customer=owner).aggregate(last=Max("position"))["last"]
        place = 0 if last is None else last + 1
        contact = Contact.objects.create(company_id=owner.company_id, customer=owner, position=place, **wanted)
        contact.sites.set(sites)
        told = changes(Contact(), wanted) + _moved(set(), set(sites))
        _record(owner, "contact_added", {"contact": contact.name}, [change for change in told if change["what"] != "name"], by, even=True)
    return contact


def set_contact(contact: Contact, wanted: Sheet, sites: Collection[Site], *, by: str) -> list[Change]:
    """Bring a contact up to date, its sites among it. Return what changed. Raises Refused where another contact has this name."""
    with transaction.atomic():
        owner = Customer.objects.select_for_update().get(pk=contact.customer_id)
        if not contact.code:
            _refuse_namesake(owner, wanted.get("name", contact.name), contact)
        stored, changed = set_columns(contact, wanted)
        changed += _moved(set(stored.sites.all()), set(sites))
        stored.sites.set(sites)
        _record(owner, "contact_edited", {"contact": stored.name}, changed, by)
    return changed


def _refuse_namesake(customer: Customer, name: str, contact: Contact | None) -> None:
    others = Contact.objects.filter(customer=customer, code="", name=name)
    if (others if contact is None else others.exclude(pk=contact.pk)).exists():
        raise Refused(f"{customer.code} already has a contact called {name}")


def _moved(before: set[Site], after: set[Site]) -> list[Change]:
    if before == after:
        return []
    return [{"what": "sites", "before": _codes(before), "after": _codes(after)}]


def _codes(sites: Collection[Site]) -> str:
    return " ".join(sorted(site.code for site in sites))


def _policy_code(value: Any) -> Any:
    return value.code if isinstance(value, Policy) else value


def _record(customer: Customer, what: str, about: dict[str, str], changed: list[Change], by: str, *, even: bool = False) -> None:
    """Tell the history; ``even`` where nothing but the act itself is to tell."""
    if changed or even:
        record(customer.company_id, by, [Fact(what, customer_id=customer.pk, facts=about | {"changed": changed})])
