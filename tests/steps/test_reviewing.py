"""Does what a person looked at, and nothing else, get issued?"""

from dataclasses import replace
from datetime import date

import pytest

from relance.core.facts import Channel
from relance.core.grouping import Claim
from relance.core.review import ReviewRequest, raised
from relance.models import Company, Customer, Document, DueItem, Notice, Policy, PolicyLevel, Run, Site
from relance.steps import Refused
from relance.steps.running import remind, review

pytestmark = pytest.mark.django_db

ON = date(2026, 7, 15)


def company_of(code):
    """A company with levels 1 to 3 whose customer C001 owes FA-1, FA-2 and FA-3."""
    company = Company.objects.create(code=code, name=code, currency="EUR", sender_email="compta@acme.example")
    policy = Policy.objects.create(company=company, code="")
    for level, lower in ((1, 5), (2, 20), (3, 40)):
        PolicyLevel.objects.create(company=company, policy=policy, level=level, lower_bound=lower, upper_bound=lower + 10)
    customer = Customer.objects.create(company=company, code="C001", name="Client")
    Site.objects.create(company=company, customer=customer, code="S1", email="client@client.example")
    whose = {"company": company, "billed_customer": customer}
    for number in ("FA-1", "FA-2", "FA-3"):
        document = Document.objects.create(customer=customer, number=number, date=date(2026, 6, 1), currency="EUR", **whose)
        DueItem.objects.create(document=document, no=1, due_date=date(2026, 7, 7), amount=10000, open_amount=10000, **whose)
    return company


@pytest.fixture
def company():
    return company_of("ACME")


def chosen(company, *numbers, **asked):
    items = DueItem.objects.filter(company=company, document__number__in=numbers)
    return ReviewRequest(ON, dict.fromkeys(items.values_list("pk", flat=True)), **asked)


def levels(looked):
    return {line.item.document: line.decision.level if isinstance(line.decision, Claim) else str(line.decision) for _, line in looked.lines}


def test_raising_a_line_and_dropping_another_needs_no_memory_between_two_looks(company):
    request = chosen(company, "FA-1", "FA-2")
    first, second = (line for _, line in review(company, request).lines)
    request = replace(request, chosen={first.item.id: raised(first.decision.level, first.levels)})
    looked = review(company, request)
    assert (levels(looked), second.item.document, Run.objects.count()) == ({"FA-1": 2}, "FA-2", 0)
    assert [notice["level"] for notice in looked.report.notices] == [2]


def test_what_was_looked_at_is_issued(company):
    request = chosen(company, "FA-1", "FA-2")
    report = remind(company, request, seen=review(company, request).seal, by="claire")
    assert [notice["status"] for notice in report.notices] == ["sent"]


CHANGES = {
    "a payment": lambda company: DueItem.objects.filter(document__number="FA-1").update(allocated_amount=5000, open_amount=5000),
    "a level": lambda company: DueItem.objects.filter(document__number="FA-1").update(level=2),
    "a block": lambda company: Document.objects.filter(number="FA-1").update(no_manual_dunning=True),
    "an address": lambda company: Site.objects.update(email="autre@client.example"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_since_is_not_issued_and_nothing_is_stored(company, change):
    request = chosen(company, "FA-1", "FA-2")
    seal = review(company, request).seal
    CHANGES[change](company)
    with pytest.raises(Refused, match="has changed since"):
        remind(company, request, seen=seal, by="claire")
    assert not Run.objects.exists()


@pytest.mark.parametrize("channel", Channel)
def test_the_same_review_sent_twice_is_issued_once(company, channel):
    request = chosen(company, "FA-1", "FA-2", channel=channel)
    seal = review(company, request).seal
    remind(company, request, seen=seal, by="claire")
    with pytest.raises(Refused, match="has changed since"):
        remind(company, request, seen=seal, by="claire")
    assert Notice.objects.count() == 1


def test_due_items_of_another_company_are_nobodys(company):
    looked = review(company, chosen(company_of("AUTRE"), "FA-1"))
    assert (looked.lines, looked.settled, list(looked.report.notices)) == ([], [], [])


def test_a_review_reads_the_customers_chosen_alone(company, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        assert len(review(company, chosen(company, "FA-1", "FA-2", "FA-3")).lines) == 3
