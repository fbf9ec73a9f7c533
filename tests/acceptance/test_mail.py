"""What does the customer read? The message as it lies in the folder of outgoing mail."""

import re

import pytest

from tests.acceptance.world import TODAY, item, level


def spaced(text):
    """The text with every kind of space and line break written as one space."""
    return re.sub(r"\s+", " ", text.replace("\u202f", " ").replace("\u00a0", " ").replace("&nbsp;", " "))


def parts(message):
    """The message as plain text and as HTML."""
    return [spaced(message.get_body((kind,)).get_content()) for kind in ("plain", "html")]


@pytest.fixture
def sent(world):
    """The one message of a batch of 15 July about FA-1, billed 1,234.50 and due on 7 July."""

    def send(*flags, levels=None, **customer):
        if levels:
            world.levels(*levels)
        world.customer("C001", **customer)
        world.invoice("FA-1", due="2026-07-07", amount="1234.50")
        world.load()
        world.batch(TODAY, *flags)
        [message] = world.mails()
        return message

    return send


@pytest.mark.spec("K53")
def test_a_message_is_from_the_company_to_the_recipients_with_copies(sent):
    message = sent("--cc", "chef@acme.example", email="compta@leblanc.example")
    assert "compta@acme.example" in message["From"]
    assert "compta@leblanc.example" in message["To"]
    assert "chef@acme.example" in message["Cc"]
    assert message["Message-ID"]
    assert message["Date"]


@pytest.mark.spec("A38")
def test_a_message_bears_its_levels_subject_header_and_footer(sent):
    message = sent(levels=[level(1, -5, 10, subject="Rappel amical", header="Sauf erreur de notre part", footer="Bien à vous")])
    assert message["Subject"] == "Rappel amical"
    for text in parts(message):
        assert "Sauf erreur de notre part" in text
        assert "Bien à vous" in text


def test_a_message_shows_number_amount_and_date_as_french_writes_them(sent):
    for text in parts(sent()):
        assert "FA-1" in text
        assert "1 234,50" in text
        assert "07/07/2026" in text


ENGLISH = {"subject": "Friendly reminder", "header": "We may have missed your payment", "footer": "Kind regards"}


def test_a_customer_who_reads_english_gets_the_levels_english_texts(sent):
    message = sent(
        levels=[level(1, -5, 10, subject="Rappel amical", header="Sauf erreur", footer="Bien à vous", texts={"en": ENGLISH})], language="en"
    )
    assert message["Subject"] == "Friendly reminder"
    for text in parts(message):
        assert "We may have missed your payment" in text
        assert "Kind regards" in text
        assert "Sauf erreur" not in text
        assert "1,234.50" in text


def test_a_message_shows_the_bank_details(world):
    world.company(iban="FR7630006000011234567890189", bic="AGRIFRPP")
    world.invoice("FA-1")
    world.load()
    world.batch(TODAY)
    for text in parts(world.mails()[0]):
        assert "FR7630006000011234567890189" in text.replace(" ", "")


def test_a_message_shows_what_is_open_and_the_total(world):
    world.invoice("FA-1", due=[item("2026-07-06", "60.00"), item("2026-07-07", "1040.00")], date="2026-06-01")
    world.credit("AV-7", amount="-30.00")
    world.load()
    world.batch(TODAY)
    for text in parts(world.mails()[0]):
        assert "60,00" in text
        assert "1 040,00" in text
        assert "AV-7" in text
        assert "1 070,00" in text


def test_a_message_never_shows_another_customers_invoices(world):
    world.invoice("FA-111", "C001")
    world.invoice("FA-222", "C002")
    world.load()
    world.batch(TODAY)
    seen = {message["To"]: [number for number in ("FA-111", "FA-222") if number in parts(message)[0]] for message in world.mails()}
    assert sorted(seen.values()) == [["FA-111"], ["FA-222"]]


def test_every_message_has_an_id_of_its_own(world):
    for number in range(5):
        world.invoice(f"FA-{number}", f"C{number}")
    world.load()
    world.batch(TODAY)
    assert len({message["Message-ID"] for message in world.mails()}) == 5


@pytest.mark.parametrize("name", ["Société <b>Générale</b> & Fils", 'O\'Brien "Ltd"', "名前株式会社"])
def test_names_with_signs_of_html_harm_nothing(world, name):
    world.company(name=name)
    world.invoice("FA-1", label="<script>alert(1)</script>")
    world.load()
    world.batch(TODAY)
    [message] = world.mails()
    assert "<script>" not in message.get_body(("html",)).get_content()
    assert spaced(name) in parts(message)[0]


@pytest.mark.parametrize("wrong", ["Rappel\r\nBcc: espion@x.example", "Rappel\nBcc: espion@x.example"])
def test_a_subject_cannot_smuggle_headers(world, wrong):
    world.levels(level(1, -5, 10, subject=wrong))
    world.invoice("FA-1")
    if world.try_load().exit_code == 0:
        world.relance("batch", "--company", "ACME", "--as-of", TODAY, "--json")
    assert all(message["Bcc"] is None for message in world.mails())


CHARGING = [level(1, -5, 10, charge_interest=True, charge_indemnity=True)]


@pytest.mark.parametrize(("kind", "claimed"), [("business", True), ("public", True), ("consumer", False)])
def test_a_level_that_asks_for_it_claims_the_indemnity_apart(sent, world, kind, claimed):
    message = sent(levels=CHARGING, kind=kind)
    assert world.history()["notices"][0]["totals"] == {"EUR": "1234.50"}
    for text in parts(message):
        assert ("40,00" in text) is claimed


def test_a_level_that_asks_for_it_claims_interest_day_by_day(sent):
    # 1,234.50 EUR from 8 to 15 July 2026: 8 days at 12.40 % over 365
    for text in parts(sent(levels=CHARGING)):
        assert "3,36" in text


def test_a_level_that_does_not_ask_claims_neither(sent):
    for text in parts(sent()):
        assert "40,00" not in text


def test_a_level_without_texts_still_makes_a_message(sent):
    message = sent(levels=[{"level": 1, "lower_bound": -5, "upper_bound": 10}])
    assert message["Subject"].strip()
    for text in parts(message):
        assert "FA-1" in text


def test_by_default_mail_goes_to_a_folder_below_the_data_folder(real_world):
    real_world.invoice("FA-1")
    real_world.load()
    real_world.batch(TODAY)
    [message] = real_world.mails()
    assert "c001@clients.example" in message["To"]
