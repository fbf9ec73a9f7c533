"""How does a person write about arrears: to contacts, to the managers of invoices, to colleagues? (Section 9; register K28 to K31.)"""

import pytest

from tests.acceptance.world import TODAY, contact


def write(world, to, *flags):
    return world.ask("write", "--customer", "C001", "--to", to, "--as-of", TODAY, *flags)


def owing(world, **customer):
    """C001 with three contacts, of whom two are shown, and invoices of two managers; FA-3 is not due yet."""
    people = [contact("Germaine", roles=["main"]), contact("Louis", roles=["financial"]), contact("Paul")]
    world.customer("C001", contacts=people, **customer)
    world.invoice("FA-1", manager="DUP", level=1, last_dunned_on="2026-07-10", status="VU", comment="Rappelle lundi")
    world.invoice("FA-2", manager="MAR", promised_on="2026-07-13")
    world.invoice("FA-3", due="2026-08-31", date="2026-07-01")
    world.load()
    return world


def to_of(mail):
    return [one.addr_spec for one in mail["To"].addresses]


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


@pytest.mark.spec("K28", "K29")
def test_the_contacts_that_the_follow_up_shows_are_written_to_of_what_is_overdue(world):
    owing(world)
    [told] = write(world, "contacts").done().json["mails"]
    [mail] = world.mails()
    assert (to_of(mail), told["documents"], told["status"]) == (["germaine@clients.example", "louis@clients.example"], ["FA-1"], "sent")
    assert "FA-1" in text_of(mail)
    assert "Rappelle lundi" not in text_of(mail)


@pytest.mark.spec("K28")
def test_contacts_and_invoices_are_selected(world):
    owing(world)
    write(world, "contacts", "--contact", "Louis", "--document", "FA-3", "--message", "Comme convenu au téléphone.").done()
    [mail] = world.mails()
    assert to_of(mail) == ["louis@clients.example"]
    assert "FA-3" in text_of(mail)
    assert "FA-1" not in text_of(mail)
    assert "Comme convenu au téléphone." in text_of(mail)


@pytest.mark.spec("K29", "K25")
@pytest.mark.parametrize("name", ["Paul", "Personne"])
def test_a_contact_that_is_not_shown_is_not_written_to(world, name):
    owing(world)
    write(world, "contacts", "--contact", name).refused(name)
    assert world.mails() == []


@pytest.mark.spec("K3", "K29")
@pytest.mark.parametrize(
    ("invoice", "reason"),
    [
        ({"payment_method": "PRLV"}, "payment_method"),
        ({"no_manual_dunning": True}, "blocked"),
        ({"status": "LITIGE"}, "disputed"),
        ({"promised_on": "2026-07-20"}, "promised"),
    ],
)
def test_a_customer_is_not_asked_for_what_must_not_be_dunned_by_hand(world, invoice, reason):
    world.customer("C001", contacts=[contact("Germaine", roles=["main"])])
    world.invoice("FA-1", **invoice)
    world.invoice("FA-2")
    world.load()
    told = write(world, "contacts").done().json
    assert (told["mails"][0]["documents"], told["left_out"]) == (
        ["FA-2"],
        [{"document": "FA-1", "due_date": "2026-07-07", "reason": reason}],
    )


@pytest.mark.spec("K30")
def test_each_manager_is_written_to_of_its_own_invoices(world):
    owing(world)
    write(world, "managers").done()
    assert {to_of(mail)[0]: [number for number in ("FA-1", "FA-2", "FA-3") if number in text_of(mail)] for mail in world.mails()} == {
        "dupuis@acme.example": ["FA-1"],
        "marchand@acme.example": ["FA-2"],
    }


@pytest.mark.spec("K30")
def test_an_invoice_without_a_manager_is_named(world):
    owing(world)
    told = write(world, "managers", "--document", "FA-1", "--document", "FA-3").done().json
    assert [(one["document"], one["reason"]) for one in told["left_out"]] == [("FA-3", "no_recipient")]


@pytest.mark.spec("K31")
def test_what_is_known_of_the_arrears_is_passed_on_to_colleagues(world):
    owing(world)
    write(world, "colleagues", "--colleague", "MAR", "--colleague", "chef@ailleurs.example", "--from", "DUP", "--cc", "DUP").done()
    [mail] = world.mails()
    assert to_of(mail) == ["marchand@acme.example", "chef@ailleurs.example"]
    assert [mail[name].addresses[0].addr_spec for name in ("From", "Cc")] == ["dupuis@acme.example"] * 2
    told = [
        known
        for known in ("niveau 1", "relancée le 10/07/2026", "Vu avec le client", "Rappelle lundi", "Alice Dupuis")
        if known in text_of(mail)
    ]
    assert len(told) == 5


