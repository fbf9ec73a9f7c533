"""When will a due item be dunned next, and what will go out in the coming days?"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.core.facts import NA, DueItem, Page
from relance.core.forecast import coming_notices, look_ahead
from relance.core.grouping import Claim, Notice
from relance.core.proposal import propose
from relance.core.reasons import Reason
from relance.core.selection import Terms
from tests.core import strategies
from tests.core.pages import N1_N2, SITES, day_month, decisions, page, policy, table, terms
from tests.core.pages import customer as ordinary

HORIZON = 400  # days, beyond every bound of the strategies


def told(customer: Page, asked: Terms) -> str:
    """``"no_level_applies; 18 July: 2"``, of the first due item."""
    outlook = look_ahead(customer.items[0], customer, asked)
    decision = "dun" if isinstance(outlook.decision, Claim) else outlook.decision
    return f"{decision}; {day_month(outlook.next[0])}: {outlook.next[1]}" if outlook.next else f"{decision}; never"


@pytest.mark.parametrize(
    "row",
    table("""
        as of   | level | last dunned | promised | marks     | told
        15 July |       |             |          |           | dun; 15 July: 1
        1 July  |       |             |          |           | no_level_applies; 2 July: 1
        15 July | 1     | 10 July     |          |           | already_at_level; 18 July: 2
        15 July | 2     | 10 July     |          |           | already_at_level; never
        15 July |       | 16 July     |          |           | already_at_level; 16 July: 1
        15 July |       |             | 14 July  |           | promised; 18 July: 2
        15 July |       |             | 12 July  |           | promised; 16 July: 1
        15 July |       |             | 20 July  |           | promised; 24 July: 2
        15 July |       |             |          | temporary | blocked_temporarily; 16 July: 1
        17 July |       |             |          | temporary | blocked_temporarily; 18 July: 2
        18 July |       |             |          | temporary | blocked_temporarily; 19 July: 2
        15 July |       |             |          | no_auto   | blocked; never
        15 July |       |             |          | disputed  | disputed; never
        15 July | NA    |             |          |           | level_na; never
        7 August |      |             |          |           | no_level_applies; never
        """),
    ids=lambda row: row["told"],
)
def test_what_is_decided_today_and_when_it_is_dunned_next(row: dict[str, str]) -> None:
    customer = page(f"""
        document | due    | open | level          | last dunned          | promised          | marks
        FA-1     | 7 July | 100  | {row["level"]} | {row["last dunned"]} | {row["promised"]} | {row["marks"]}
        """)
    assert told(customer, terms(row["as of"])) == row["told"]


ONE = """
    document | due    | open | level | last dunned
    FA-1     | 7 July | 100  | 1     | 14 July
    """


def test_the_days_between_two_notices_are_waited_for() -> None:
    assert told(page(ONE), terms("18 July", policy("N1 -5..10, N2 11..30", min_days=7))) == "too_soon; 21 July: 2"


def test_the_guard_of_the_last_dunning_is_waited_for() -> None:
    reminded = page(ONE.replace("14 July", "2 July"))
    assert told(reminded, terms("13 July", policy(N1_N2, clock="last_dunning"))) == "no_level_applies; 18 July: 2"


def test_the_end_of_an_exclusion_is_waited_for() -> None:
    assert told(page(ONE), terms("18 July", "N2 11..90, NA 10..20")) == "no_level_applies; 28 July: 2"


def test_a_level_that_only_people_issue_is_waited_out() -> None:
    assert told(page(ONE), terms("18 July", "N2 1..60, N3 1..20 end_of_month by_hand")) == "dun; 18 July: 2"
    assert told(page(ONE), terms("1 August", "N2 1..60, N3 1..20 end_of_month by_hand")) == "not_automatic; 21 August: 2"


@pytest.mark.parametrize(
    ("customer", "answer"),
    [
        (page(ONE, in_flight="FA-1"), "in_flight; never"),
        (page(ONE, dunning_enabled=False), "customer_dunning_disabled; never"),
        (page(ONE, auto_dunning=False), "customer_mode_off; never"),
        (page(ONE, sites=""), "no_recipient; never"),
        (page(ONE, payments="reference | date | left\nP1 | 1 July | 100"), "creditor_customer; never"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_is_foretold_under_what_only_a_person_or_a_payment_can_lift(customer: Page, answer: str) -> None:
    assert told(customer, terms("18 July")) == answer


def test_a_contact_who_leaves_before_the_next_level_is_not_counted_on() -> None:
    contacts = "email | receives | left\na@client.example | dunning_all_sites | 17 July"
    customer = page(ONE, sites=SITES.replace("compta@client.example", ""), contacts=contacts)
    assert told(customer, terms("16 July")) == "already_at_level; never"
    assert told(customer, terms("16 July", "N2 10..30")) == "no_level_applies; 17 July: 2"


# -- what is always true


def without_lasting_hindrance(customer: Page) -> Page:
    """The page without most of what only a person can lift, so that there is something to foretell."""
    free = {"type": "invoice", "dunnable": True, "no_auto_dunning": False, "stopped": False}
    items = [item._replace(open=abs(item.open), level=item.level % NA, **free) for item in customer.items]
    return replace(customer, customer=ordinary(), items=items, remainders=[], in_flight=set())


ANY = strategies.pages(most=2).filter(lambda customer: customer.items)
PAGES = st.one_of(ANY, ANY.map(without_lasting_hindrance), ANY.map(without_lasting_hindrance))


def run_on(day: date, item: DueItem, customer: Page, asked: Terms) -> int | Reason:
    """What a run of that day, among those of every day since the run's date, makes of the item."""
    first = day == asked.as_of
    items = [other._replace(no_dunning_temporary=other.no_dunning_temporary and first) for other in customer.items]
    return decisions(propose(replace(customer, items=items), replace(asked, as_of=day)))[item.id]


