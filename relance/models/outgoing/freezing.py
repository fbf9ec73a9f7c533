"""How does a decision become a notice that will not change? The facts of the page and the customer's address, as they are now."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from babel import Locale

from relance.core import charges
from relance.core.addresses import address_lines, letter_site
from relance.core.facts import Channel, Page
from relance.core.grouping import Claim, Credit, Notice
from relance.core.rates import CustomerKind, UnknownRate
from relance.core.recipients import names_of
from relance.core.selection import Terms
from relance.models import company as setup
from relance.models.book import credits_later
from relance.models.company import Company
from relance.models.ledger import Allocation, DueItem
from relance.models.outgoing.frozen import Frozen, Json, Line
from relance.models.outgoing.letter_data import level_said
from relance.models.templates import TemplateChoice
from relance.models.tuples import among

_ITSELF = ("", "itself")  # no account is called so


class Freezer:
    """Freezes the notices of one run; the run's settings are those of ``rules.frozen_settings``.

    ``customers``, where they are given, are all that it meets (identifiers).
    """

    def __init__(
        self,
        company: Company,
        as_of: date,
        terms: Terms,
        settings: dict[str, Any],
        templates: TemplateChoice | None = None,
        customers: Collection[int] | None = None,
    ) -> None:
        self.company, self.as_of, self.terms, self.settings, self.templates = company, as_of, terms, settings, templates
        self._customers = customers
        self._policy_codes = dict(setup.Policy.objects.filter(company=company).values_list("pk", "code"))
        self._countries: dict[tuple[str, str], str] = {}

    def freeze_all(self, notices: Sequence[Notice], page: Page, position: int) -> list[Frozen]:
        """The notices of one customer; what is not due yet is told once, on the first of the highest level."""
        frozen = [self.freeze(notice, page, position) for notice in notices]
        if frozen and self.settings["display"]["not_due"]:
            place = max(range(len(frozen)), key=lambda at: frozen[at].level)
            frozen[place] = frozen[place]._replace(not_due=_not_due(notices, page, self.as_of))
        return frozen

    @cached_property
    def _credits_later(self) -> dict[int, int]:
        """Read when the first notice is frozen: who only compares addresses does without."""
        return credits_later(self.company, self.as_of, self._customers)

    def freeze(self, notice: Notice, page: Page, position: int) -> Frozen:
        """One notice, neither numbered nor stored yet."""
        customer = notice.customer
        language = customer.language or self.company.language
        recipient = self.recipient(notice, page)
        if self._paid_elsewhere and (payees := self.payees([(claim.item.id, claim.item.document) for claim in notice.lines])):
            recipient["payees"] = payees
        return Frozen(
            id=None,
            run_id=None,
            number=None,
            position=position,
            customer_id=customer.id,
            level=notice.level,
            channel=notice.channel.value,
            status="proposed",
            language=language,
            to=notice.to,
            cc=notice.cc,
            recipient=recipient,
            totals=notice.totals(),
            credits_later=self._credits_later.get(customer.id, 0),
            credits=[credit_json(credit) for credit in notice.credits],
            not_due=[],
            charges=None,
            template_id=self.templates.version(customer, notice.level) if self.templates and notice.channel is Channel.LETTER else None,
            message_id="",
            lines=tuple([_line(claim, self.as_of) for claim in notice.lines]),
            as_of=self.as_of,
        )

    def payees(self, items: Iterable[tuple[int, str]]) -> list[Json]:
        """Who is paid what of these due items (identifier and document); empty where all are paid to the company itself."""
        if not self._paid_elsewhere:
            return []
        documents: dict[tuple[str, str], list[str]] = {}
        for item, document in items:
            named = documents.setdefault(self._paid_elsewhere.get(item, _ITSELF), [])
            if document not in named:
                named.append(document)
        if documents.keys() <= {_ITSELF}:
            return []
        own = {_ITSELF: (self.settings["company"]["name"], self.settings["company"]["iban"])}
        return [
            {"documents": named, "name": name, "iban": iban} for payee, named in documents.items() for name, iban in [own.get(payee, payee)]
        ]

    @cached_property
    def _paid_elsewhere(self) -> dict[int, tuple[str, str]]:
        """By due item that is open and not paid to the company: the payee's name and account, as far as they are known."""
        items = DueItem.objects.filter(company=self.company, document__paid_elsewhere=True).exclude(open_amount=0)
        if self._customers is not None:
            items = items.filter(billed_customer__in=among(self._customers))
        return {pk: (name, iban) for pk, name, iban in items.values_list("pk", "document__payee_name", "document__payee_iban")}

    def recipient(self, notice: Notice, page: Page) -> Json:
        """Who is claimed from, and where a letter goes."""
        customer = notice.customer
        site = letter_site(notice, page, self.terms.options.letter_grouping if notice.channel == "letter" else "customer")
        country = self._country_name(site.country, customer.language or self.company.language) if site else ""
        return {
            "code": customer.code,
            "name": customer.name,
            "kind": customer.kind,
            "contact": ", ".join(names_of(notice.to, page, self.as_of)),
            "policy": self._policy_codes.get(customer.policy_id or 0, ""),
            "address": address_lines(site, customer.name, country) if site else [],
        }

    def _country_name(self, country: str, language: str) -> str:
        """The country in capitals, for a letter that goes abroad."""
        if not country or country == self.company.country:
            return ""
        if (country, language) not in self._countries:
            self._countries[country, language] = str(Locale(language).territories.get(country, country)).upper()
        return self._countries[country, language]


