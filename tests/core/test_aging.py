"""In which bucket does each open operation stand?"""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core import money
from relance.core.aging import AgedBalance, Basis, GroupBy, Operation, age_account, aged_balance, answer, grid

AS_OF = date(2026, 7, 18)


def operations(table: str) -> list[Operation]:
    """Company, code, name, type, sales rep, document, date, due date, amount, currency."""
    rows = (line.split("|") for line in table.strip().splitlines())
    return [_operation(*(cell.strip() for cell in row)) for row in rows]


def _operation(
    company: str, code: str, name: str, of_type: str, rep: str, document: str, on: str, due: str, amount: str, iso: str
) -> Operation:
    kind = "invoice" if not amount.startswith("-") else "credit_note"
    minor = money.parse(amount, iso)
    return Operation(
        company,
        code,
        code,
        name,
        of_type,
        rep,
        document,
        kind,
        date.fromisoformat(on),
        date.fromisoformat(due),
        f"about {document}",
        minor,
        iso,
    )


LEDGER = operations("""
    ACME | C2 | Zénon       | 10 | DUP | FA-1 | 2026-07-18 | 2026-08-17 |  10.00 | EUR
    ACME | C2 | Zénon       | 10 | DUP | FA-2 | 2026-06-18 | 2026-07-18 |  20.00 | EUR
    ACME | C2 | Zénon       | 10 | DUP | FA-3 | 2026-06-17 | 2026-07-17 |  40.00 | EUR
    ACME | C2 | Zénon       | 10 | DUP | FA-4 | 2026-01-19 | 2026-02-18 |  80.00 | EUR
    ACME | C2 | Zénon       | 10 | DUP | FA-5 | 2026-01-18 | 2026-02-17 | 160.00 | EUR
    ACME | C2 | Zénon       | 10 | DUP | AV-1 | 2026-05-01 | 2026-05-01 | -15.00 | EUR
    ACME | C1 | Écluse      | 9  | MAR | FA-6 | 2026-05-18 | 2026-06-17 |   5.50 | EUR
    ACME | C1 | Écluse      | 9  | MAR | FA-7 | 2026-05-18 | 2026-06-17 |   7.25 | USD
    ACME | C3 | edmond      | 9  | DUP | FA-8 | 2026-04-18 | 2026-05-18 | 100.00 | EUR
    OTTO | C1 | Eclair Otto | 10 |     | FA-1 | 2026-04-19 | 2026-05-19 | 300.00 | EUR
""")


def shown(balance: AgedBalance) -> str:
    """The balance as it is printed: name, currency, a column per bucket, total."""
    lines = [
        [account.name, account.currency, *(money.show(amount, account.currency) for amount in (*account.amounts, account.total))]
        for group in balance.groups
        for account in group.accounts
    ]
    return "\n".join(" | ".join(line) for line in lines)


