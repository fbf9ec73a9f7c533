"""Which documents does the next automatic run skip, and how is that block lifted once it has? (Register K64.)"""

from collections.abc import Collection

from django.db import transaction

from relance.models import tuples
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.ledger import Document


def temporarily_blocked(company: Company) -> list[int]:
    """Documents that a run beginning now leaves out as blocked temporarily."""
    return list(Document.objects.filter(company=company, no_dunning_temporary=True).values_list("pk", flat=True))


def lift_temporary_blocks(company: Company, documents: Collection[int], by: str) -> None:
    """Lift the block from those that still have it: the automatic run that skipped them has ended well."""
    with transaction.atomic():
        still = Document.objects.filter(pk__in=tuples.among(documents), no_dunning_temporary=True)
        lifted = list(still.order_by("pk").values_list("pk", "billed_customer_id"))
        Document.objects.filter(pk__in=tuples.among([pk for pk, _ in lifted])).update(no_dunning_temporary=False)
        change = {"kind": "temporary", "changed": [{"what": "no_dunning_temporary", "before": True, "after": False}]}
        record(company.pk, by, (Fact("unblocked", customer_id=customer, document_id=pk, facts=change) for pk, customer in lifted))
