"""Are the tasks of a day done as an accountant does them, with the mouse and with the keys?

The tests follow one another on one company, from the morning on: none asks for what another has changed.
"""

import re
import threading

from relance.models import Document, DueItem, Event, Notice
from relance.steps.banking import import_bank
from relance.work.turning import work
from tests.browser.conftest import enter, follow, told
from tests.importers.banks import Move, camt

LIST = """Code client;Nom;N° facture;Date;Échéance;Solde
C900;Cave Nouvelle;NF-1;01/02/2026;03/03/2026;120,00
C900;Cave Nouvelle;NF-2;01/03/2026;31/03/2026;80,50
"""


def test_some_invoices_are_reminded_of_from_the_list_through_the_review_window(look):
    page = look("invoices/?state=overdue&dunnable=1")
    boxes = page.locator("tbody .pick input")
    for place in range(3):
        boxes.nth(place).check()
    assert page.locator("[data-count]").first.inner_text() == "3"
    follow(page, ".bulk button[value=email]")
    page.wait_for_url("**/invoices/review/?*")
    follow(page, "button[value^='drop:']")
    assert page.locator("tbody[data-rows] tr").count() == 2
    follow(page, "button[value=issue]")
    sent = int(re.match(r"\d+", told(page))[0])
    assert Notice.objects.filter(status="sent", run__kind="manual").count() == sent > 0


def test_a_document_is_blocked_with_its_comment_and_the_history_says_so(look):
    item = DueItem.objects.filter(billed_customer__code="C001").exclude(open_amount=0).order_by("due_date").first()
    page = look(f"customers/{item.billed_customer_id}/")
    page.locator(f"input[name=item][value='{item.pk}']").check()
    page.click("[popovertarget=act-block]")
    page.fill("[name=block-comment]", "Casse à la livraison, avoir à venir")
    follow(page, "#act-block button[value=block]")
    assert told(page)
    assert page.locator("tbody .badge.warn").count() == 1
    follow(page, "nav.tabs a[href$='/past/']")
    page.wait_for_url("**/past/")
    assert "Casse à la livraison" in page.locator("tbody").inner_text()
    assert Document.objects.get(pk=item.document_id).block_comment == "Casse à la livraison, avoir à venir"


def test_documents_are_blocked_together_from_the_list_and_one_is_back_at_the_search(look):
    page = look("invoices/?state=open&sort=due&order=down")
    for place in range(2):
        page.locator("tbody .pick input").nth(place).check()
    follow(page, ".bulk button[formaction*=block]")
    page.wait_for_url("**/invoices/block/?*")
    page.fill("[name=block-comment]", "Livraison reportée")
    follow(page, "main button[value=block]")
    page.wait_for_url("**/invoices/?state=open&sort=due&order=down")
    assert told(page).startswith("2 pièces bloquées")
    assert Document.objects.filter(block_comment="Livraison reportée", no_auto_dunning=True).count() == 2


def test_a_level_is_consulted_then_corrected(look):
    page = look("levels/?customer=&current=0")
    follow(page, "button[name=modify]")
    page.locator("tbody .pick input").first.check()
    page.select_option("select[name=level]", "1")
    follow(page, ".bulk button.primary")
    assert told(page)
    assert Event.objects.filter(what="level_set").count() == 1


def test_an_edition_leads_from_the_selection_to_letters_to_print(look):
    page = look("edition/")
    page.select_option("select[name=level]", "3")
    follow(page, "form.filters button.primary")
    letters = int(re.match(r"\d+", page.locator("section header h2").inner_text().strip())[0])
    with page.expect_download() as listed:
        page.locator("a[href*='control-list'][href*='as=xlsx']").click()
    assert listed.value.suggested_filename.endswith(".xlsx")
    provisional = page.request.get(page.locator("a[href*='/provisional/']").first.evaluate("link => link.href"))
    assert provisional.body().startswith(b"%PDF")
    assert Notice.objects.filter(run__kind="edition").count() == 0
    page.click("[popovertarget=question]")
    assert str(letters) in page.locator("#question .big").inner_text()
    follow(page, "#question button.primary")
    page.wait_for_url(re.compile(r"/edition/letters/\d+/"))
    assert page.request.get(page.locator("a.button.primary").evaluate("link => link.href")).body().startswith(b"%PDF")
    assert Notice.objects.filter(run__kind="edition", status="printed").count() == letters > 0


def test_a_promise_that_has_come_due_is_looked_up_by_the_keys_alone(look):
    page = look("")
    page.keyboard.press("j")
    enter(page)
    page.wait_for_url("**/invoices/?promise=due")
    assert page.locator("tbody .badge", has_text="promesse dépassée").count() > 0


def test_a_notice_is_left_out_of_the_run_of_the_day_with_a_reason(look):
    page = look("runs/today/")
    letters = page.locator("tbody tr").count()
    page.locator("tbody .pick input").first.check()
    page.click("[popovertarget=leaving-out]")
    page.wait_for_selector("#leaving-out input:focus")
    page.keyboard.type("Appel en cours")
    enter(page)
    assert told(page)
    assert page.locator("tbody tr").count() < letters
    assert Document.objects.filter(no_dunning_temporary=True, block_comment="Appel en cours").count() > 0


