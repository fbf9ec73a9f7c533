"""Is the arrears follow-up of one customer done on its page as it is on the command line?"""

import re

import pytest
from django.utils import timezone

from relance.models import Company, Customer, DueItem, Notice
from tests.acceptance.world import World, contact, day
from tests.web.test_customers import words

NOW = timezone.localdate().isoformat()


@pytest.fixture
def books(world: World) -> Company:
    """A customer with two late invoices and one that is not due, a main contact, a financial one without an address, and another."""
    world.customer(
        contacts=[
            contact("Main", roles=["main"], email_at_customer="main@clients.example", email_identity="home@clients.example"),
            contact("Money", roles=["financial"], email_identity=""),
            contact("Nobody"),
        ]
    )
    world.invoice("FA-1", due=day(NOW, -10), amount="100.00", manager="DUP")
    world.invoice("FA-2", due=day(NOW, -5), amount="60.00")
    world.invoice("FA-3", due=day(NOW, 30), amount="40.00")
    world.invoice("FA-9", "C002", due=day(NOW, -5))
    world.load()
    return Company.objects.get()


def record(part: str = "") -> str:
    return f"/c/ACME/customers/{Customer.objects.get(code='C001').pk}/{part}"


def items(*numbers: str) -> list[int]:
    return [DueItem.objects.get(document__number=number).pk for number in numbers]


def act(browser, books, part: str, numbers: list[str], **said):
    """Send an act about some invoices; its fields without their prefix."""
    fields = {f"{part}-{name}": value for name, value in said.items() if name not in ("act", "key", "contact")}
    plain = {name: value for name, value in said.items() if name in ("act", "key", "contact")}
    return browser("collector", books).post(record(f"{part}/"), {"item": items(*numbers)} | fields | plain)


def text(browser, books, part: str = "", language: str = "en") -> str:
    return words(browser("collector", books, language).get(record(part)))


# -- what is shown


@pytest.mark.spec("K24", "K25", "K27", "K28")
def test_contacts_and_unsettled_items_are_shown_to_choose_from(books, browser):
    page = browser("collector", books).get(record())
    assert re.findall(r'name="contact" value="(\w+)"', page.content.decode()) == ["Main", "Money"]
    assert "main@clients.example" in words(page)
    assert "home@clients.example" not in words(page)
    assert len(re.findall(r'name="item"', page.content.decode())) == 3
    assert "Balance €200.00" in words(page)


def test_a_reader_looks_and_has_nothing_to_press(books, browser):
    page = browser("reader", books).get(record()).content.decode()
    assert "FA-1" in page
    assert 'popovertarget="act-' not in page


def test_it_is_told_when_an_item_is_dunned_next_or_why_not(world: World, books, browser):
    world.ask("follow", "--document", "FA-2", "--status", "LITIGE").done()
    page = text(browser, books)
    assert "Litige disputed" in page
    assert re.search(r"FA-1 .* €100.00 0 \d\d/\d\d/\d{4} 1", page)


# -- statuses, comments, dates, promises


@pytest.mark.spec("K32", "K33", "K35")
def test_many_items_are_brought_up_to_date_at_once(world: World, books, browser):
    answer = act(browser, books, "follow", ["FA-1", "FA-2"], status="VU", comment="Vu avec M. Roy", promised_on=day(NOW, 8))
    assert answer["Location"] == record()
    held = [world.stored(number) for number in ("FA-1", "FA-2", "FA-3")]
    assert [(one.get("status"), one.get("comment", ""), one.get("promised_on")) for one in held] == [
        ("VU", "Vu avec M. Roy", day(NOW, 8)),
        ("VU", "Vu avec M. Roy", day(NOW, 8)),
        (None, "", None),
    ]


def test_what_is_left_empty_stays_and_what_is_ticked_goes(world: World, books, browser):
    act(browser, books, "follow", ["FA-1"], status="VU", comment="Avant", expected_on=day(NOW, 4))
    act(browser, books, "follow", ["FA-1"], comment="Après", clear=["status"])
    held = world.stored()
    assert (held.get("status"), held["comment"], held["expected_on"]) == (None, "Après", day(NOW, 4))


_SENSELESS = [
    ([], {"comment": "x"}, "Choose at least one due item."),
    (["FA-1"], {}, "nothing was filled in"),
    (["FA-1"], {"comment": "x", "clear": ["comment"]}, "set and taken away at once"),
    (["FA-1"], {"promised_on": "2099-01-01", "promised_amount": "many"}, "not an amount in EUR"),
    (["FA-1"], {"promised_on": "2099-01-01", "promised_amount": "100,01"}, "cannot be promised"),
    (["FA-1", "FA-2"], {"promised_on": "2099-01-01", "promised_amount": "10"}, "one due item at a time"),
    (["FA-1"], {"status": "NADA"}, "not one of the available choices"),
    (["FA-9"], {"comment": "x"}, "Choose at least one due item."),
]


