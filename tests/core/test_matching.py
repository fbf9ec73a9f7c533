"""Are payments without a letter proposed for the right invoices, with a reason, and never more than they are worth?"""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from relance.core.matching import Claim, Proposal, Receipt, propose_matches


def proposals(claims: str, receipts: str) -> list[str]:
    """Proposals as lines, from invoices (number, day of January, amount) and payments (reference, day, amount, what it says)."""
    invoices = [Claim(number, day(on), int(amount)) for number, on, amount in map(str.split, claims.strip().splitlines())]
    rows = [[*line.split(None, 3), ""] for line in receipts.splitlines()]
    payments = [Receipt(reference, day(on), int(amount), says) for reference, on, amount, says, *_ in rows]
    return [_line(proposal) for proposal in propose_matches(invoices, payments)]


def day(text: str) -> date:
    return date(2026, 1, int(text))


def _line(proposal: Proposal) -> str:
    parts = " ".join(f"{number}={amount}" for number, amount in proposal.parts)
    return f"{proposal.reference}: {parts} {proposal.reason} {proposal.confidence}"


INVOICES = """
    FA-101  2  100
    FA-102  3  250
    FA-103  5  100
    FA-104  9  400
"""


def test_a_payment_that_names_an_invoice_is_proposed_for_it():
    assert proposals(INVOICES, "P1 20 250 VIR DUPONT FA102 MERCI") == ["P1: FA-102=250 names_the_invoice high"]


def test_a_payment_that_names_an_invoice_and_pays_a_part_is_less_sure():
    assert proposals(INVOICES, "P1 20 90 acompte fa-102") == ["P1: FA-102=90 names_the_invoice medium"]


def test_a_payment_above_the_invoices_it_names_pays_them_whole_and_keeps_the_rest():
    assert proposals(INVOICES, "P1 20 600 FA 101 FA 104") == ["P1: FA-101=100 FA-104=400 names_the_invoice medium"]


def test_a_longer_number_does_not_name_a_shorter_one():
    assert proposals("FA-101 2 70", "P1 20 90 FA-1012 XFA-101") == []


def test_a_batch_label_without_figures_names_nothing():
    assert proposals("RAN 2 70", "P1 20 90 RAN") == []


def test_an_exact_amount_is_sure_where_one_invoice_and_one_payment_have_it():
    assert proposals(INVOICES, "P1 20 400") == ["P1: FA-104=400 same_amount high"]


def test_of_several_invoices_of_that_amount_the_oldest_is_proposed_less_sure():
    assert proposals(INVOICES, "P1 20 100") == ["P1: FA-101=100 same_amount medium"]


def test_two_payments_of_the_same_amount_are_not_sure_of_either_invoice():
    assert proposals("FA-1 2 100", "P1 20 100\nP2 21 100") == ["P1: FA-1=100 same_amount medium"]


def test_the_oldest_invoices_that_add_up_are_proposed():
    assert proposals(INVOICES, "P1 20 350") == ["P1: FA-101=100 FA-102=250 sum_of_the_oldest medium"]


def test_neighbours_that_add_up_are_proposed_last_where_only_they_do():
    assert proposals(INVOICES, "P1 20 500") == ["P1: FA-103=100 FA-104=400 sum_of_neighbours low"]
    assert proposals("A 1 7\nB 2 3\nC 3 2\nD 4 1\nE 5 4", "P1 20 5") == []


def test_an_invoice_dated_after_the_payment_is_proposed_only_where_it_is_named():
    assert proposals(INVOICES, "P1 4 400") == []
    assert proposals(INVOICES, "P1 4 400 acompte FA104") == ["P1: FA-104=400 names_the_invoice high"]


def test_an_invoice_serves_one_payment_and_the_better_reason_goes_first():
    assert proposals(INVOICES, "P1 20 250\nP2 21 250 FA-102") == ["P2: FA-102=250 names_the_invoice high"]


def test_what_nothing_explains_is_not_proposed():
    assert proposals(INVOICES, "P1 20 33") == []


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 31))
CLAIMS = st.lists(st.tuples(DAYS, st.integers(1, 9)), max_size=8)
RECEIPTS = st.lists(st.tuples(DAYS, st.integers(1, 30), st.sampled_from(["", "FA100", "FA101 FA102"])), max_size=5)


@given(CLAIMS, RECEIPTS)
def test_proposals_never_exceed_an_invoice_or_a_payment_and_serve_each_once(claims: list, receipts: list):
    invoices = [Claim(f"FA{100 + place}", on, amount) for place, (on, amount) in enumerate(claims)]
    payments = [Receipt(f"P{place}", on, amount, says) for place, (on, amount, says) in enumerate(receipts)]
    found = propose_matches(invoices, payments)
    named = [number for proposal in found for number, _ in proposal.parts]
    assert len(set(named)) == len(named)
    assert len({proposal.reference for proposal in found}) == len(found)
    open_amounts, left = {invoice.number: invoice.open for invoice in invoices}, {payment.reference: payment.left for payment in payments}
    for proposal in found:
        assert all(0 < amount <= open_amounts[number] for number, amount in proposal.parts)
        assert sum(amount for _, amount in proposal.parts) <= left[proposal.reference]
