"""What may a bank entry, or a payment without a letter, be for? The due items and customers it is compared with, read from the database.

An import reads all that is open, once; a page reads only what the one entry can mean, so that it is quick on any ledger.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace, Upper

from relance.core.names import collation_key
from relance.core.reconciling import Candidate, Claims, Money, Owed, is_named, propose, said_keys, words_of
from relance.models import tuples
from relance.models.bank import SET_ASIDE, BankAccount, BankEntry, Match
from relance.models.company import Company
from relance.models.ledger import Document, DueItem, Payment
from relance.models.parties import Customer

_RETURNED_WITHIN = timedelta(400)  # a direct debit can be contested for thirteen months
_MOST_ITEMS = 2_000  # of the customers that one entry may be of
_MOST_NAMED = 200  # customers looked at for a name
_SEPARATORS = " -/._0"
_COLUMNS = ("id", "billed_customer_id", "document__number", "document__date", "open_amount", "document__currency")
_SETTLED = ("id", "billed_customer_id", "document__number", "document__date", "allocated_amount", "document__currency")


class Waiting(NamedTuple):
    """Something to be matched: an entry of the bank, or a payment that has money left."""

    entry: BankEntry | None
    payment: Payment | None

    @property
    def key(self) -> str:
        """How pages and commands name it."""
        return f"e{self.entry.pk}" if self.entry is not None else f"p{self.payment.pk if self.payment else 0}"

    @property
    def on(self) -> date:
        """Its day."""
        return self.entry.booked_on if self.entry is not None else self.payment.date  # type: ignore[union-attr]

    @property
    def amount(self) -> int:
        """What is to be matched of it."""
        return self.entry.amount if self.entry is not None else self.payment.remaining_amount  # type: ignore[union-attr]

    @property
    def currency(self) -> str:
        """Its currency."""
        return self.entry.account.currency if self.entry is not None else self.payment.currency  # type: ignore[union-attr]

    @property
    def says(self) -> str:
        """What it says of itself; of a payment made of an entry, what the entry says."""
        told = self.told
        return told.says if told is not None else self.payment.reference  # type: ignore[union-attr]

    @property
    def called(self) -> str:
        """What a list calls it by: who paid, else what it says."""
        payer = self.told.payer if self.told is not None else ""
        customer = self.payment.customer.name if self.payment is not None and self.payment.customer is not None else ""
        return payer or customer or self.says

    @property
    def told(self) -> BankEntry | None:
        """The entry, or the one that the payment was made of."""
        if self.entry is not None or self.payment is None:
            return self.entry
        return next((one.entry for one in self.payment.matches.all() if one.entry), None)


def waiting_entries(company: Company) -> QuerySet[BankEntry]:
    """Entries that nobody has decided about, oldest first."""
    found = BankEntry.objects.filter(company=company, state="waiting")
    return found.select_related("account").order_by("booked_on", "id")


def entries_set_aside(company: Company) -> QuerySet[BankEntry]:
    """Entries of which a person has said that they are no customer's payment."""
    return BankEntry.objects.filter(SET_ASIDE, company=company).select_related("account")


def waiting_payments(company: Company) -> QuerySet[Payment]:
    """Payments of customers that owe something, with money left that nobody has decided to leave on account."""
    left = Match.objects.filter(payment=OuterRef("pk"), how="left")
    # that it is not zero is said again, and the company not: else SQLite reads all that the company's customers owe for each payment
    owing = DueItem.objects.filter(~Q(open_amount=0), billed_customer=OuterRef("customer"), company=OuterRef("company"))
    owing = owing.filter(document__type="invoice", open_amount__gt=0)
    found = Payment.objects.filter(~Q(remaining_amount=0), company=company, customer__isnull=False, kind="payment", remaining_amount__gt=0)
    found = found.exclude(Exists(left)).filter(Exists(owing)).select_related("customer").prefetch_related("matches__entry")
    return found.order_by("date", "id")


def all_open(company: Company) -> Claims:
    """All that customers owe."""
    open_items = DueItem.objects.filter(company=company, billed_customer__isnull=False).exclude(open_amount=0)
    return Claims(Owed(*row) for row in tuples.stream(open_items.order_by("id").values_list(*_COLUMNS)))


def all_settled(company: Company, since: date) -> Claims:
    """What customers had paid of invoices since a day, and may come back."""
    settled = _lately_settled(company, since)
    return Claims(Owed(*row) for row in tuples.stream(settled.order_by("id").values_list(*_SETTLED)))


def first_day_of_returns(on: date) -> date:
    """From which day on what was settled may come back on a day."""
    return on - _RETURNED_WITHIN


def known_payers(company: Company, entries: Collection[BankEntry]) -> dict[str, set[int]]:
    """By IBAN the customers for whom this account has paid before: what undoing a match takes back, it forgets."""
    ibans = {entry.payer_iban for entry in entries if entry.payer_iban}
    return _remembered(company, "payer_iban", ibans)


def own_accounts(company: Company) -> set[str]:
    """The company's accounts as statements and its sheet name them."""
    return {*BankAccount.objects.filter(company=company).values_list("code", flat=True), company.iban.replace(" ", "")} - {""}