def charge(customers: Iterable[list[Frozen]], company: Company, as_of: date, settings: dict[str, Any]) -> None:
    """Put the interest and indemnity on the notices whose levels ask for them (rules, section 11), with two queries for all of them.

    Where the rate of a half-year is not known, the notice claims no interest and says so under ``unknown``.
    """
    asked = [
        (notices, place, said)
        for notices in customers
        for place, notice in enumerate(notices)
        for said in [_asked(notice, settings)]
        if any(said)
    ]
    if not asked:
        return
    instalments = _instalments({line.due_item_id for notices, place, _ in asked for line in notices[place].lines})
    for notices, place, (interest, indemnity) in asked:
        notices[place] = _charged(notices[place], company, as_of, instalments, interest=interest, indemnity=indemnity)


def credit_json(credit: Credit) -> Json:
    """A credit as notices keep it."""
    return {
        "document": credit.document,
        "date": credit.document_date.isoformat(),
        "due_date": credit.due_date.isoformat(),
        "open": credit.open,
        "currency": credit.currency,
    }


def _not_due(notices: Iterable[Notice], page: Page, as_of: date) -> list[Json]:
    """What the customer will have to pay later, and no notice claims today."""
    claimed = {claim.item.id for notice in notices for claim in notice.lines}
    later = [item for item in page.items if item.open > 0 and item.due_date >= as_of and item.id not in claimed]
    return [
        credit_json(Credit(item.document, item.document_date, item.due_date, item.open, item.currency))
        for item in sorted(later, key=lambda item: (item.due_date, item.document))
    ]


def _line(claim: Claim, as_of: date) -> Line:
    item = claim.item
    return Line(
        item.id,
        item.document,
        item.document_date,
        item.label,
        item.due_date,
        item.amount,
        item.open,
        item.ledger_open,
        item.currency,
        (as_of - item.due_date).days,
        None,
        item.level,
        claim.level,
        item.last_dunned_on,
    )


def _asked(notice: Frozen, settings: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the notice's level asks for interest, and for the indemnity."""
    level = level_said(settings, notice.recipient["policy"], notice.level)
    return level["charge_interest"], level["charge_indemnity"]


def _instalments(due_items: Iterable[int]) -> dict[int, tuple[int, int | None, charges.Instalment]]:
    """By due item: its document, the document's contractual rate, and what was paid on it when."""
    ids = list(due_items)
    movements: dict[int, list[charges.Movement]] = {}
    for due_item, on, amount in Allocation.objects.filter(due_item__in=ids).values_list("due_item_id", "date", "amount"):
        movements.setdefault(due_item, []).append(charges.Movement(on, amount))
    rows = DueItem.objects.filter(pk__in=ids).values_list("id", "document_id", "document__interest_rate", "due_date", "amount")
    return {pk: (document, rate, charges.Instalment(due, amount, movements.get(pk, ()))) for pk, document, rate, due, amount in rows}


def _charged(
    notice: Frozen,
    company: Company,
    as_of: date,
    instalments: dict[int, tuple[int, int | None, charges.Instalment]],
    *,
    interest: bool,
    indemnity: bool,
) -> Frozen:
    """One notice with its charges: interest line by line, the indemnity once per document."""
    lines = list(notice.lines)
    by_document: dict[int, tuple[str, charges.Terms, list[charges.Instalment]]] = {}
    claimed: Json = {"interest": {}, "indemnity": {}, "periods": [], "indemnities": 0}
    for place, line in enumerate(lines):
        document, rate, instalment = instalments[line.due_item_id]
        terms = charges.Terms(company.country, CustomerKind(notice.recipient["kind"]), rate if rate is not None else company.interest_rate)
        by_document.setdefault(document, (line.currency, terms, []))[2].append(instalment)
        if interest:
            try:
                owed = charges.interest(*instalment, as_of, terms)
            except UnknownRate as error:
                claimed["unknown"] = str(error)
                continue
            lines[place] = line._replace(interest=owed.total)
            claimed["periods"] += [_period(period, line, terms) for period in owed.periods]
            _add(claimed["interest"], line.currency, owed.total)
    for currency, terms, parts in by_document.values() if indemnity else ():
        if fixed := charges.indemnity(parts, currency, as_of, terms):
            _add(claimed["indemnity"], fixed.currency, fixed.amount)
            claimed["indemnities"] += 1
    return notice._replace(charges=claimed, lines=tuple(lines))


def _period(period: charges.Period, line: Line, terms: charges.Terms) -> Json:
    """How one amount of interest came about: whoever claims it says the rate, on what it rests, the base and the days."""
    return {
        "document": line.document_number,
        "due_date": line.due_date.isoformat(),
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "days": period.days,
        "rate": period.rate,
        "agreed": terms.contractual_rate is not None,
        "base": period.base,
        "interest": period.interest,
        "currency": line.currency,
    }


def _add(totals: dict[str, int], currency: str, amount: int) -> None:
    if amount:
        totals[currency] = totals.get(currency, 0) + amount
