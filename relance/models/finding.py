"""Which company, customer or document does a person mean by a code or a number?"""

from collections.abc import Iterable

from relance.models.company import Collaborator, Company, PaymentMethod, Status
from relance.models.ledger import Document
from relance.models.parties import Customer

_FEW = 10


class Unfound(LookupError):
    """Nothing, or more than one thing, is meant by a code or number; the text says so to the user."""


def find_company(code: str) -> Company:
    """The company of this code. Raises Unfound, which names the companies there are when they are few."""
    company = Company.objects.filter(code=code).first()
    if company is None:
        known = list(Company.objects.order_by("code").values_list("code", flat=True)[: _FEW + 1])
        hint = f"; there is {', '.join(known)}" if 0 < len(known) <= _FEW else "" if known else "; none has been loaded yet"
        raise Unfound(f'no company "{code}"{hint}')
    return company


def find_customer(company: Company, code: str) -> Customer:
    """The customer of this code. Raises Unfound."""
    customer = Customer.objects.filter(company=company, code=code).first()
    if customer is None:
        raise Unfound(f'no customer "{code}" in {company.code}')
    return customer


def names_of(company: Company, codes: Iterable[str]) -> dict[str, str]:
    """The names of the customers of these codes."""
    return dict(Customer.objects.filter(company=company, code__in=list(codes)).values_list("code", "name"))


def names_of_reps(company: Company) -> dict[str, str]:
    """What each sales rep is called, by code: by the code where he has no name."""
    return {code: name or code for code, name in Collaborator.objects.filter(company=company).values_list("code", "name")}


def find_address(company: Company, named: str) -> str:
    """The e-mail address that a person means: an address as it stands, else that of the collaborator of this code. Raises Unfound."""
    if "@" in named:
        return named
    collaborator = Collaborator.objects.filter(company=company, code=named).first()
    if collaborator is None:
        raise Unfound(f'"{named}" is neither an e-mail address nor a collaborator of {company.code}')
    if not collaborator.email:
        raise Unfound(f"collaborator {named} of {company.code} has no e-mail address")
    return collaborator.email


def refuse_unknown(
    company: Company, noun: type[Customer | Collaborator | PaymentMethod | Status], codes: Iterable[str], called: str
) -> None:
    """Raise Unfound for the first code that no such thing of the company has; ``called`` is its name for the user."""
    for code in codes:
        if not noun._default_manager.filter(company=company, code=code).exists():
            raise Unfound(f'no {called} "{code}" in {company.code}')


def find_document(company: Company, number: str, customer_code: str | None = None) -> Document:
    """The document of this number on the customers' side: of this customer, else billed to it.

    Raises Unfound where there is none, and where several customers have that number and none was named.
    """
    documents = list(
        Document.objects.filter(company=company, number=number, customer__isnull=False)
        .select_related("customer", "billed_customer")
        .order_by("customer__code")
    )
    if customer_code is not None:
        customer = find_customer(company, customer_code)
        own = [document for document in documents if document.customer_id == customer.pk]
        documents = own or [document for document in documents if document.billed_customer_id == customer.pk]
    if len(documents) == 1:
        return documents[0]
    of_customer = f' of customer "{customer_code}"' if customer_code is not None else ""
    if not documents:
        raise Unfound(f'no document "{number}"{of_customer} in {company.code}')
    holders = [document.customer.code for document in documents if document.customer]
    shown = ", ".join(holders[:_FEW]) + (", …" if len(holders) > _FEW else "")
    raise Unfound(f'several customers have a document "{number}": {shown}; say which one with --customer')


def documents_numbered(company: Company, customer_code: str, numbers: Iterable[str]) -> dict[str, int]:
    """The identifiers of documents billed to a customer, by number; of two with one number, the customer's own."""
    found = Document.objects.filter(company=company, billed_customer__code=customer_code, number__in=set(numbers))
    rows = list(found.values_list("number", "pk", "customer__code"))
    return {number: pk for number, pk, _ in rows} | {number: pk for number, pk, code in rows if code == customer_code}
