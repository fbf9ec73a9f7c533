"""Would an automatic run say so much at once that a person has to look at it first? So that a go-live never becomes a storm.

A company's first automatic run, or every one as it wishes, stops above so many notices, or above an amount claimed in its currency.
What a person has looked at and confirmed is not held up.
"""

from collections.abc import Iterable

from relance.core import money
from relance.models.company import Company
from relance.models.notices import Run
from relance.models.outgoing.frozen import Frozen


class Ceiling:
    """The notices of one run, counted as they are decided, against the ceiling of its company."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self.holds = company.ceiling == "every" or (company.ceiling == "first" and is_first(company))
        self._count = self._claimed = 0

    def add(self, notices: Iterable[Frozen]) -> None:
        """Count notices that the run would issue."""
        for notice in notices:
            self._count += 1
            self._claimed += notice.totals.get(self._company.currency, 0)

    def why_above(self) -> str:
        """Why the run must be looked at before it leaves; empty where it need not be."""
        most, amount, currency = self._company.ceiling_notices, self._company.ceiling_amount, self._company.currency
        if not self.holds:
            return ""
        if most is not None and self._count > most:
            return f"the run would issue {self._count} notices and the ceiling is {most}: look at what it would send, then confirm it"
        if amount is not None and self._claimed > amount:
            claimed, limit = money.show(self._claimed, currency), money.show(amount, currency)
            return f"the run would claim {claimed} {currency} and the ceiling is {limit}: look at what it would send, then confirm it"
        return ""


def is_first(company: Company) -> bool:
    """Whether no automatic run of the company has issued anything yet; one that was cancelled has not."""
    return not Run.objects.filter(company=company, kind="batch", notices__isnull=False).exclude(status="cancelled").exists()