def days_from(first: date) -> Iterator[date]:
    return (first + timedelta(number) for number in range(HORIZON))


@given(PAGES, strategies.terms())
def test_a_run_every_day_duns_the_item_first_on_the_day_foretold(customer: Page, asked: Terms) -> None:
    item = customer.items[0]
    found = ((day, level) for day in days_from(asked.as_of) if isinstance(level := run_on(day, item, customer, asked), int))
    assert look_ahead(item, customer, asked).next == next(found, None)


@given(PAGES, strategies.terms(), st.integers(0, 90))
def test_asked_on_any_day_before_the_answer_stays_the_same(customer: Page, asked: Terms, days: int) -> None:
    item = customer.items[0]._replace(no_dunning_temporary=False)
    foretold = look_ahead(item, customer, asked).next
    later = replace(asked, as_of=asked.as_of + timedelta(days))
    if foretold is None or later.as_of <= foretold[0]:
        assert look_ahead(item, customer, later).next == foretold


@given(PAGES, strategies.terms(), st.dates(), st.dates(), st.dates())
def test_any_dates_of_the_calendar_are_foretold(customer: Page, asked: Terms, as_of: date, due: date, other: date) -> None:
    item = customer.items[0]._replace(due_date=due, last_dunned_on=other, promised_on=other)
    foretold = look_ahead(item, customer, replace(asked, as_of=as_of)).next
    assert foretold is None or foretold[0] >= as_of


LAST_DAY = """
    document | due              | open | last dunned      | promised
    FA-1     | 31 December 9999 | 100  |                  |
    FA-2     | 31 December 9999 | 100  | 30 December 9999 | 31 December 9999
    """


def test_the_last_days_of_the_calendar_are_foretold() -> None:
    customer = page(LAST_DAY)
    assert told(customer, terms("30 December 9999", "N1 0..")) == "no_level_applies; 31 December: 1"
    customer.items.reverse()
    assert told(customer, terms("31 December 9999", "N1 0.., N2 400.. end_of_month")) == "promised; never"


# -- the coming days


def calendar(customer: Page, asked: Terms, days: int) -> list[str]:
    """``"18 July: 2 FA-1 FA-2"``, one line a notice."""
    coming = coming_notices([customer], asked, asked.as_of + timedelta(days))
    return [
        f"{day_month(day)}: {notice.level} {' '.join(line.item.document for line in notice.lines)}"
        for day, notices in coming
        for notice in notices
    ]


SOON = """
    document | due    | open | level | last dunned | promised | marks
    FA-1     | 7 July | 100  |       |             |          |
    FA-2     | 8 July | 100  |       |             |          |
    FA-3     | 7 July | 100  |       |             | 30 July  |
    FA-4     | 7 July | 100  |       |             |          | no_auto
    FA-5     | 7 July | 100  |       |             |          | temporary
    """


def test_the_coming_days_show_each_notice_on_its_day_and_the_next_level_after_it() -> None:
    assert calendar(page(SOON), terms("15 July"), 30) == [
        "15 July: 1 FA-1 FA-2",
        "16 July: 1 FA-5",
        "18 July: 2 FA-1 FA-5",
        "19 July: 2 FA-2",
        "3 August: 2 FA-3",
    ]


def test_the_last_day_asked_for_is_the_last_one_shown() -> None:
    assert calendar(page(SOON), terms("15 July"), 4)[-1] == "19 July: 2 FA-2"
    assert calendar(page(SOON), terms("15 July"), 3)[-1] == "18 July: 2 FA-1 FA-5"


def run_every_day(customer: Page, asked: Terms, days: int) -> Iterator[tuple[date, list[Notice]]]:
    """What a proposal of each day makes, its items then standing as it has left them."""
    for day in itertools.islice(days_from(asked.as_of), days + 1):
        notices = propose(customer, replace(asked, as_of=day)).notices
        given = {line.item.id: line.level for notice in notices for line in notice.lines}
        items = [item._replace(no_dunning_temporary=False) for item in customer.items]
        after = [item._replace(level=given[item.id], last_dunned_on=day) if item.id in given else item for item in items]
        customer = replace(customer, items=after)
        if notices:
            yield day, notices


@given(PAGES, strategies.terms(), st.integers(0, 60))
def test_the_coming_days_are_those_of_a_run_every_day(customer: Page, asked: Terms, days: int) -> None:
    last = asked.as_of + timedelta(days)
    assert _plainly(coming_notices([customer], asked, last)) == _plainly(run_every_day(customer, asked, days))


def _plainly(
    coming: Iterable[tuple[date, list[Notice]]],
) -> list[tuple[date, int, tuple[str, ...], list[tuple[int, int]], tuple[object, ...]]]:
    """By day and notice: the level, the recipients, the items with their levels, the credits."""
    return [
        (day, notice.level, notice.to, [(line.item.id, line.level) for line in notice.lines], notice.credits)
        for day, notices in coming
        for notice in notices
    ]
