"""Are the tasks of a day done as an accountant does them, with the mouse and with the keys?"""

import re


def test_a_row_is_reminded_of_by_a_right_click_and_by_keys(look):
    page = look("invoices/?state=overdue&dunnable=1")
    page.locator("tbody tr:has(.pick input) td.num").first.click(button="right")
    menu = page.locator("[data-menu]")
    assert menu.is_visible()
    assert page.locator(".pick input:checked").count() == 1
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    page.keyboard.press("j")
    page.keyboard.press("Shift+F10")
    page.locator("[data-menu] button[value=letter]").click()
    page.wait_for_url("**/invoices/review/")
    assert page.locator("button[name=act][value=issue]").count() == 1


def test_a_search_is_kept_and_opens_the_list(look):
    page = look("invoices/?state=overdue")
    page.click("[popovertarget=saving]")
    page.fill("#saving [name=name]", "En retard")
    page.check("#saving [name=is_default]")
    page.click("#saving [type=submit]")
    page.click("nav a[href$='/invoices/']")
    page.wait_for_url(re.compile("state=overdue"))
    assert page.locator(".chip[aria-current]").inner_text().strip() == "En retard"


def test_a_level_is_consulted_then_corrected(look):
    page = look("levels/?customer=&current=0")
    page.click("button[name=modify]")
    page.locator("tbody .pick input").first.check()
    page.select_option("select[name=level]", "1")
    page.locator(".bulk button.primary").click()
    assert page.locator(".message.success").count() == 1


def test_a_setting_is_changed_and_kept(look):
    page = look("settings/company/")
    page.fill("[name=ceiling_notices]", "40")
    page.select_option("[name=ceiling]", "every")
    page.locator("main form button.primary").first.click()
    page.wait_for_selector(".message.success")
    assert page.input_value("[name=ceiling_notices]") == "40"
