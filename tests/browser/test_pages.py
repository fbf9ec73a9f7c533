"""Can everybody use the pages: with the keyboard, on a telephone, in the dark, without scripts, with a reader of the screen?"""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import TELEPHONE

# Every screen that the side bar leads to; a new one is added here.
PAGES = (
    "",
    "aged/",
    "aged/?group_by=type",
    "invoices/",
    "runs/",
    "edition/",
    "levels/",
    "calendar/",
    "imports/",
    "batches/",
    "search/?q=cave",
)


def faults(page):
    """What axe finds wrong, each with the element."""
    found = Axe().run(page).response["violations"]
    return [(fault["id"], node["html"][:120]) for fault in found for node in fault["nodes"]]


def test_axe_finds_nothing_wrong_with_any_page(look):
    assert {path: faults(look(path)) for path in PAGES} == {path: [] for path in PAGES}


def test_axe_finds_nothing_wrong_in_the_dark(look):
    assert {path: faults(look(path, dark=True)) for path in PAGES[:2]} == {path: [] for path in PAGES[:2]}


def test_no_page_is_wider_than_a_telephone(look):
    wide = "document.documentElement.scrollWidth - window.innerWidth"
    assert {path: look(path, size=TELEPHONE).evaluate(wide) for path in PAGES} == dict.fromkeys(PAGES, 0)


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
    assert page.evaluate("window.stays")
    assert "group_by=sales_rep" in page.url


def test_the_balance_works_without_scripts(look):
    page = look("aged/", scripts=False)
    page.select_option("#group-by", "type")
    page.click("form.filters button[type=submit]")
    assert page.locator("tr.group").count() > 0
    page.click("tbody th a >> nth=0")
    assert page.locator("h1").count() == 1


def test_shortcuts_are_told_when_asked_for(look):
    page = look("")
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
