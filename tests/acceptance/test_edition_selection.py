"""Whom does a letter edition take? Customers, due items by scope, filters, minimum, order (section 8)."""

import pytest

from tests.acceptance.world import TODAY, day, item, site

OUT = "not_selected"


# -- the customer's own level


@pytest.mark.spec("A8", "A9")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_only_customers_one_level_below_are_taken(world, number):
    for own in range(5):
        world.customer(f"C{own}", level=own)
        world.invoice(f"FA-{own}", f"C{own}", level=0)
    world.load()
    assert world.edition(number).customers() == [f"C{number - 1}"]


def test_customers_of_any_level_are_taken_where_the_user_asks(world):
    for own in range(5):
        world.customer(f"C{own}", level=own)
        world.invoice(f"FA-{own}", f"C{own}", level=0)
    world.load()
    assert world.edition(2, TODAY, "--any-customer-level").customers() == ["C0", "C1", "C2", "C3", "C4"]


@pytest.mark.parametrize("scope", ["this_level", "this_level_and_lower"])
def test_a_repeat_takes_customers_already_at_the_level_too(world, scope):
    for own in range(5):
        world.customer(f"C{own}", level=own)
        world.invoice(f"FA-{own}", f"C{own}", level=2, last_dunned_on="2026-07-01")
    world.load()
    assert world.edition(2, TODAY, "--scope", scope).customers() == ["C1", "C2"]


def test_the_level_asked_is_the_billed_customers(world):
    world.customer("C001", level=1)
    world.customer("C002", level=0)
    world.invoice("FA-1", "C001", billed_customer="C002")
    world.invoice("FA-2", "C002", billed_customer="C001")
    world.load()
    run = world.edition(1)
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == (1, OUT)


# -- the scope

SCOPES = [
    # scope                    the due items' levels that an edition at level 2 takes
    pytest.param((), {0, 1}, marks=pytest.mark.spec("A18"), id="by default, all lower"),
    pytest.param(("--scope", "all_lower"), {0, 1}, marks=pytest.mark.spec("A18"), id="all lower"),
    pytest.param(("--scope", "previous_level"), {1}, marks=pytest.mark.spec("A19"), id="previous level"),
    pytest.param(("--scope", "never_dunned"), {0}, marks=pytest.mark.spec("A20"), id="never dunned"),
    pytest.param(("--scope", "this_level"), {2}, marks=pytest.mark.spec("A21"), id="this level"),
    pytest.param(("--scope", "this_level_and_lower"), {0, 1, 2}, marks=pytest.mark.spec("A22"), id="this level and lower"),
]


@pytest.mark.parametrize(("flags", "taken"), SCOPES)
def test_the_scope_says_which_levels_are_taken(world, flags, taken):
    world.customer("C001", level=1)
    for own in (0, 1, 2, 3, "NA"):
        world.invoice(f"FA-{own}", level=own)
    world.load()
    run = world.edition(2, TODAY, *flags)
    assert {own: run.outcome(f"FA-{own}") for own in (0, 1, 2, 3, "NA")} == {own: 2 if own in taken else OUT for own in (0, 1, 2, 3, "NA")}


def test_an_unknown_scope_is_wrong_usage(world):
    world.load()
    world.ask("edition", "--as-of", TODAY, "--level", 1, "--scope", "everything").misused()


@pytest.mark.parametrize(("dunned_on", "result"), [("2026-07-14", 2), ("2026-07-15", "too_soon")])
def test_a_repeat_takes_nothing_already_dunned_on_its_own_date(world, dunned_on, result):
    world.customer("C001", level=2)
    world.invoice("FA-1", level=2, last_dunned_on=dunned_on)
    world.load()
    assert world.edition(2, "2026-07-15", "--scope", "this_level").outcome("FA-1") == result


def test_an_edition_asks_nothing_of_the_bounds(world):
    world.levels((1, 100, 110), (2, 111, None))
    world.invoice("FA-1")
    world.load()
    assert world.edition(1).outcome("FA-1") == 1


