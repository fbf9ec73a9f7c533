"""Are the tasks of who sets up, and of who goes to court, done in the browser? And can letters and e-mails be issued without scripts?

The tests follow one another on one company.
"""

import io
import re
import zipfile

import pikepdf
from django.utils.timezone import localdate

from relance.models import DueItem, Event, Notice, Payment
from relance.models.tokens import Token
from relance.models.webhooks import Webhook
from tests.browser.conftest import enter, follow, told


def test_a_token_is_made_shown_once_used_and_revoked_without_scripts(look, served):
    page = look("settings/tokens/", scripts=False)
    page.fill("[name=name]", "ERP")
    page.select_option("[name=role]", "reader")
    follow(page, "button[value=add]")
    secret = page.locator("code.secret").inner_text().strip()
    page.goto(served + "settings/tokens/")
    assert secret not in page.content()
    asked = {"headers": {"Authorization": f"Bearer {secret}", "Cookie": ""}}
    address = served.partition("/c/")[0] + "/api/v1/companies/AUBRELLE/customers"
    assert page.context.request.get(address, **asked).status == 200
    page.click("[popovertarget^=revoke-]")
    follow(page, "button[value=revoke]")
    assert told(page)
    assert page.context.request.get(address, **asked).status == 401
    assert Token.objects.get().revoked_at is not None


def test_a_webhook_is_set_up_changed_and_removed(look):
    page = look("settings/webhooks/")
    page.fill("[name=code]", "erp")
    page.fill("[name=url]", "https://erp.example/relance")
    page.check("[name=types][value='promise.made']")
    follow(page, "button[value=set]")
    assert page.locator("code.secret").inner_text().strip()
    assert "un règlement a été promis" in page.locator("tbody").first.inner_text()
    follow(page, "a[href*='change=erp']")
    assert page.input_value("[name=url]") == "https://erp.example/relance"
    page.check("[name=paused]")
    follow(page, "button[value=set]")
    assert told(page)
    assert (Webhook.objects.get().paused, Webhook.objects.get().types) == (True, "promise.made")
    page.click("[popovertarget^=remove-]")
    page.wait_for_selector("[id^=remove-] button:focus")
    page.keyboard.press("Enter")  # the answer that loses nothing is the first
    page.wait_for_selector("[id^=remove-]", state="hidden")
    assert Webhook.objects.exists()
    page.click("[popovertarget^=remove-]")
    follow(page, "button[value=remove]")
    assert page.locator("tbody .empty").count() > 0
    assert not Webhook.objects.exists()


def test_the_court_file_of_a_customer_is_had_in_both_forms(look):
    item = DueItem.objects.filter(billed_customer__code="C057").exclude(open_amount=0).first()
    page = look(f"customers/{item.billed_customer_id}/")
    had = {}
    for form in ("pdf", "zip"):
        page.click("[popovertarget=court-file]")
        with page.expect_download() as download:
            page.click(f"#court-file a[href*='format={form}']")
        had[form] = download.value.path().read_bytes()
        page.reload()
    assert len(pikepdf.open(io.BytesIO(had["pdf"])).pages) > 1
    assert any(name.endswith(".pdf") for name in zipfile.ZipFile(io.BytesIO(had["zip"])).namelist())


def test_payments_are_matched_by_one_key_each(look, demo):
    owed = DueItem.objects.filter(company=demo, open_amount__gt=0, billed_customer__insolvent_on=None, billed_customer__isnull=False)
    paid = {one.billed_customer_id: one for one in owed.filter(document__type="invoice", document__currency="EUR").order_by("pk")}
    for number, one in enumerate(list(paid.values())[:12]):
        said = {"reference": f"VIR-{number}", "date": localdate(), "currency": "EUR", "customer_id": one.billed_customer_id}
        Payment.objects.create(company=demo, amount=one.open_amount, remaining_amount=one.open_amount, **said)
    page = look("matching/?show=payments")
    waiting = int(page.locator("nav.tabs [aria-current] .badge").inner_text())
    for left in range(waiting - 1, -1, -1):
        page.wait_for_selector("main button.primary:focus")
        enter(page)
        page.wait_for_selector(f"nav.tabs a[href*=payments] .badge:text-is('{left}')")
    assert waiting == 14
    assert Event.objects.filter(what="payment_matched").count() == waiting


def test_letters_are_issued_without_scripts_from_the_selection_to_the_file(look):
    page = look("edition/?level=3", scripts=False)
    letters = int(re.match(r"\d+", page.locator("section header h2").inner_text().strip())[0])
    page.click("[popovertarget=question]")
    follow(page, "#question button.primary")
    page.wait_for_url(re.compile(r"/edition/letters/\d+/"))
    assert page.request.get(page.locator("a.button.primary").evaluate("link => link.href")).body().startswith(b"%PDF")
    assert Notice.objects.filter(run__kind="edition", status="printed").count() == letters > 0


def test_invoices_are_reminded_of_by_mail_without_scripts(look):
    page = look("invoices/", scripts=False)
    page.select_option("[name=state]", "overdue")
    page.check("[name=dunnable]")
    follow(page, "form.filters button[type=submit]")
    for place in range(2):
        page.locator("tbody .pick input").nth(place).check()
    follow(page, ".bulk button[value=email]")
    follow(page, "button[value^='up:']:enabled")
    follow(page, "button[value=issue]")
    sent = int(re.match(r"\d+", told(page))[0])
    assert Notice.objects.filter(run__kind="manual", status="sent").count() == sent > 0


def test_a_run_is_launched_and_taken_back_without_scripts(look):
    page = look("runs/today/", scripts=False)
    page.click("[popovertarget=launching]")
    follow(page, "#launching button.primary")
    page.wait_for_url(re.compile(r"/runs/\d+/"))
    page.click("[popovertarget=cancel-run]")
    page.fill("#cancel-run-reason", "Fichier du mauvais mois")
    follow(page, "#cancel-run button.danger")
    assert told(page)
    assert set(Notice.objects.filter(run__kind="batch").values_list("status", flat=True)) == {"cancelled"}
