"""Does the page of a document say why it is dunned or not?"""

import re

import pytest

from relance.models import Company, Document
from tests.acceptance.world import TODAY, World, day
from tests.web.conftest import queries


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\u00a0", " ").replace("&#x27;", "'")


def page_of(number: str, browser, company, language: str = "en", part: str = "", as_of: str = TODAY) -> str:
    pk = Document.objects.get(number=number).pk
    answer = browser("reader", company, language).get(f"/c/ACME/documents/{pk}/{part}?as_of={as_of}")
    assert answer.status_code == 200
    return words(answer)


def test_the_path_names_the_figures_that_were_compared(acme, browser):
    page = page_of("FA-1", browser, acme)
    assert "It is an invoice." in page
    assert "Dunned at level 1: 8 days late, level 1 from -5 to 10 days." in page
    assert "Next: on 15/07/2026, at level 1, if nothing changes." in page


def test_it_is_told_in_french(acme, browser):
    page = page_of("FA-1", browser, acme, "fr")
    assert "Relancée au niveau 1 : 8 jours de retard, niveau 1 de -5 à 10 jours." in page


@pytest.mark.parametrize(
    ("level", "due", "told"),
    [
        (0, -35, "A level applies: 35 days late, level 1 from 5 days on. That level is above the one it has, 0."),
        (1, -35, "Dunned at level 2: 35 days late, level 2 from 20 days on."),
        (1, -12, "No level applies on this date: 12 days late, level 2 from 20 days on."),
    ],
)
def test_step_by_step_the_next_level_alone_is_told_with_its_first_day(level, due, told, world: World, browser):
    world.policy("STEPS", (1, 5, 19), (2, 20, 39), (3, 40, None), progression="stepwise")
    world.customer(policy="STEPS")
    world.invoice("FA-1", due=day(TODAY, due), level=level, **({"last_dunned_on": day(TODAY, -15)} if level else {}))
    world.load()
    assert told in page_of("FA-1", browser, Company.objects.get())


def test_by_age_the_level_that_applies_is_told_alone(world: World, browser):
    world.levels((1, 0, 9), (2, 10, 29), (3, 30, None))
    world.invoice("FA-1", due=day(TODAY, -12))
    world.load()
    page = page_of("FA-1", browser, Company.objects.get())
    assert "A level applies: 12 days late, level 2 from 10 to 29 days. That level is above" in page


def test_where_no_level_applies_all_of_them_are_told_behind_one_figure(world: World, browser):
    world.levels((1, 5, 9), (2, 10, None))
    world.invoice("FA-1", due=day(TODAY, -3))
    world.load()
    page = page_of("FA-1", browser, Company.objects.get())
    assert "No level applies on this date: 3 days late, level 1 from 5 to 9 days, level 2 from 10 days on." in page


def test_the_path_ends_with_what_keeps_from_dunning(world: World, acme, browser):
    world.invoice("FA-9", "C009", status="LITIGE")
    world.load()
    page = page_of("FA-9", browser, acme, part="why/")
    assert page.endswith("Its status stops dunning. Nothing will be sent by itself until somebody changes something.")


def test_what_was_paid_and_sent_stands_on_the_page(world: World, acme, browser):
    world.payment("P1", "40.00", "2026-07-10", {"FA-1": "40.00"})
    world.load()
    world.batch()
    page = page_of("FA-1", browser, acme)
    assert "10/07/2026 P1 €40.00" in page
    assert "sent €60.00" in page
    assert "Notice sent" in page


def test_every_reason_has_its_words():
    from relance.core.reasoning import QUESTIONS
    from relance.core.reasons import Reason
    from relance.telling.why import _SENTENCES, reason_told

    assert set(_SENTENCES) == set(QUESTIONS)
    assert all(reason_told(reason) for reason in Reason)


def test_a_document_of_another_company_is_not_there(acme, browser, world: World):
    pk = Document.objects.get(number="FA-1").pk
    world.company(code="OTHER")
    world.load()
    assert browser("admin").get(f"/c/OTHER/documents/{pk}/").status_code == 404


def test_more_due_items_need_no_more_queries(world: World, acme, browser):
    client = browser("reader", acme)

    world.invoice("FA-8", "C001", due=[{"no": no, "due_date": f"2026-07-{no:02}", "amount": "10.00"} for no in range(1, 20)])
    world.load()
    few, many = (f"/c/ACME/documents/{Document.objects.get(number=number).pk}/" for number in ("FA-1", "FA-8"))
    assert queries(client, many) == queries(client, few)


# -- looking for things


def found(browser, acme, text: str) -> str:
    return words(browser("reader", acme).get("/c/ACME/search/", {"q": text}, headers={"hx-request": "true"}))


def test_a_customer_a_document_and_an_amount_are_found(acme, browser):
    assert "Client C001" in found(browser, acme, "client")
    assert "FA-1 Client C001" in found(browser, acme, "fa-1")
    assert "€50.00 FA-2 Client C002" in found(browser, acme, "50,00")
    assert "Nothing was found." in found(browser, acme, "nada")


def test_a_single_document_opens_at_once(acme, browser):
    pk = Document.objects.get(number="FA-1").pk
    assert browser("reader", acme).get("/c/ACME/search/", {"q": "FA-1"})["Location"] == f"/c/ACME/documents/{pk}/"


# -- the coming days


def test_the_coming_days_show_what_will_go_out(world: World, browser):
    world.invoice("FA-1", due="2026-07-07")
    world.levels((1, 0, None))
    world.load()
    from relance.models import Company

    page = words(browser("reader", Company.objects.get()).get("/c/ACME/calendar/"))
    assert "e-mail 1 €100.00" in page


def test_without_levels_the_coming_days_say_so(world: World, browser):
    world.levels()
    world.load()
    from relance.models import Company

    assert "no levels set up" in words(browser("reader", Company.objects.get()).get("/c/ACME/calendar/"))


@pytest.mark.parametrize(
    ("brought", "told"),
    [
        ({}, "It was never dunned."),
        ({"level": 2}, "No notice was issued here: level 2 was imported or set by hand, without a date."),
        ({"level": 2, "last_dunned_on": "2026-05-04"}, "No notice was issued here: level 2, of 04/05/2026, was imported or set by hand."),
        ({"level": "NA"}, "No notice was issued here: level NA was imported or set by hand, without a date."),
    ],
)
def test_a_level_that_no_notice_gave_is_told_as_taken_over(brought, told, world: World, browser):
    world.invoice("FA-1", **brought)
    world.load()
    page = words(browser("reader", Company.objects.get()).get(f"/c/ACME/documents/{Document.objects.get().pk}/"))
    assert told in page
    assert ("never dunned" in page) == (not brought)


def test_the_payment_method_is_told_by_its_label(acme, browser):
    assert "Its payment method, Virement, is dunned." in page_of("FA-1", browser, acme)