def test_what_makes_no_sense_is_said_and_nothing_is_stored(world: World, books, browser):
    before = world.dump()
    answers = [words(act(browser, books, "follow", numbers, **said)) for numbers, said, _ in _SENSELESS]
    assert [told for (_, _, told), answer in zip(_SENSELESS, answers, strict=True) if told not in answer] == []
    assert world.dump() == before


def test_what_was_typed_and_chosen_still_stands_after_a_refusal(books, browser):
    page = act(browser, books, "follow", ["FA-1"], comment="Vu", clear=["comment"]).content.decode()
    [pk] = items("FA-1")
    assert re.search(rf'value="{pk}"[^>]* checked', page)
    assert ">\nVu</textarea>" in page


@pytest.mark.spec("K34", "K36")
def test_one_item_is_brought_up_to_date_and_its_earlier_comments_are_read(world: World, books, browser):
    [pk] = items("FA-1")
    client = browser("collector", books)
    for comment in ("Premier", "Second"):
        said = {"comment": comment, "promised_on": day(NOW, 5), "promised_amount": "1 0,5"}
        assert client.post(record(f"due-items/{pk}/"), said)["Location"] == record()
    held = world.stored()
    assert (held["comment"], held["promised_amount"]) == ("Second", "10.50")
    page = text(browser, books, f"due-items/{pk}/")
    assert "Second before: Premier" in page
    assert "collector@acme.example" in page


def test_what_is_emptied_on_one_item_is_taken_away(world: World, books, browser):
    act(browser, books, "follow", ["FA-1"], status="VU", comment="Vu", promised_on=day(NOW, 5))
    [pk] = items("FA-1")
    browser("collector", books).post(record(f"due-items/{pk}/"), {"comment": ""})
    held = world.stored()
    assert (held.get("status"), held.get("comment", ""), held.get("promised_on")) == (None, "", None)


@pytest.mark.spec("K36")
def test_a_comment_that_a_notice_replaced_is_still_read(world: World, books, browser):
    act(browser, books, "follow", ["FA-1"], comment="Rappeler lundi")
    world.batch(NOW)
    [pk] = items("FA-1")
    assert "Notice sent before: Rappeler lundi" in text(browser, books, f"due-items/{pk}/")


def test_a_promise_is_told_as_kept_or_broken(world: World, books, browser):
    for number in ("FA-1", "FA-2"):
        world.dossier["documents"][int(number[-1]) - 1]["due"][0] |= {
            "promised_on": day(NOW, -9),
            "promise_made_on": day(NOW, -20),
            "promised_amount": "10.00",
        }
    world.payment("P1", "10.00", day(NOW, -9), {"FA-2": "10.00"})
    world.load()
    page = text(browser, books)
    assert "promise broken" in page
    assert "promise kept" in page


# -- blocks


@pytest.mark.spec("K18", "K19", "K21", "K61", "K62", "K65", "K66")
@pytest.mark.parametrize(("kind", "column"), [("automatic", "no_auto_dunning"), ("manual", "no_manual_dunning")])
def test_documents_are_blocked_with_a_comment_and_let_go(kind, column, world: World, books, browser):
    said = {"kind": kind, "comment": "Palette cassée", "reason": "check", "until": day(NOW, 9)}
    act(browser, books, "block", ["FA-1", "FA-2"], act="block", **said)
    held = world.stored_document("FA-2")
    assert (held[column], held[f"{column}_until"], held["block_comment"], held["block_reason"]) == (
        True,
        day(NOW, 9),
        "Palette cassée",
        "check",
    )
    assert "blocked" in text(browser, books)
    act(browser, books, "block", ["FA-2"], act="lift", kind=kind)
    assert [world.stored_document(number).get(column, False) for number in ("FA-1", "FA-2")] == [True, False]


@pytest.mark.spec("K20", "K63")
def test_a_document_is_blocked_until_the_next_run(world: World, books, browser):
    act(browser, books, "block", ["FA-1"], act="block", kind="temporary", comment="Avoir en cours")
    assert world.stored_document()["no_dunning_temporary"] is True
    assert "Avoir en cours" in browser("reader", books).get(record()).content.decode()


_NO_BLOCKS: list[tuple[dict[str, str], str]] = [
    ({"kind": "manual"}, "Say why"),
    ({"kind": "temporary", "comment": "x", "until": "2099-01-01"}, "it takes no last day"),
    ({"kind": "nada", "comment": "x"}, "not one of the available choices"),
]


def test_a_block_that_makes_no_sense_is_refused(world: World, books, browser):
    before = world.dump()
    answers = [words(act(browser, books, "block", ["FA-1"], act="block", **said)) for said, _ in _NO_BLOCKS]
    assert [told for (_, told), answer in zip(_NO_BLOCKS, answers, strict=True) if told not in answer] == []
    assert world.dump() == before


# -- calls