def test_the_daily_round_is_three_keys_and_what_left_is_read(look):
    page = look("")
    with page.expect_navigation():
        page.keyboard.press("a")
    page.wait_for_url("**/runs/today/")
    page.keyboard.press("a")
    page.wait_for_selector("#launching:popover-open button:focus")
    enter(page)
    page.wait_for_url(re.compile(r"/runs/\d+/"))
    work(threading.Event(), once=True)
    page.reload()
    run = int(re.search(r"/runs/(\d+)/", page.url)[1])
    assert not Notice.objects.filter(run=run, channel="email").exclude(status="sent").exists()
    follow(page, "tbody th a")
    page.wait_for_url("**/notices/*/")
    follow(page, "nav a[href$='/mail-folder/']")
    follow(page, "tbody th a")
    page.wait_for_url("**/mail-folder/*/")
    page.frame_locator("iframe").locator("body", has_text=re.compile(r"\w")).wait_for()


def test_an_import_is_looked_at_applied_and_undone(look):
    page = look("imports/")
    page.set_input_files("#file", {"name": "impayes.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    follow(page, "main form button.primary")
    follow(page, "label:has([name=partial][type=checkbox])")
    page.wait_for_url(re.compile("partial=1"))
    assert not Document.objects.filter(number="NF-1").exists()
    follow(page, "button[value=apply]")
    assert told(page)
    assert Document.objects.filter(number__startswith="NF-").count() == 2
    page.click("[popovertarget^=undo-]")
    follow(page, "[id^=undo-] button.danger")
    assert page.locator(".badge.muted").count() > 0
    assert not Document.objects.filter(number__startswith="NF-").exists()


def test_a_setting_is_changed_and_told_by_its_name(look):
    page = look("settings/company/")
    page.fill("[name=ceiling_notices]", "40")
    page.select_option("[name=ceiling]", "every")
    follow(page, "main form button.primary")
    assert told(page)
    assert page.input_value("[name=ceiling_notices]") == "40"
    history = page.locator("main").inner_text()
    assert "ceiling_notices" not in history
    assert "→ 40" in history


def test_the_palette_leads_to_a_page_by_a_few_letters(look):
    page = look("")
    page.keyboard.press("Control+k")
    page.keyboard.type("calend")
    page.wait_for_selector("#found [data-asked=calend] a[href$='/calendar/']")
    enter(page)
    page.wait_for_url("**/calendar/")


def test_a_row_is_reminded_of_by_a_right_click_and_by_keys(look):
    page = look("invoices/?state=overdue")
    page.locator("tbody tr:has(.pick input) td.num").first.click(button="right")
    menu = page.locator("[data-menu]")
    menu.wait_for()
    assert page.locator(".pick input:checked").count() == 1
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    page.keyboard.press("j")
    page.keyboard.press("Shift+F10")
    page.wait_for_selector("[data-menu] :is(a, button):focus")
    follow(page, "[data-menu] button[value=letter]")
    page.wait_for_url("**/invoices/review/?*")


def test_a_search_is_kept_and_opens_the_list(look):
    page = look("invoices/?state=overdue")
    page.click("[popovertarget=saving]")
    page.fill("#saving [name=name]", "En retard")
    page.check("#saving [name=is_default]")
    follow(page, "#saving [type=submit]")
    follow(page, "nav a[href$='/invoices/']")
    page.wait_for_url(re.compile("state=overdue"))
    assert page.locator(".chip[aria-current]").inner_text().strip() == "En retard"


def taker(page) -> str:
    """The name of what takes the keys of a page; it may have them a moment after the page is loaded."""
    page.wait_for_function("document.activeElement !== document.body")
    return page.evaluate("document.activeElement.name")


def test_payments_are_matched_by_keys_one_for_each_that_something_is_proposed_for(look, demo, tmp_path):
    owed = [
        item
        for item in DueItem.objects.filter(open_amount__gt=0, document__type="invoice", document__currency="EUR").order_by("pk")
        if DueItem.objects.filter(open_amount=item.open_amount).count() == 1
    ][:8]
    moves = [Move("2026-07-10", item.open_amount, "VIREMENT", item.billed_customer.name, bank_reference=f"A{item.pk}") for item in owed[:6]]
    moves += [Move("2026-07-11", item.open_amount, "VIREMENT", f"X{item.pk}", bank_reference=f"B{item.pk}") for item in owed[6:]]
    (statement := tmp_path / "releve.xml").write_bytes(camt(moves))
    import_bank(demo, statement, "malavoy")
    page, searched = look("matching/?show=entries"), 0
    for item in owed:
        if taker(page) == "q":  # nothing is proposed: the search has the focus
            searched += 1
            page.keyboard.type(item.document.number)
            enter(page)
            assert taker(page) == "item"
        enter(page)
    assert searched <= 2
    assert DueItem.objects.filter(pk__in=[item.pk for item in owed]).exclude(open_amount=0).count() == 0


def test_a_policy_is_compared_in_its_place_and_the_page_says_so_meanwhile(look):
    page = look("settings/policies/")
    shown = "() => { const told = document.getElementById('comparing'); return [getComputedStyle(told).display, told.innerText] }"
    before, _ = page.evaluate(shown)
    page.evaluate("document.querySelector('button[value=compare]').click()")
    during, said = page.evaluate(shown)
    page.wait_for_selector("#compared h2")
    assert (before, during, "Chaque client" in said) == ("none", "flex", True)
    assert page.evaluate(shown)[0] == "none"