@pytest.mark.spec("K22")
@pytest.mark.parametrize(("to", "flags"), [("contacts", []), ("managers", []), ("colleagues", ["--colleague", "MAR"])])
def test_writing_from_the_follow_up_changes_no_level_and_is_kept_in_the_history(world, to, flags):
    owing(world)
    before = [(one["number"], one["due"]) for one in world.dump()["documents"]]
    write(world, to, *flags).done()
    assert [(one["number"], one["due"]) for one in world.dump()["documents"]] == before
    event = world.history("--customer", "C001")["events"][0]
    mail = world.mails()[-1]
    assert (event["what"], event["facts"]["to"], event["facts"]["subject"]) == ("mail_sent", to_of(mail), mail["Subject"])


@pytest.mark.parametrize(("language", "subject"), [("fr", "Point sur votre compte"), ("en", "Your account with"), ("de", "Ihr Konto bei")])
def test_a_customer_is_written_to_in_its_language(world, language, subject):
    owing(world, language=language)
    write(world, "contacts").done()
    assert world.mails()[0]["Subject"].startswith(subject)


# -- once, and kept


def test_the_same_request_is_sent_once(world):
    owing(world)
    for _ in range(2):
        told = write(world, "contacts", "--key", "abc").done().json["mails"]
    assert (len(world.mails()), [mail["number"] for mail in told]) == (1, [1])
    write(world, "contacts", "--key", "def").done()
    assert len(world.mails()) == 2


def test_what_was_written_can_be_had_again_and_stands_in_the_follow_up(world):
    owing(world)
    write(world, "contacts").done()
    out = world.folder / "mail.eml"
    world.relance("mail", "--company", "ACME", 1, "--out", out).done()
    [sent] = world.post.glob("*.eml")
    assert out.read_bytes() == sent.read_bytes()
    [told] = world.ask("arrears", "--customer", "C001").done().json["mails"]
    assert (told["number"], told["kind"], told["status"]) == (1, "contacts", "sent")


def test_a_mail_that_is_not_there_is_refused(world):
    owing(world)
    world.relance("mail", "--company", "ACME", 1, "--out", world.folder / "m.eml").refused("no mail 1")


def test_a_server_that_cannot_be_reached_is_told_and_nothing_is_called_sent(world, settings):
    owing(world)
    settings.RELANCE_EMAIL_URL = "smtp://127.0.0.1:1"
    answer = write(world, "contacts")
    assert answer.exit_code == 1
    assert answer.json["mails"][0]["status"] == "failed"
    assert world.history()["events"][0]["what"] == "mail_failed"


def test_the_dossier_carries_what_was_written(world):
    owing(world)
    write(world, "managers").done()
    held = world.dump()
    assert [mail["documents"] for mail in held["history"]["mails"]] == [["FA-1"], ["FA-2"]]
    world.try_load(held).done()
    assert world.dump() == held


# -- refused


@pytest.mark.parametrize(
    ("to", "flags", "told"),
    [
        ("colleagues", [], "which colleagues"),
        ("contacts", ["--document", "FA-9"], "FA-9"),
        ("contacts", ["--from", "XYZ"], "XYZ"),
        ("managers", ["--document", "FA-3"], "no_recipient"),
    ],
)
def test_a_request_that_cannot_be_written_writes_nothing(world, to, flags, told):
    owing(world)
    before = world.dump()
    write(world, to, *flags).refused(told)
    assert (world.dump(), world.mails()) == (before, [])


def test_nothing_is_written_about_a_customer_who_owes_nothing(world):
    world.customer("C001", contacts=[contact("Germaine", roles=["main"])])
    world.load()
    write(world, "contacts").refused("owes nothing")


def test_contacts_without_an_address_are_told(world):
    world.customer("C001", contacts=[contact("Germaine", roles=["main"], email_identity="")])
    world.invoice("FA-1")
    world.load()
    write(world, "contacts").refused("has an e-mail address")
    write(world, "contacts", "--contact", "Germaine").refused("Germaine has no e-mail address")