def money_of(waiting: Waiting, accounts: Iterable[int] = (), names: Iterable[int] = ()) -> Money:
    """An entry or payment as it is decided upon."""
    entry = waiting.entry
    payer = entry.payer_key if entry is not None else ""
    return Money(waiting.on, waiting.amount, waiting.currency, waiting.says, payer, tuple(accounts), tuple(names))


def proposals(company: Company, waiting: Waiting) -> list[Candidate]:
    """What it may be for, the likeliest first."""
    entry, payment = waiting.entry, waiting.payment
    if payment is not None:
        assert payment.customer_id is not None
        accounts, names, customers = {payment.customer_id}, set[int](), dict[int, str]()
    else:
        assert entry is not None
        accounts = _remembered(company, "payer_iban", {entry.payer_iban} - {""}).get(entry.payer_iban, set())
        names = _remembered(company, "payer_key", {entry.payer_key} - {""}).get(entry.payer_key, set())
        customers = _customers_named(company, entry)
    money = money_of(waiting, sorted(accounts), sorted(names))
    claims = _of_one(company, money, {*accounts, *names, *customers}, only=payment is not None)
    return propose(claims, money, customers)


def items_of(customers: Collection[int], amount: int) -> QuerySet[DueItem]:
    """What can be chosen by hand for money that came in, or was taken back: due items of customers, the oldest first."""
    found = DueItem.objects.filter(document__billed_customer__in=tuples.among(list(customers)))
    found = found.exclude(open_amount=0) if amount > 0 else found.filter(allocated_amount__gt=0, document__type="invoice")
    return found.select_related("document", "billed_customer").order_by("due_date" if amount > 0 else "-last_allocated_on", "id")


def items_left(document: Document, amount: int) -> list[tuple[int, int]]:
    """The due items of a document, the first due first, with what money may settle of each, or what may come back."""
    column = "open_amount" if amount > 0 else "allocated_amount"
    return list(document.due_items.exclude(**{column: 0}).order_by("due_date", "no").values_list("pk", column))


def named(candidates: Collection[Candidate]) -> tuple[dict[int, Customer], dict[int, DueItem]]:
    """The customers and due items of proposals, by their identifiers."""
    items = DueItem.objects.select_related("document").filter(pk__in={pk for one in candidates for pk, _ in one.parts})
    return Customer.objects.in_bulk({one.customer for one in candidates}), {one.pk: one for one in items}


# -- reading


def _remembered(company: Company, column: str, values: Collection[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    if values:
        entries = BankEntry.objects.filter(**{"company": company, "state": "matched", f"{column}__in": tuples.among(list(values), str)})
        for value, customer in tuples.stream(entries.order_by().values_list(column, "matches__payment__customer_id").distinct()):
            if customer is not None:
                found[value].add(customer)
    return found


def _customers_named(company: Company, entry: BankEntry) -> dict[int, str]:
    """Customers whose name stands in what the payer is called."""
    called = entry.payer_key or collation_key(entry.says)
    words = sorted(words_of(called), key=len, reverse=True)[:8]
    if not words:
        return {}
    like = Q()
    for word in words:
        like |= Q(sort_name__contains=word)
    rows = Customer.objects.filter(like, company=company).order_by("id").values_list("id", "sort_name")[:_MOST_NAMED]
    return {pk: name for pk, name in rows if is_named(name, called)}


def _lately_settled(company: Company, since: date) -> QuerySet[DueItem]:
    found = DueItem.objects.filter(company=company, billed_customer__isnull=False, last_allocated_on__gte=since)
    return found.filter(allocated_amount__gt=0, document__type="invoice")


def _of_one(company: Company, money: Money, customers: Collection[int], *, only: bool) -> Claims:
    """What the money can mean: documents that it names or that are open to its amount, and all that those customers owe."""
    if money.amount > 0:
        every = DueItem.objects.filter(company=company).exclude(open_amount=0)
        items, columns, open_ = every.filter(billed_customer__isnull=False), _COLUMNS, "open_amount"
    else:
        every = items = _lately_settled(company, first_day_of_returns(money.on))
        columns, open_ = _SETTLED, "allocated_amount"
    theirs = every.filter(billed_customer__in=tuples.among(list(customers))).order_by("document__date", "id")
    rows: dict[int, tuple[Any, ...]] = {row[0]: row for row in theirs.values_list(*columns)[:_MOST_ITEMS]}
    if not only:
        rows |= {row[0]: row for row in _named_or_equal(items, money, open_).values_list(*columns)[:_MOST_ITEMS]}
    return Claims(Owed(*row) for row in rows.values())


def _named_or_equal(items: QuerySet[DueItem], money: Money, open_: str) -> QuerySet[DueItem]:
    """Numbers are compared without what separates them and without zeros; what is then alike is looked at closely."""
    keys = {key.replace("0", "") for key in said_keys(money.says)}
    bare: Any = Upper("document__number")
    for separator in _SEPARATORS:
        bare = Replace(bare, Value(separator), Value(""))
    found = items.annotate(bare=bare)
    return found.filter(Q(bare__in=tuples.among(list(keys), str)) | Q(**{open_: abs(money.amount)})).order_by("document__date", "id")
