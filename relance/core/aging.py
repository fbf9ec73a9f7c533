"""How old is what customers owe, or what we owe suppliers: in which bucket does each open operation stand?

Rules, section 10; register rows K4 to K13. Operations come in already as of the date: their amounts are what was open then. Nothing
is converted: every figure is in one currency, and the buckets of an account always add up to its open balance.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from relance.core import money
from relance.core.names import collation_key

DEFAULT_BOUNDS = (30, 60, 90, 180)


class Basis(StrEnum):
    """From which date an operation's age is counted."""

    INVOICE_DATE = "invoice_date"
    DUE_DATE = "due_date"


class GroupBy(StrEnum):
    """What accounts are put together by, with a subtotal each."""

    ACCOUNT = "account"
    TYPE = "type"
    SALES_REP = "sales_rep"
    ENTITY = "entity"


class Operation(NamedTuple):
    """One open due item, or what a payment has left, with the customer or supplier it stands under."""

    company: str
    account: str  # by default the code
    code: str
    name: str
    customer_type: str
    sales_rep: str
    document: str
    type: str  # invoice, credit_note, payment_on_account
    document_date: date
    due_date: date
    label: str
    amount: int  # open at the date of the balance, minor units; a credit is negative
    currency: str


class Grid(NamedTuple):
    """The columns of a balance: ``grid`` makes one."""

    basis: Basis
    labels: tuple[str, ...]
    uppers: tuple[int, ...]  # the highest age of each column but the last

    def age(self, operation: Operation, as_of: date) -> int:
        """Days from the invoice date, or from the due date (negative before it), to the balance's."""
        return (as_of - (operation.document_date if self.basis is Basis.INVOICE_DATE else operation.due_date)).days

    def column(self, age: int) -> int:
        """The place of the bucket that this age falls in."""
        return bisect_left(self.uppers, age)


class AgedOperation(NamedTuple):
    """An operation with its age in days and the column its amount stands in."""

    operation: Operation
    age: int
    column: int


class AgedAccount(NamedTuple):
    """One line of the balance: a customer or supplier in one currency."""

    company: str
    account: str
    code: str
    name: str
    customer_type: str
    sales_rep: str
    currency: str
    amounts: tuple[int, ...]  # by column
    total: int
    operations: tuple[AgedOperation, ...]


class Totals:
    """Amounts by column, per currency, added up one account after the other."""

    def __init__(self, grid: Grid) -> None:
        self._columns = len(grid.labels)
        self._amounts: dict[str, list[int]] = {}

    def add(self, account: AgedAccount) -> None:
        """Count an account in."""
        amounts = self._amounts.setdefault(account.currency, [0] * self._columns)
        for column, amount in enumerate(account.amounts):
            amounts[column] += amount

    def by_currency(self) -> dict[str, tuple[int, ...]]:
        """The amounts by column, under each currency met, in alphabetical order."""
        return {currency: tuple(self._amounts[currency]) for currency in sorted(self._amounts)}


class AgedGroup(NamedTuple):
    """Accounts that share a type, a sales rep or an entity, with their subtotals."""

    key: str
    accounts: tuple[AgedAccount, ...]
    totals: Totals


class AgedBalance(NamedTuple):
    """The whole balance; by account it is one group, whose key is empty."""

    as_of: date
    grid: Grid
    group_by: GroupBy
    groups: tuple[AgedGroup, ...]
    totals: Totals


def grid(basis: Basis = Basis.INVOICE_DATE, bounds: Sequence[int] = DEFAULT_BOUNDS) -> Grid:
    """Make the columns from the highest age of each but the last: 0-30, 31-60, 61-90, 91-180 and 181+ unless told (rules, section 10).

    By due date the first is what is not yet due, the due date itself included. Raises ValueError, in words for a user, for bounds
    that do not rise from 1 on.
    """
    if not bounds or bounds[0] < 1 or any(lower >= upper for lower, upper in pairwise(bounds)):
        raise ValueError(f"the bounds of the buckets must be days that rise, from 1 on: {', '.join(map(str, bounds)) or 'none given'}")
    first = 0 if basis is Basis.INVOICE_DATE else 1
    lowers = [first, *(bound + 1 for bound in bounds)]
    labels = [f"{lower}-{upper}" for lower, upper in zip(lowers, bounds, strict=False)] + [f"{lowers[-1]}+"]
    if basis is Basis.DUE_DATE:
        return Grid(basis, ("not_due", *labels), (0, *bounds))
    return Grid(basis, tuple(labels), tuple(bounds))


def age_account(operations: Iterable[Operation], as_of: date, columns: Grid) -> list[AgedAccount]:
    """Age the open operations of one customer or supplier: one line per currency in which the account is not settled (K4, K12).

    Operations of amount zero are settled and do not appear, nor does an account whose balance is zero. Raises ValueError for an
    operation dated after the balance.
    """
    by_currency: dict[str, list[AgedOperation]] = {}
    for operation in operations:
        if operation.amount:
            by_currency.setdefault(operation.currency, []).append(_aged(operation, as_of, columns))
    lines = [_line(by_currency[currency], columns) for currency in sorted(by_currency)]
    return [line for line in lines if line.total]


def aged_balance(operations: Iterable[Operation], as_of: date, columns: Grid, group_by: GroupBy = GroupBy.ACCOUNT) -> AgedBalance:
    """Age operations given in any order, and put the accounts in groups, both sorted as names collate (K4, K7).

    Raises ValueError as ``age_account``.
    """
    owners: dict[tuple[str, str, str], list[Operation]] = {}
    for operation in operations:
        owners.setdefault((operation.company, operation.code, operation.account), []).append(operation)
    accounts = [account for owned in owners.values() for account in age_account(owned, as_of, columns)]
    return arrange(sorted(accounts, key=account_order), as_of, columns, group_by)