def test_due_items_of_several_levels_stand_on_one_letter(world):
    world.customer("C001", level=1)
    world.invoice(
        "FA-1", due=[item("2026-06-20", "60.00", level=1, last_dunned_on="2026-07-01"), item("2026-07-01", "40.00")], date="2026-06-01"
    )
    world.load()
    lines = world.edition(2).notice()["lines"]
    assert [(line["level_before"], line["level_after"]) for line in lines] == [(1, 2), (0, 2)]


# -- due dates


@pytest.mark.spec("A24")
@pytest.mark.parametrize(
    ("flags", "taken"),
    [
        pytest.param((), {1, 5, 9}, id="by default all that is overdue"),
        pytest.param(("--due-from", "2026-07-05"), {5, 9}, id="from a day on"),
        pytest.param(("--due-to", "2026-07-05"), {1, 5}, id="up to a day"),
        pytest.param(("--due-from", "2026-07-05", "--due-to", "2026-07-05"), {5}, id="one day"),
        pytest.param(("--due-to", "2026-07-10"), {1, 5, 9, 10}, id="what is due on the date too"),
        pytest.param(("--due-to", "2026-07-31"), {1, 5, 9, 10, 20}, id="what is not due yet too"),
        pytest.param(("--due-from", "2026-07-06", "--due-to", "2026-07-08"), set(), id="none"),
    ],
)
def test_due_dates_from_and_to_are_inclusive_and_end_the_day_before_by_default(world, flags, taken):
    for number in (1, 5, 9, 10, 20):
        world.invoice(f"FA-{number}", due=f"2026-07-{number:02}")
    world.load()
    run = world.edition(1, "2026-07-10", *flags)
    assert {number for number in (1, 5, 9, 10, 20) if run.outcome(f"FA-{number}") == 1} == taken


def test_the_due_items_of_a_document_are_selected_one_by_one(world):
    world.invoice("FA-1", due=[item("2026-07-01", "60.00"), item("2026-08-01", "40.00")], date="2026-06-01")
    world.load()
    run = world.edition()
    assert (run.outcome("FA-1", "2026-07-01"), run.outcome("FA-1", "2026-08-01")) == (1, OUT)


# -- customer filters


@pytest.mark.spec("A27")
@pytest.mark.parametrize(
    ("flags", "taken"),
    [
        pytest.param(("--type-from", "5", "--type-to", "20"), ["10", "20", "5"], id="as numbers"),
        pytest.param(("--type-from", "10"), ["10", "100", "20"], id="from only"),
        pytest.param(("--type-to", "9"), ["2", "5"], id="to only"),
        pytest.param(("--type-from", "20", "--type-to", "20"), ["20"], id="one type"),
    ],
)
def test_customer_types_that_are_numbers_are_compared_as_numbers(world, flags, taken):
    for kind in ("2", "5", "10", "20", "100"):
        world.customer(f"C{kind}", type=kind)
        world.invoice(f"FA-{kind}", f"C{kind}")
    world.load()
    assert sorted(customer[1:] for customer in world.edition(1, TODAY, *flags).customers()) == taken


@pytest.mark.spec("A27")
@pytest.mark.parametrize(
    ("flags", "taken"),
    [(("--type-from", "B", "--type-to", "D"), ["B", "BTP", "D"]), (("--type-from", "C"), ["D", "E"]), (("--type-to", "B"), ["A", "B"])],
)
def test_customer_types_that_are_words_are_compared_as_words(world, flags, taken):
    for kind in ("A", "B", "BTP", "D", "E"):
        world.customer(f"C{kind}", type=kind)
        world.invoice(f"FA-{kind}", f"C{kind}")
    world.load()
    assert sorted(customer[1:] for customer in world.edition(1, TODAY, *flags).customers()) == taken


@pytest.mark.spec("A28")
@pytest.mark.parametrize(
    ("flags", "taken"),
    [((), ["C1", "C2", "C3"]), (("--sales-rep", "DUP"), ["C1"]), (("--sales-rep", "DUP", "--sales-rep", "MAR"), ["C1", "C2"])],
)
def test_sales_reps_are_the_customers(world, flags, taken):
    for code, rep in (("C1", "DUP"), ("C2", "MAR"), ("C3", None)):
        world.customer(code, sales_rep=rep)
        world.invoice(f"FA-{code}", code, manager="DUP")
    world.load()
    assert world.edition(1, TODAY, *flags).customers() == taken