def table(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


@pytest.mark.spec("K4", "K12")
def test_by_invoice_date_each_amount_stands_under_the_age_of_its_invoice() -> None:
    assert shown(aged_balance(LEDGER, AS_OF, grid())) == table("""
        Eclair Otto | EUR | 0.00 | 0.00 | 300.00 | 0.00 | 0.00 | 300.00
        Écluse | EUR | 0.00 | 0.00 | 5.50 | 0.00 | 0.00 | 5.50
        Écluse | USD | 0.00 | 0.00 | 7.25 | 0.00 | 0.00 | 7.25
        edmond | EUR | 0.00 | 0.00 | 0.00 | 100.00 | 0.00 | 100.00
        Zénon | EUR | 30.00 | 40.00 | -15.00 | 80.00 | 160.00 | 295.00""")


def test_by_due_date_what_falls_due_on_the_day_is_not_yet_due() -> None:
    [zenon] = age_account([operation for operation in LEDGER if operation.code == "C2"], AS_OF, grid(Basis.DUE_DATE))
    assert grid(Basis.DUE_DATE).labels == ("not_due", "1-30", "31-60", "61-90", "91-180", "181+")
    assert zenon.amounts == (3000, 4000, 0, -1500, 24000, 0)


@pytest.mark.parametrize(
    ("age", "by_invoice_date", "by_due_date"),
    [
        (-1, None, "not_due"),
        (0, "0-30", "not_due"),
        (1, "0-30", "1-30"),
        (30, "0-30", "1-30"),
        (31, "31-60", "31-60"),
        (60, "31-60", "31-60"),
        (61, "61-90", "61-90"),
        (90, "61-90", "61-90"),
        (91, "91-180", "91-180"),
        (180, "91-180", "91-180"),
        (181, "181+", "181+"),
        (9999, "181+", "181+"),
    ],
)
def test_the_bounds_of_a_bucket_belong_to_it(age: int, by_invoice_date: str | None, by_due_date: str) -> None:
    invoice, due = grid(), grid(Basis.DUE_DATE)
    assert due.labels[due.column(age)] == by_due_date
    assert by_invoice_date is None or invoice.labels[invoice.column(age)] == by_invoice_date


def test_a_company_may_choose_other_bounds() -> None:
    assert grid(bounds=(15, 45)).labels == ("0-15", "16-45", "46+")
    assert grid(Basis.DUE_DATE, (1,)).labels == ("not_due", "1-1", "2+")


@pytest.mark.parametrize("bounds", [(), (0, 30), (30, 30), (60, 30), (-1,)])
def test_bounds_that_do_not_rise_are_refused(bounds: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must be days that rise"):
        grid(bounds=bounds)


def test_an_operation_dated_after_the_balance_cannot_be_in_it() -> None:
    with pytest.raises(ValueError, match="FA-1 is dated 2026-07-18, after the balance of 2026-07-17"):
        age_account(LEDGER[:1], AS_OF - timedelta(1), grid(Basis.DUE_DATE))


def test_what_is_settled_does_not_appear() -> None:
    assert age_account([LEDGER[0]._replace(amount=0)], AS_OF, grid()) == []


@pytest.mark.spec("K4")
def test_an_account_whose_operations_outweigh_each_other_is_settled_and_not_shown() -> None:
    assert age_account([LEDGER[0], LEDGER[0]._replace(document="AV-9", amount=-LEDGER[0].amount)], AS_OF, grid()) == []


def test_operations_stand_the_oldest_first() -> None:
    [zenon] = age_account([operation for operation in LEDGER if operation.code == "C2"], AS_OF, grid())
    assert [aged.operation.document for aged in zenon.operations] == ["FA-5", "FA-4", "AV-1", "FA-3", "FA-2", "FA-1"]


def test_two_companies_never_share_a_line_though_their_customers_share_a_code() -> None:
    both = aged_balance([operation for operation in LEDGER if operation.code == "C1"], AS_OF, grid())
    assert [account["company"] for account in answer(both)["accounts"]] == ["OTTO", "ACME", "ACME"]


@pytest.mark.spec("K7")
@pytest.mark.parametrize(
    ("group_by", "groups"),
    [
        (GroupBy.TYPE, {"9": ["Écluse", "Écluse", "edmond"], "10": ["Eclair Otto", "Zénon"]}),
        (GroupBy.SALES_REP, {"": ["Eclair Otto"], "DUP": ["edmond", "Zénon"], "MAR": ["Écluse", "Écluse"]}),
        (GroupBy.ENTITY, {"ACME": ["Écluse", "Écluse", "edmond", "Zénon"], "OTTO": ["Eclair Otto"]}),
        (GroupBy.ACCOUNT, {"": ["Eclair Otto", "Écluse", "Écluse", "edmond", "Zénon"]}),
    ],
)
def test_accounts_are_put_together_by_what_the_user_asks_for(group_by: GroupBy, groups: dict[str, list[str]]) -> None:
    balance = aged_balance(LEDGER, AS_OF, grid(), group_by)
    assert {group.key: [account.name for account in group.accounts] for group in balance.groups} == groups
    assert [group.key for group in balance.groups] == list(groups)


def test_the_answer_shows_each_operation_with_date_number_label_age_and_amount() -> None:
    written = answer(aged_balance(LEDGER[6:8], AS_OF, grid()))
    assert (written["as_of"], written["basis"]) == ("2026-07-18", "invoice_date")
    assert written["buckets"] == ["0-30", "31-60", "61-90", "91-180", "181+"]
    assert written["accounts"][0] == {
        "company": "ACME",
        "account": "C1",
        "code": "C1",
        "name": "Écluse",
        "currency": "EUR",
        "amounts": ["0.00", "0.00", "5.50", "0.00", "0.00"],
        "total": "5.50",
        "operations": [
            {
                "document": "FA-6",
                "type": "invoice",
                "date": "2026-05-18",
                "due_date": "2026-06-17",
                "label": "about FA-6",
                "age": 61,
                "bucket": "61-90",
                "amount": "5.50",
            }
        ],
    }
    assert written["totals"] == {
        "EUR": {"amounts": ["0.00", "0.00", "5.50", "0.00", "0.00"], "total": "5.50"},
        "USD": {"amounts": ["0.00", "0.00", "7.25", "0.00", "0.00"], "total": "7.25"},
    }


def test_a_grouped_answer_has_a_subtotal_for_each_group() -> None:
    written = answer(aged_balance(LEDGER[8:], AS_OF, grid(), GroupBy.TYPE))
    assert [account["group"] for account in written["accounts"]] == ["9", "10"]
    assert written["group_by"] == "type"
    assert written["groups"] == [
        {"group": "9", "totals": {"EUR": {"amounts": ["0.00", "0.00", "0.00", "100.00", "0.00"], "total": "100.00"}}},
        {"group": "10", "totals": {"EUR": {"amounts": ["0.00", "0.00", "300.00", "0.00", "0.00"], "total": "300.00"}}},
    ]


def test_an_empty_ledger_gives_an_empty_balance() -> None:
    assert answer(aged_balance([], AS_OF, grid(Basis.DUE_DATE), GroupBy.ENTITY)) == {
        "as_of": "2026-07-18",
        "basis": "due_date",
        "buckets": ["not_due", "1-30", "31-60", "61-90", "91-180", "181+"],
        "accounts": [],
        "totals": {},
        "group_by": "entity",
        "groups": [],
    }


some_operations = st.lists(
    st.builds(
        Operation,
        company=st.sampled_from(("ACME", "OTTO")),
        account=st.just("411"),
        code=st.sampled_from(("C1", "C2", "C3")),
        name=st.sampled_from(("Écluse", "eclair")),
        customer_type=st.sampled_from(("", "9", "10", "grands")),
        sales_rep=st.sampled_from(("", "DUP")),
        document=st.text("FA-0123", min_size=1, max_size=4),
        type=st.just("invoice"),
        document_date=st.dates(date(2024, 1, 1), AS_OF),
        due_date=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
        label=st.just(""),
        amount=st.integers(-(10**14), 10**14),
        currency=st.sampled_from(("EUR", "JPY", "TND")),
    ),
    max_size=20,
)
some_bounds = st.sets(st.integers(1, 400), min_size=1, max_size=6).map(lambda bounds: tuple(sorted(bounds)))


@given(some_operations, st.sampled_from(Basis), some_bounds, st.sampled_from(GroupBy))
def test_the_buckets_add_up_to_the_open_balance_to_the_cent(
    ledger: list[Operation], basis: Basis, bounds: tuple[int, ...], group_by: GroupBy
) -> None:
    balance = aged_balance(ledger, AS_OF, grid(basis, bounds), group_by)
    for group in balance.groups:
        for account in group.accounts:
            assert sum(account.amounts) == account.total == sum(aged.operation.amount for aged in account.operations)
    for currency, amounts in balance.totals.by_currency().items():
        assert sum(amounts) == sum(operation.amount for operation in ledger if operation.currency == currency)
    grouped = [(currency, amounts) for group in balance.groups for currency, amounts in group.totals.by_currency().items()]
    for currency, amounts in balance.totals.by_currency().items():
        assert amounts == tuple(map(sum, zip(*(of_group for iso, of_group in grouped if iso == currency), strict=True)))


@given(some_operations, st.sampled_from(Basis))
def test_every_open_operation_stands_in_exactly_one_place(ledger: list[Operation], basis: Basis) -> None:
    balance = aged_balance(ledger, AS_OF, grid(basis))
    placed = [aged.operation for group in balance.groups for account in group.accounts for aged in account.operations]
    assert sorted(placed) == sorted(operation for operation in ledger if operation.amount)


@given(some_operations, st.randoms())
def test_the_order_of_the_ledger_does_not_change_the_balance(ledger: list[Operation], shuffler: Random) -> None:
    once = [operation._replace(name=operation.code, customer_type="", sales_rep="") for operation in ledger]
    again = list(once)
    shuffler.shuffle(again)
    assert answer(aged_balance(once, AS_OF, grid())) == answer(aged_balance(again, AS_OF, grid()))
