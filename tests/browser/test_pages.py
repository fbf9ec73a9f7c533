"""Can everybody use the pages: with the keyboard, on a telephone, in the dark, without scripts, with a reader of the screen?"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from relance.models import Customer, Document, DueItem
from tests.browser.conftest import PAPER, TELEPHONE, follow

# Every screen that the side bar leads to, and what these lead to; a new one is added here.
PAGES = (
    *("", "aged/", "aged/?group_by=type", "customers/", "invoices/", "runs/", "runs/today/", "runs/notices/?status=failed", "returned/"),
    *("mail-folder/", "edition/"),
    *("edition/customers/?level=1", "levels/?current=0", "levels/?current=0&modify=1", "calendar/", "imports/", "matching/?show=payments"),
    *("matching/?show=done", "batches/", "batches/new/", "search/?q=cave", "first-steps/", "settings/company/", "settings/messaging/"),
    *("settings/policies/", "settings/texts/", "settings/letters/", "settings/templates/", "settings/lists/", "settings/lists/types/"),
    *("settings/rates/", "settings/users/", "settings/tokens/", "settings/webhooks/"),
    *("customers/{customer}/", "customers/{customer}/sheet/", "customers/{customer}/written/", "customers/{customer}/past/"),
    *("customers/{customer}/contacts/new/", "customers/{customer}/due-items/{item}/", "documents/{document}/"),
    *("documents/{document}/why/", "../../help/", "../../help/factures/", "../../companies/new/"),
)


AXE = Axe()
CUSTOMER = PAGES.index("customers/{customer}/")


def faults(page):
    """What axe finds wrong, each with the element."""
    found = AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(fault["id"], node["html"][:120]) for fault in found for node in fault["nodes"]]


@pytest.fixture
def pages(demo) -> list[str]:
    """The addresses, with somebody and something in them."""
    item = DueItem.objects.filter(billed_customer=Customer.objects.get(code="C001")).exclude(open_amount=0).first()
    known = {"customer": item.billed_customer_id, "item": item.pk, "document": Document.objects.get(pk=item.document_id).pk}
    return [path.format(**known) for path in PAGES]


def test_no_page_is_wider_than_a_telephone(look, served, pages):
    page, wide = look("", size=TELEPHONE), "document.documentElement.scrollWidth - window.innerWidth"
    told = {path: (page.goto(served + path).status, page.evaluate(wide)) for path in pages}
    assert told == dict.fromkeys(pages, (200, 0))


def test_the_amounts_of_every_list_are_seen_on_a_telephone(look, served, pages):
    page, out = look("", size=TELEPHONE), {}
    outside = "[...document.querySelectorAll('.key, .num.strong')].filter(one => one.getBoundingClientRect().right > innerWidth).length"
    for path in ("", "aged/", "customers/", "invoices/", "runs/today/", "edition/?level=3", "calendar/", pages[CUSTOMER]):
        page.goto(served + path)
        assert page.locator(".key").count() > 0
        out[path] = page.evaluate(outside)
    assert not any(out.values()), out


def test_no_table_of_a_page_is_cut_at_its_side(look, served, pages):
    page, cut = look(""), {}
    beyond = "[...document.querySelectorAll('html, .scroll')].filter(one => one.scrollWidth > one.clientWidth + 1).length"
    for path in pages:
        page.goto(served + path)
        for width in (1280, 1024, 800, 390):  # a small desk, a tablet lying and standing, a telephone
            page.set_viewport_size({"width": width, "height": 800})
            cut[path, width] = page.evaluate(beyond)
    assert not any(cut.values()), {where: number for where, number in cut.items() if number}


def test_nothing_of_a_list_is_cut_off_on_paper(look, served, pages):
    page = look("", size=PAPER)
    wide = "Math.max(...[...document.querySelectorAll('table')].map(one => one.getBoundingClientRect().right)) - innerWidth"
    page.emulate_media(media="print")
    beyond = {path: [page.goto(served + path), page.evaluate(wide)][1] for path in ("aged/", "invoices/", "runs/today/", pages[CUSTOMER])}
    assert all(by <= 0 for by in beyond.values()), beyond
    laid_out = page.evaluate("getComputedStyle(document.querySelector('table tbody tr')).display")
    assert laid_out == "table-row", "a list is a table on paper, though paper is as narrow as a telephone"


def test_the_strip_of_a_telephone_shows_where_one_is(look):
    page = look("levels/", size=TELEPHONE)
    here = page.locator(".side [aria-current]").bounding_box()
    assert here["x"] >= 0
    assert here["x"] + here["width"] <= TELEPHONE["width"]


def test_axe_finds_nothing_wrong_with_the_pages_of_every_day(look, served, pages):
    page, wrong = look(""), {}
    for path in (
        "",
        "aged/",
        "invoices/",
        "runs/today/",
        "matching/?show=payments",
        "mail-folder/",
        "settings/lists/types/",
        pages[CUSTOMER],
    ):
        page.goto(served + path)
        wrong[path] = faults(page)
    assert not any(wrong.values()), wrong


@pytest.mark.proof
def test_axe_finds_nothing_wrong_with_any_page(look, served, pages):
    page, wrong = look(""), {}
    for path in pages:
        page.goto(served + path)
        wrong[path] = faults(page)
    assert not any(wrong.values()), wrong


def test_colours_can_be_told_apart_in_the_dark_and_things_are_called_on_a_telephone(look, served, pages):
    page = look("", dark=True, size=TELEPHONE)
    for path in ("", "aged/", pages[CUSTOMER], "settings/policies/"):
        page.goto(served + path)
        assert faults(page) == []


def test_no_page_is_refused_anything_by_the_policy_of_content(look):
    told = []
    for path in PAGES[:2]:
        page = look("")
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(page.url + path)
    assert told == []


def test_a_list_is_walked_and_unfolded_by_keys(look):
    page = look("aged/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.inner")
    assert page.locator("tr.current").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.inner", state="detached")


def test_a_choice_changes_the_balance_without_loading_the_page(look):
    page = look("aged/")
    page.evaluate("window.stays = true")
    page.select_option("#group-by", "sales_rep")
    page.wait_for_selector("tr.group")
    page.wait_for_url("**group_by=sales_rep**")
    assert page.evaluate("window.stays")


def test_the_balance_works_without_scripts(look):
    page = look("aged/", scripts=False)
    page.select_option("#group-by", "type")
    follow(page, "form.filters button[type=submit]")
    assert page.locator("tr.group").count() > 0
    follow(page, "tbody th a")
    assert page.locator("h1").count() == 1


def test_shortcuts_are_told_when_asked_for(look):
    page = look("")
    page.keyboard.press("?")
    page.wait_for_selector("dialog#keys")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog#keys", state="hidden")
    page.keyboard.press("/")
    page.wait_for_selector("[type=search]:focus")