@pytest.mark.spec("A29")
@pytest.mark.parametrize(
    ("flags", "taken"),
    [
        ((), ["CHQ", "VIR"]),
        (("--payment-method", "CHQ"), ["CHQ"]),
        (("--payment-method", "CHQ", "--payment-method", "VIR"), ["CHQ", "VIR"]),
    ],
)
def test_payment_methods_are_the_documents(world, flags, taken):
    for method in ("CHQ", "VIR"):
        world.invoice(method, payment_method=method)
    world.load()
    run = world.edition(1, TODAY, *flags)
    assert {method: run.outcome(method) for method in ("CHQ", "VIR")} == {
        method: 1 if method in taken else OUT for method in ("CHQ", "VIR")
    }


@pytest.mark.spec("A31")
@pytest.mark.parametrize(("codes", "taken"), [(["C2"], ["C2"]), (["C1", "C3"], ["C1", "C3"])])
def test_the_user_may_pick_customers(world, codes, taken):
    for code in ("C1", "C2", "C3"):
        world.invoice(f"FA-{code}", code)
    world.load()
    flags = [word for code in codes for word in ("--customer", code)]
    run = world.edition(1, TODAY, *flags)
    assert run.customers() == taken
    assert {entry["reason"] for entry in run.left_out} == {OUT}


@pytest.mark.spec("A33")
def test_the_letters_of_all_matching_customers_are_proposed(world):
    for number in range(12):
        world.invoice(f"FA-{number:02}", f"C{number:02}")
    world.load()
    assert len(world.edition().notices) == 12


def test_filters_add_up(world):
    for number, (kind, rep, method) in enumerate([("10", "DUP", "VIR"), ("10", "DUP", "CHQ"), ("10", "MAR", "VIR"), ("20", "DUP", "VIR")]):
        world.customer(f"C{number}", type=kind, sales_rep=rep)
        world.invoice(f"FA-{number}", f"C{number}", payment_method=method)
    world.load()
    flags = ("--type-to", "10", "--sales-rep", "DUP", "--payment-method", "VIR")
    assert world.edition(1, TODAY, *flags).customers() == ["C0"]


# -- minimum per customer


@pytest.mark.spec("A30")
@pytest.mark.parametrize(("minimum", "result"), [("99.99", 1), ("100.00", "below_run_minimum"), ("100.01", "below_run_minimum"), (None, 1)])
def test_the_sum_per_customer_must_be_strictly_above_the_minimum(world, minimum, result):
    world.invoice("FA-1", amount="60.00")
    world.invoice("FA-2", amount="40.00")
    world.load()
    run = world.edition(1, TODAY, *(("--min-amount", minimum) if minimum else ()))
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == (result, result)


@pytest.mark.spec("A30")
def test_the_minimum_counts_only_what_the_filters_left(world):
    world.invoice("FA-1", amount="60.00")
    world.invoice("FA-2", amount="500.00", payment_method="CHQ")
    world.invoice("FA-3", amount="500.00", due="2026-09-01", date="2026-06-01")
    world.load()
    run = world.edition(1, TODAY, "--payment-method", "VIR", "--min-amount", "60.00")
    assert [run.outcome(number) for number in ("FA-1", "FA-2", "FA-3")] == ["below_run_minimum", OUT, OUT]


@pytest.mark.spec("A30")
@pytest.mark.parametrize(("flags", "result"), [((), "below_run_minimum"), (("--no-credits",), 1)])
def test_the_minimum_counts_credits_in_deduction(world, flags, result):
    world.invoice("FA-1", amount="150.00")
    world.credit("AV-1", amount="-60.00")
    world.load()
    assert world.edition(1, TODAY, "--min-amount", "100.00", *flags).outcome("FA-1") == result


def test_the_minimum_is_per_customer(world):
    world.invoice("FA-1", "C1", amount="60.00")
    world.invoice("FA-2", "C2", amount="600.00")
    world.load()
    assert world.edition(1, TODAY, "--min-amount", "100.00").customers() == ["C2"]


