"""By which questions was a due item decided?"""

from hypothesis import given
from hypothesis import strategies as st

from relance.core.forecast import look_ahead
from relance.core.grouping import Claim
from relance.core.proposal import Decider
from relance.core.reasoning import QUESTIONS, path
from relance.core.reasons import Reason
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import N1_N2, page, terms

ONE = """
    document | due    | open | level | last dunned
    FA-1     | 7 July | 100  | 1     | 10 July
    """


def asked(as_of: str, text: str = ONE, **said: object):
    customer, on = page(text, **said), terms(as_of, N1_N2)
    item = customer.items[0]
    return path(item, customer, on, look_ahead(item, customer, on).decision)


def test_under_a_claim_every_question_was_asked_and_none_held():
    assert [one.reason for one in asked("18 July")] == [reason for reason in QUESTIONS if reason is not Reason.PAYMENT_TO_MATCH]
    assert not any(one.holds for one in asked("18 July"))


def test_the_path_ends_with_the_question_that_answered():
    assert [(one.reason, one.holds) for one in asked("18 July", auto_dunning=False)][-2:] == [
        (Reason.INSOLVENT, False),
        (Reason.CUSTOMER_MODE_OFF, True),
    ]


def test_the_figures_are_those_that_were_compared():
    facts = asked("15 July")[-1].facts
    assert (facts["late"], facts["level"]) == (8, 1)
    assert [(read.row.level, read.elapsed, read.within) for read in facts["rows"]] == [(1, 8, True), (2, 8, False)]


@given(strategies.pages().filter(lambda customer: customer.items), strategies.terms(), st.data())
def test_exactly_the_reason_of_the_decision_holds_and_stands_last(customer, on: Terms, data):
    item = data.draw(st.sampled_from(customer.items))
    decision = Decider(customer, on).decide(item)
    found = path(item, customer, on, decision)
    assert [one.reason for one in found if one.holds] == ([] if isinstance(decision, Claim) else [decision])
    assert isinstance(decision, Claim) or found[-1].holds