def test_a_call_is_noted_once_with_what_was_promised(world: World, books, browser):
    said = {"outcome": "promised", "contact": "Main", "note": "Virement vendredi", "promised_on": day(NOW, 6)}
    fields = {"item": items("FA-1"), "key": "k1"} | {f"call-{name}": value for name, value in said.items()}
    for _ in range(2):
        browser("collector", books).post(record("call/"), fields)
    [call] = [event for event in world.history()["events"] if event["what"] == "called"]
    assert (call["facts"]["outcome"], call["facts"]["documents"]) == ("promised", ["FA-1"])
    assert world.stored()["promised_on"] == day(NOW, 6)
    assert "Call noted" in text(browser, books, "past/")
    assert "outcome Promises to pay; contact Main; note Virement vendredi; documents FA-1" in text(browser, books, "past/")


def test_a_promise_without_a_due_item_is_refused(world: World, books, browser):
    before = world.dump()
    answer = act(browser, books, "call", [], outcome="promised", promised_on=day(NOW, 6))
    assert "Choose the due items that are promised." in words(answer)
    assert world.dump() == before


# -- mails


@pytest.mark.spec("K22", "K29")
def test_the_chosen_contacts_are_written_to_once_and_no_level_changes(world: World, books, browser):
    for _ in range(2):
        answer = act(browser, books, "write", ["FA-1"], kind="contacts", message="Merci de nous rappeler.", contact=["Main"], key="k1")
    assert answer["Location"] == record()
    [mail] = world.mails()
    assert mail["To"] == "main@clients.example"
    assert "Merci de nous rappeler." in mail.get_body(("plain",)).get_content()
    assert world.stored_level() == (0, None)


@pytest.mark.spec("K30")
def test_the_managers_of_the_chosen_invoices_are_written_to(world: World, books, browser):
    answer = act(browser, books, "write", ["FA-1", "FA-2"], kind="managers")
    assert [mail["To"] for mail in world.mails()] == ["dupuis@acme.example"]
    page = words(answer.client.get(answer["Location"]))
    assert "Written to dupuis@acme.example." in page
    assert "Not spoken of: FA-2 (nobody to write to)." in page


@pytest.mark.spec("K31")
def test_colleagues_are_told_of_the_arrears(world: World, books, browser):
    said = {"kind": "colleagues", "colleagues": ["marchand@acme.example"], "others": "chef@acme.example", "cc": "DUP", "statement": "on"}
    act(browser, books, "write", ["FA-1"], sender="dupuis@acme.example", **said)
    [mail] = world.mails()
    assert (mail["To"], mail["Cc"]) == ("marchand@acme.example, chef@acme.example", "dupuis@acme.example")
    assert "dupuis@acme.example" in mail["From"]
    assert [part.get_content_type() for part in mail.iter_attachments()] == ["application/pdf"]


_NOBODY: list[tuple[dict[str, object], str]] = [
    ({"kind": "colleagues"}, "Say which colleagues"),
    ({"kind": "colleagues", "others": "NADA"}, "neither an e-mail address nor a collaborator"),
    ({"kind": "contacts", "contact": ["Money"]}, "has no e-mail address"),
    ({"kind": "contacts", "contact": ["Nobody"]}, "not a contact that the follow-up"),
]


def test_a_mail_to_nobody_is_refused(world: World, books, browser):
    before = world.dump()
    answers = [words(act(browser, books, "write", ["FA-1"], **said)) for said, _ in _NOBODY]
    assert [told for (_, told), answer in zip(_NOBODY, answers, strict=True) if told not in answer] == []
    assert (world.dump(), world.mails()) == (before, [])


# -- what was written


def test_a_mail_is_read_again_and_nothing_in_it_runs(world: World, books, browser):
    act(browser, books, "write", ["FA-1"], kind="contacts", message="<script>alert(1)</script>")
    client = browser("reader", books)
    assert "main@clients.example" in words(client.get(record("written/")))
    assert 'src="/c/ACME/mails/1/body/" sandbox' in client.get("/c/ACME/mails/1/").content.decode()
    body = client.get("/c/ACME/mails/1/body/")
    assert body["Content-Security-Policy"].startswith("default-src 'none'")
    assert body["Content-Security-Policy"].endswith("sandbox")
    assert b"<script" not in body.content
    assert client.get("/c/ACME/mails/1/message.eml").content.startswith(b"Subject: ")


def test_the_notices_of_a_customer_stand_with_their_letters(world: World, books, browser):
    world.batch(NOW)
    page = browser("reader", books).get(record("written/"))
    notice = Notice.objects.filter(customer__code="C001").first()
    assert notice
    assert f"/c/ACME/notices/{notice.pk}/" in page.content.decode()
    assert "sent" in words(page)


def test_the_statement_of_account_is_a_pdf(books, browser):
    answer = browser("reader", books).get(record("statement/"))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_who_owes_nothing_has_no_statement(world: World, browser):
    world.customer()
    world.load()
    client = browser("reader", Company.objects.get())
    assert "owes nothing" in words(client.get(client.get(record("statement/"))["Location"]))


def test_the_follow_up_speaks_french(books, browser):
    page = text(browser, books, language="fr")
    assert "Suivi de l’arriéré" in page
    assert "Échéances non soldées" in page
    assert "Mettre à jour les échéances choisies" in page
