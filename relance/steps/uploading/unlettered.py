"""What may a payment without a letter be for? Proposed, never matched silently."""

from collections import Counter

from relance.core.matching import Claim, Proposal, Receipt, propose_matches
from relance.importers.fec_documents import Book
from relance.models import tuples
from relance.models.bulk import LAST_ID
from relance.models.company import Company
from relance.models.ledger import DueItem, Payment
from relance.models.parties import Customer


def proposed_in(book: Book) -> list[Proposal]:
    """What the payments of a customer may be for whose book is all that there is of him."""
    paid: Counter[str] = Counter()
    settled: Counter[str] = Counter()
    for payment, document, _, amount in book.allocations:
        paid[payment] += amount
        settled[document] += amount
    left = [(one.reference, one.dated_on, one.amount - paid.get(one.reference, 0)) for one in book.payments]
    receipts = [Receipt(reference, on, amount, reference) for reference, on, amount in left if amount > 0]
    if not receipts:
        return []
    invoices = [one for one in book.documents if one.type == "invoice"]
    claims = [Claim(one.number, one.dated_on, one.amount - settled.get(one.number, 0)) for one in invoices]
    return propose_matches([claim for claim in claims if claim.open > 0], receipts)


def proposed_matches(company: Company, up_to: int = LAST_ID) -> dict[str, list[Proposal]]:
    """The same of the customers in the ledger, up to an identifier; by their codes, of those for whom there are any."""
    receipts: dict[int, list[Receipt]] = {}
    paid = Payment.objects.filter(company=company, customer__lte=up_to, remaining_amount__gt=0).order_by()
    for customer, reference, on, left in tuples.stream(paid.values_list("customer_id", "reference", "date", "remaining_amount")):
        receipts.setdefault(customer, []).append(Receipt(reference, on, left, reference))
    ids = tuples.among(receipts.keys())
    claims: dict[int, list[Claim]] = {}
    owed = DueItem.objects.filter(company=company, billed_customer__in=ids, document__type="invoice", open_amount__gt=0)
    columns = ("billed_customer_id", "document__number", "document__date", "open_amount")
    for customer, number, on, left in tuples.stream(owed.order_by("id").values_list(*columns)):
        claims.setdefault(customer, []).append(Claim(number, on, left))
    codes = Customer.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "code")
    found = {code: propose_matches(claims[pk], receipts[pk]) for pk, code in tuples.stream(codes) if pk in claims}
    return {code: proposals for code, proposals in found.items() if proposals}
