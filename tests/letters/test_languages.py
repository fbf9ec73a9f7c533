"""Is a notice written in its customer's language, to the last word and figure? Through the command line, read back from what left."""

import pytest

from tests.acceptance.world import TODAY, level
from tests.letters.reading import lines

LONG = {"lower_bound": 1, "upper_bound": None}


@pytest.fixture
def german(world):
    """A German customer of a French company that wrote no text of its own."""
    world.levels({"level": 1, **LONG})
    world.customer("C001", language="de", sites=[{"code": "S1", "email": "mahnung@kunde.example", "address": ["Hauptstr. 1"]}])
    world.invoice("FA-1", amount="1234.50", label="Wein")
    world.load()
    return world


def test_a_german_customer_reads_a_german_letter(german):
    german.letters(1)
    seen = lines((german.folder / "letters.pdf").read_bytes())
    wanted = [
        "Zahlungserinnerung",
        "Sehr geehrte Damen und Herren,",
        "15. Juli 2026",
        "Beleg Datum Fälligkeit Verzug (T) Betrag Gezahlt Offen",
        "FA-1 Wein 07.06.2026 07.07.2026 8 1.234,50 1.234,50",
        "Zu zahlen 1.234,50 €",
        "Mit freundlichen Grüßen",
    ]
    assert [line for line in wanted if line not in seen] == []


def test_a_german_customer_reads_a_german_mail(german):
    german.batch()
    message = german.mails()[0]
    body = " ".join(message.get_body(("plain",)).get_content().split())
    assert message["Subject"] == "Zahlungserinnerung – Acme SAS"
    assert "FA-1, Wein, fällig am 07.07.2026, 8 Tage überfällig: 1.234,50 €" in body
    assert "Zu zahlen: 1.234,50 €" in body


def test_the_companys_own_words_in_a_language_come_before_the_standing_ones(world):
    german = {"de": {"subject": "Kleine Erinnerung an {contact}"}}
    world.levels(level(1, 1, None, texts=german))
    world.customer(
        "C001", language="de", contacts=[{"name": "Uta Böhm", "email_identity": "uta@kunde.example", "receives": ["dunning_all_sites"]}]
    )
    world.invoice("FA-1")
    world.load()
    notice = world.rehearse(TODAY).notices[0]
    assert notice["subject"] == "Kleine Erinnerung an Uta Böhm"
