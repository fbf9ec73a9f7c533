"""What do all pages have in common?"""

import pytest
from django.test.utils import override_settings

from relance.models import Company, Event, User


def test_somebody_with_one_company_lands_in_it(acme: Company, browser):
    assert browser("reader", acme).get("/")["Location"] == "/c/ACME/"


def test_somebody_with_several_companies_chooses(acme: Company, browser):
    Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    page = browser("admin").get("/").content.decode()
    assert "/c/ACME/" in page
    assert "/c/ELSE/" in page


@pytest.mark.parametrize(("language", "said"), [("fr", "Balance âgée"), ("en", "Aged balance")])
def test_a_page_speaks_the_language_of_its_reader(language: str, said: str, acme: Company, browser):
    answer = browser("reader", acme, language).get("/c/ACME/aged/")
    assert said in answer.content.decode()
    assert answer["Content-Language"] == language


def test_a_language_once_chosen_stays(acme: Company, browser):
    client = browser("reader", acme)
    assert client.post("/language/", {"language": "fr", "next": "/c/ACME/aged/"})["Location"] == "/c/ACME/aged/"
    assert User.objects.get().language == "fr"
    assert "Balance âgée" in client.get("/c/ACME/aged/").content.decode()


def test_a_language_leads_back_to_no_other_site(acme: Company, browser):
    assert browser().post("/language/", {"language": "fr", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_a_page_loads_nothing_from_elsewhere_and_runs_no_script_of_its_own(acme: Company, browser):
    answer = browser("reader", acme).get("/c/ACME/aged/")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_what_is_not_there_is_told_in_a_page(acme: Company, browser):
    answer = browser("reader", acme, "fr").get("/c/ACME/nada/")
    assert answer.status_code == 404
    assert "Il n’y a rien ici" in answer.content.decode()


@override_settings(DEBUG=False)
def test_a_fault_of_ours_is_told_without_its_traceback(acme: Company, browser, monkeypatch):
    monkeypatch.setattr("relance.web.aged.balance", lambda *_, **__: 1 / 0)
    client = browser("reader", acme)
    client.raise_request_exception = False
    answer = client.get("/c/ACME/aged/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("invoices/review/", {"item": "9" * 5_000}),
        ("invoices/review/", {"failures_of": "9" * 5_000}),
        ("levels/set/", {"item": "9" * 5_000, "level": "9" * 5_000}),
        ("runs/notices/settle/", {"notice": "9" * 5_000}),
        ("settings/users/", {"act": "invite", "member": "9" * 5_000}),
    ],
)
def test_a_number_longer_than_any_is_as_if_nothing_was_said(acme, browser, address, form):
    before = Event.objects.count()
    assert browser("admin").post(f"/c/ACME/{address}", form).status_code in (200, 302, 400, 404)
    assert Event.objects.count() == before
