"""Does an empty installation lead its administrator to a first look at what would be sent?"""

import pytest

from relance.models import Company, DueItem, Event, PolicyLevel
from tests.acceptance.world import World
from tests.channels.hostile import hostile
from tests.web.test_imports import words

COMPANY = {"name": "Acme SAS", "code": "ACME", "currency": "EUR", "country": "FR", "language": "fr", "sender_email": "compta@acme.example"}


def test_an_administrator_is_led_from_nothing_to_the_first_steps(browser):
    client = browser("admin")
    assert client.get("/")["Location"] == "/companies/new/"
    page = words(client.post("/companies/new/", COMPANY, follow=True))
    assert "Acme SAS is founded" in page
    company = Company.objects.get()
    assert (company.name, company.sender_email, company.language) == ("Acme SAS", "compta@acme.example", "fr")
    assert list(PolicyLevel.objects.values_list("label", flat=True)) == ["Rappel", "Deuxième rappel", "Mise en demeure"]
    assert Event.objects.get().what == "company_founded"


def test_the_first_steps_tell_what_the_policy_does(browser):
    client = browser("admin")
    page = words(client.post("/companies/new/", COMPANY, follow=True))
    assert "Rappel from 5 to 19 days after the due date, by e-mail, sent by the automatic run" in page
    assert "from 40 days after the due date on, by letter, never automatic: somebody decides" in page


def test_the_first_steps_say_of_na_that_nobody_is_reminded(browser, world: World):
    world.levels((1, 0, 29), ("NA", 30, None))
    world.load()
    page = words(browser("administrator", Company.objects.get()).get("/c/ACME/first-steps/"))
    assert "NA from 30 days after the due date on, excluded from dunning" in page


def test_the_first_steps_lead_on_to_pages_that_are_there(browser):
    client = browser("admin")
    client.post("/companies/new/", COMPANY)
    assert {client.get(address).status_code for address in ("/c/ACME/imports/", "/c/ACME/runs/today/")} == {200}


@pytest.mark.parametrize(
    ("wrong", "told"), [({"code": "A/B"}, "it stands in addresses"), ({"name": ""}, "required"), ({"currency": "FRF"}, "valid choice")]
)
def test_a_company_that_makes_no_sense_is_not_founded(wrong, told, browser):
    page = words(browser("admin").post("/companies/new/", COMPANY | wrong))
    assert told in page
    assert not Company.objects.exists()


def test_a_code_is_given_once(browser, acme: Company):
    page = words(browser("admin").post("/companies/new/", COMPANY))
    assert "There is a company of this code already." in page
    assert Company.objects.get().name == acme.name


def test_others_found_no_company(browser, acme: Company):
    assert browser("administrator", acme).post("/companies/new/", COMPANY | {"code": "B"}).status_code == 403
    assert Company.objects.count() == 1


def test_somebody_without_any_company_is_told_whom_to_ask(browser):
    assert "Ask an administrator" in words(browser("reader").get("/"))


def test_a_test_mail_goes_to_who_asks_for_it(browser, acme: Company, mail_folder):
    page = words(browser("administrator", acme).post("/c/ACME/first-steps/", follow=True))
    assert "The test mail to administrator@acme.example was accepted." in page
    [mail] = mail_folder.glob("*.eml")
    assert "To: administrator@acme.example" in mail.read_text()


def test_a_mail_server_that_is_not_there_is_told_in_words(browser, acme: Company, settings):
    settings.RELANCE_EMAIL_URL = "smtp://127.0.0.1:9"
    page = words(browser("administrator", acme, language="fr").post("/c/ACME/first-steps/", follow=True))
    assert "le serveur de messagerie 127.0.0.1:9 est injoignable" in page


def test_a_wrong_password_of_the_mail_server_is_told_and_not_shown(browser, acme: Company, settings):
    with hostile(EHLO="250-hello\n250 AUTH PLAIN", AUTH="535 no") as server:
        settings.RELANCE_EMAIL_URL = server.url.replace("://", "://jean:geheim@")
        page = words(browser("administrator", acme).post("/c/ACME/first-steps/", follow=True))
    assert "does not accept the user name or password" in page
    assert "geheim" not in page


def test_a_company_founded_on_screen_begins_under_a_ceiling(browser):
    browser("admin").post("/companies/new/", COMPANY)
    company = Company.objects.get()
    assert (company.ceiling, company.ceiling_notices) == ("first", 100)


def test_what_was_reminded_of_elsewhere_takes_its_level(browser, acme: Company):
    client = browser("administrator", acme)
    said = {"due_to": "2098-12-31", "level": "1", "on": "2026-07-01"}
    assert "1 due item has its level." in words(client.post("/c/ACME/first-steps/", said, follow=True))
    assert list(DueItem.objects.order_by("document__number").values_list("level", flat=True)) == [1, 0]


def test_a_reminder_that_is_still_to_come_is_not_taken(browser, acme: Company):
    said = {"due_to": "2098-12-31", "level": "1", "on": "2098-12-31"}
    assert "This day is still to come." in words(browser("administrator", acme).post("/c/ACME/first-steps/", said))
    assert not DueItem.objects.filter(level=1).exists()
