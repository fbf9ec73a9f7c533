"""Who is the other side of an invoice? Found again by SIREN, VAT number, code or name, with its site; else new."""

import re
from collections.abc import Callable
from typing import TypeVar

from django.db.models import Sum

from relance.core.names import collation_key
from relance.importers.einvoice import Invoice
from relance.importers.einvoice import Party as Named
from relance.models import bulk
from relance.models.company import Company
from relance.models.ledger import Document
from relance.models.parties import Contact, Customer, Party, Site, Supplier
from relance.steps import Refused
from relance.steps.einvoicing.taken import Taken

_Side = TypeVar("_Side", Customer, Supplier)


def whose(company: Company, invoice: Invoice) -> str:
    """On which side of the ledger an invoice belongs: ``customer``, where the company sells, or ``supplier``. Raises Refused."""
    own = numbers_of(company)
    if not own:
        raise Refused(f"{company.code} has neither a SIREN nor a VAT number: whether it is the seller of an invoice cannot be told without")
    sells, buys = (bool(own & {party.siren, party.vat}) for party in (invoice.seller, invoice.buyer))
    if sells and buys:
        raise Refused(f"{company.code} is both the seller and the buyer of {invoice.number}")
    if not sells and not buys:
        raise Refused(f"{invoice.number} is from {_named(invoice.seller)} to {_named(invoice.buyer)}: {company.code} is neither")
    return "customer" if sells else "supplier"


def numbers_of(company: Company) -> set[str]:
    """The SIREN and the VAT number of the company; a French VAT number holds the SIREN."""
    vat = "".join(company.vat_number.split()).upper()
    siren = "".join(company.siren.split())[:9]
    return {one for one in (siren, vat, vat[4:] if re.fullmatch(r"FR..\d{9}", vat) else "") if one}


def customer_of(company: Company, invoice: Invoice, taken: Taken) -> Customer:
    """The customer who is the buyer of an invoice; new, where nobody is known by any of its names. Raises Refused."""
    return _party(Customer, company, invoice.buyer, taken, lambda: _billed_before(company, invoice))


def supplier_of(company: Company, invoice: Invoice, taken: Taken) -> Supplier:
    """The supplier who is the seller of an invoice, likewise."""
    return _party(Supplier, company, invoice.seller, taken, lambda: None)


def _party(side: type[_Side], company: Company, named: Named, taken: Taken, before: Callable[[], _Side | None]) -> _Side:
    noun = side.__name__.lower()
    found = _found(side, company, named, before)
    if found is None:
        made = side(company=company, code=_code(side, company, named), name=named.name or named.vat or "?", siren=named.siren)
        made.vat_number = named.vat
        made.save()
        taken.count(f"{noun}s", "created")
        return made
    learnt = [what for what, said in (("siren", named.siren), ("vat_number", named.vat)) if said and not getattr(found, what)]
    if "siren" in learnt:
        taken.remarks.append(f"{named.name} is taken for the {noun} {found.code} {found.name}, whose SIREN it gives: {named.siren}")
    if learnt:
        bulk.touching(side, [found.pk])
        found.siren, found.vat_number = found.siren or named.siren, found.vat_number or named.vat
        found.save()
    taken.count(f"{noun}s", "changed" if learnt else "same")
    return found


def _found(side: type[_Side], company: Company, named: Named, before: Callable[[], _Side | None]) -> _Side | None:
    """By what is surest first; of several with one number, that of the code."""
    everyone = side._default_manager.filter(company=company)
    for what, number in (("siren", named.siren), ("vat_number", named.vat)):
        same = list(everyone.filter(**{what: number}).order_by("code")[:10]) if number else []
        if len(same) > 1:
            same = [one for one in same if one.code == named.code] or same
        if len(same) > 1:
            raise Refused(f"{', '.join(one.code for one in same)} have the same number {number}: which one is {named.name}?")
        if same:
            return same[0]
    free = everyone.filter(siren__in=("", named.siren)) if named.siren else everyone
    if named.code and (coded := free.filter(code=named.code).first()):
        return coded
    if (known := before()) is not None and known.siren in ("", named.siren):
        return known
    key = collation_key(named.name)[:250]
    alike = list(free.filter(sort_name=key)[:2]) if key else []
    return alike[0] if len(alike) == 1 else None