def test_the_minimum_is_per_currency(world):
    world.invoice("FA-1", amount="60.00")
    world.invoice("FA-2", amount="60.00", currency="USD")
    world.load()
    run = world.edition(1, TODAY, "--min-amount", "100.00")
    assert (run.outcome("FA-1"), run.outcome("FA-2")) == ("below_run_minimum", "below_run_minimum")


@pytest.mark.parametrize(
    ("currency", "amount", "result"),
    [("JPY", "100", "below_run_minimum"), ("JPY", "101", 1), ("TND", "100.000", "below_run_minimum"), ("TND", "100.001", 1)],
)
def test_the_minimum_is_an_amount_whatever_the_decimals_of_the_currency(world, currency, amount, result):
    world.invoice("FA-1", amount=amount, currency=currency)
    world.load()
    assert world.edition(1, TODAY, "--min-amount", "100.00").outcome("FA-1") == result


# -- order

PEOPLE = {
    # code  name       postcode  sales rep
    "C1": ("Zola", "13000", "DUP"),
    "C2": ("Élan", "75001", "MAR"),
    "C3": ("Eden", "33000", "MAR"),
    "C4": ("Fabre", "01000", "DUP"),
    "C5": ("Émile", "33000", "DUP"),
    "C6": ("Durand", "69001", "MAR"),
}


@pytest.mark.spec("A25")
@pytest.mark.parametrize(
    ("flags", "order"),
    [
        pytest.param((), "C6 C3 C2 C5 C4 C1", id="by name when nothing is said, E with its accents"),
        pytest.param(("--sort", "name"), "C6 C3 C2 C5 C4 C1", id="by name"),
        pytest.param(("--sort", "postcode"), "C4 C1 C3 C5 C6 C2", id="by postcode, ties by code"),
        pytest.param(("--sort", "code"), "C1 C2 C3 C4 C5 C6", id="by code"),
        pytest.param(("--sort", "sales_rep"), "C1 C4 C5 C2 C3 C6", id="by sales rep, ties by code"),
    ],
)
def test_the_letters_come_in_the_order_asked(world, flags, order):
    for code, (name, postcode, rep) in reversed(PEOPLE.items()):
        world.customer(code, name=name, sales_rep=rep, sites=[site("S1", postcode=postcode), site("S2", postcode="99999")])
        world.invoice(f"FA-{code}", code)
    world.load()
    assert world.edition(1, TODAY, *flags).customers() == order.split()


@pytest.mark.spec("A25")
def test_two_customers_of_one_name_come_by_code(world):
    for code in ("C2", "C1", "C3"):
        world.customer(code, name="Martin")
        world.invoice(f"FA-{code}", code)
    world.load()
    assert world.edition().customers() == ["C1", "C2", "C3"]


def test_the_letters_of_one_customer_come_by_site_then_first_document(world):
    world.options(letter_grouping="invoice")
    world.customer("C001", sites=[site("S1"), site("S2")])
    for number, where in (("FA-4", "S1"), ("FA-1", "S2"), ("FA-3", "S1"), ("FA-2", "S2")):
        world.invoice(number, site=where)
    world.load()
    assert world.edition().dunned() == ["FA-3", "FA-4", "FA-1", "FA-2"]


@pytest.mark.parametrize(
    "wrong",
    [("--sort", "colour"), ("--min-amount", "12,5O"), ("--due-from", "2026-02-30"), ("--level", "12"), ("--level", "0"), ("--level", "NA")],
)
def test_nonsense_is_refused_and_stores_nothing(world, tmp_path, wrong):
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    answer = world.ask("edition", "--as-of", TODAY, "--level", 1, "--definitive", "--out", tmp_path / "x.pdf", *wrong)
    assert answer.exit_code in (1, 2)
    assert answer.err.strip()
    assert world.rows() == before


@pytest.mark.parametrize("days", [0, 1, 2])
def test_an_invoice_is_in_the_edition_from_the_day_after_its_due_date(world, days):
    world.invoice("FA-1", due="2026-07-07")
    world.load()
    assert world.edition(1, day("2026-07-07", days)).outcome("FA-1") == (1 if days else OUT)