def arrange(accounts: Sequence[AgedAccount], as_of: date, columns: Grid, group_by: GroupBy = GroupBy.ACCOUNT) -> AgedBalance:
    """Put accounts that are in order already into groups, and add them up (K7)."""
    return AgedBalance(as_of, columns, group_by, _grouped(accounts, columns, group_by), _total(accounts, columns))


def account_order(account: AgedAccount) -> tuple[str, ...]:
    """Where an account stands in the list: by name as the language collates, then by code."""
    return collation_key(account.name), account.code, account.company, account.account, account.currency


def group_order(key: str) -> tuple[bool, int, str, str]:
    """Where a group stands: keys that are numbers first and as numbers, so that type 9 comes before type 10; then by name."""
    number = key.isascii() and key.isdigit()
    return not number, int(key) if number else 0, collation_key(key), key


def answer(balance: AgedBalance) -> dict[str, object]:
    """The answer of ``relance aged``, amounts as text; grouped accounts name their group, whose subtotals stand under ``groups``."""
    flat = balance.group_by is GroupBy.ACCOUNT
    plain: dict[str, object] = {
        "as_of": balance.as_of.isoformat(),
        "basis": str(balance.grid.basis),
        "buckets": list(balance.grid.labels),
        "accounts": [
            account_answer(account, balance.grid) | ({} if flat else {"group": group.key})
            for group in balance.groups
            for account in group.accounts
        ],
        "totals": totals_answer(balance.totals),
    }
    subtotals = [{"group": group.key, "totals": totals_answer(group.totals)} for group in balance.groups]
    return plain if flat else plain | {"group_by": str(balance.group_by), "groups": subtotals}


def account_answer(account: AgedAccount, columns: Grid) -> dict[str, object]:
    """One account as ``relance aged`` writes it."""
    return {
        "company": account.company,
        "account": account.account,
        "code": account.code,
        "name": account.name,
        "currency": account.currency,
        "amounts": [money.show(amount, account.currency) for amount in account.amounts],
        "total": money.show(account.total, account.currency),
        "operations": [_operation_answer(aged, columns) for aged in account.operations],
    }


def totals_answer(totals: Totals) -> dict[str, object]:
    """Totals as ``relance aged`` writes them: per currency, the columns and their sum."""
    return {
        currency: {"amounts": [money.show(amount, currency) for amount in amounts], "total": money.show(sum(amounts), currency)}
        for currency, amounts in totals.by_currency().items()
    }


def flat_answer(operations: Iterable[Operation], as_of: date, columns: Grid) -> Iterator[tuple[str, object]]:
    """The answer account after account, from operations that come so: of a large company it never stands whole in memory."""
    totals = Totals(columns)

    def accounts() -> Iterator[dict[str, object]]:
        for _, owned in groupby(operations, key=attrgetter("company", "code", "account")):
            for account in age_account(owned, as_of, columns):
                totals.add(account)
                yield account_answer(account, columns)

    yield "as_of", as_of.isoformat()
    yield "basis", columns.basis
    yield "buckets", columns.labels
    yield "accounts", accounts()
    yield "totals", totals_answer(totals)


def _operation_answer(aged: AgedOperation, columns: Grid) -> dict[str, object]:
    operation = aged.operation
    return {
        "document": operation.document,
        "type": operation.type,
        "date": operation.document_date.isoformat(),
        "due_date": operation.due_date.isoformat(),
        "label": operation.label,
        "age": aged.age,
        "bucket": columns.labels[aged.column],
        "amount": money.show(operation.amount, operation.currency),
    }


def _aged(operation: Operation, as_of: date, columns: Grid) -> AgedOperation:
    if operation.document_date > as_of:
        raise ValueError(f"{operation.document} is dated {operation.document_date}, after the balance of {as_of}")
    age = columns.age(operation, as_of)
    return AgedOperation(operation, age, columns.column(age))


def _line(aged: list[AgedOperation], columns: Grid) -> AgedAccount:
    """One customer's operations of one currency as a line, the oldest first."""
    amounts = [0] * len(columns.labels)
    for each in aged:
        amounts[each.column] += each.operation.amount
    owner = aged[0].operation
    return AgedAccount(
        owner.company,
        owner.account,
        owner.code,
        owner.name,
        owner.customer_type,
        owner.sales_rep,
        owner.currency,
        tuple(amounts),
        sum(each.operation.amount for each in aged),
        tuple(sorted(aged, key=_oldest_first)),
    )


def _oldest_first(aged: AgedOperation) -> tuple[int, str, date, int]:
    return -aged.age, aged.operation.document, aged.operation.due_date, aged.operation.amount


def _group_key(account: AgedAccount, group_by: GroupBy) -> str:
    match group_by:
        case GroupBy.TYPE:
            return account.customer_type
        case GroupBy.SALES_REP:
            return account.sales_rep
        case GroupBy.ENTITY:
            return account.company
    return ""


def _grouped(accounts: Iterable[AgedAccount], columns: Grid, group_by: GroupBy) -> tuple[AgedGroup, ...]:
    members: dict[str, list[AgedAccount]] = {}
    for account in accounts:
        members.setdefault(_group_key(account, group_by), []).append(account)
    return tuple(AgedGroup(key, tuple(members[key]), _total(members[key], columns)) for key in sorted(members, key=group_order))


def _total(accounts: Iterable[AgedAccount], columns: Grid) -> Totals:
    totals = Totals(columns)
    for account in accounts:
        totals.add(account)
    return totals