def _billed_before(company: Company, invoice: Invoice) -> Customer | None:
    """Whose document of this number, date and amount is held already: another source has booked it."""
    held = Document.objects.filter(company=company, number=invoice.number, date=invoice.date, customer__isnull=False)
    same = list(held.annotate(total=Sum("due_items__amount")).filter(total=invoice.total).select_related("customer")[:2])
    return same[0].customer if len(same) == 1 else None


def _code(side: type[Party], company: Company, named: Named) -> str:
    """An unused code: what the seller calls the buyer, else its SIREN or VAT number, else out of its name."""
    spoken = "".join(letter for letter in collation_key(named.name).upper() if letter.isalnum())[:20]
    wished = [one for one in (named.code, named.siren, named.vat, spoken) if one] or ["CLIENT"]
    wished += [f"{wished[-1]}-{number}" for number in range(2, 1000)]
    taken = set(side._default_manager.filter(company=company, code__in=wished).values_list("code", flat=True))
    return next(one for one in wished if one not in taken)


def site_of(customer: Customer, named: Named, taken: Taken) -> Site | None:
    """The site that an invoice is billed to, by SIRET, else by address; new where the address is. None where there is no address."""
    sites = list(customer.sites.all())
    at_number = [one for one in sites if named.siret and one.siret == named.siret]
    there = [one for one in sites if not (one.siret and named.siret) and _place(one.address, one.postcode) == _place_of(named)]
    if found := next(iter(at_number or there), None):
        changed = _complete(found, named)
        taken.count("sites", "changed" if changed else "same")
        return found
    if not (named.address or named.city or named.siret or named.email):
        return None
    made = Site(company_id=customer.company_id, customer=customer, position=len(sites), code=_site_code(named, {one.code for one in sites}))
    made.siret, made.email, made.address = named.siret, named.email, "\n".join(named.address)
    made.postcode, made.city, made.country = named.postcode, named.city, named.country
    made.save()
    taken.count("sites", "created")
    return made


def contact_of(customer: Customer, site: Site | None, named: Named, taken: Taken) -> None:
    """Keep the buyer's contact, who receives invoices; one of this name that is there already stays as people have set it."""
    if not named.contact or not named.email or Contact.objects.filter(customer=customer, name=named.contact).exists():
        return
    position = customer.contacts.count()
    contact = Contact.objects.create(
        company_id=customer.company_id,
        customer=customer,
        position=position,
        name=named.contact,
        email_at_customer=named.email,
        receives_invoices=True,
    )
    if site:
        contact.sites.add(site)
    taken.count("contacts", "created")


def _complete(site: Site, named: Named) -> bool:
    """What the site does not know yet, it learns; what it knows stays. Return whether it learnt anything."""
    learnt = [what for what in ("siret", "email") if getattr(named, what) and not getattr(site, what)]
    for what in learnt:
        setattr(site, what, getattr(named, what))
    if learnt:
        bulk.touching(Site, [site.pk])
        site.save(update_fields=learnt)
    return bool(learnt)


def _site_code(named: Named, taken: set[str]) -> str:
    wished = [named.siret[9:]] if named.siret else []
    return next(one for one in (*wished, *map(str, range(1, 10_000))) if one not in taken)


def _place(address: str, postcode: str) -> str:
    return collation_key(" ".join((*address.split("\n"), postcode)))


def _place_of(named: Named) -> str:
    return _place("\n".join(named.address), named.postcode)


def _named(party: Named) -> str:
    return f"{party.name or '?'} ({party.siren or party.vat or 'no number'})"
