"""Are texts and the look of letters seen before they are stored, refused at their field, and kept with what they were before?"""

import hashlib
import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from relance.dossier import set_up
from relance.models import Company
from relance.models.history import Event
from tests.acceptance.world import World

TEXTS = {"subject": "Compte {customer_code}", "header": "Bonjour,\r\n\r\nvous devez {total}.", "footer": ""}


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def level(company: Company, number: int = 1) -> dict:
    return next(row for row in set_up(company)["levels"] if row["level"] == number)


@pytest.mark.spec("A38")
def test_a_text_is_saved_for_its_level_and_language_and_what_was_before_is_recorded(acme, browser):
    client = browser("administrator", acme)
    for asked in ("level=2", "level=2&language=de"):
        assert client.post(f"/c/ACME/settings/texts/?{asked}", TEXTS | {"act": "save"}).status_code == 302
    kept = level(acme, 2)
    assert kept["subject"] == kept["texts"]["de"]["subject"] == "Compte {customer_code}"
    assert kept["header"] == "Bonjour,\n\nvous devez {total}."
    first, second = Event.objects.filter(what="settings_changed").order_by("number")
    assert first.by == "administrator@acme.example"
    assert {"what": "levels.2.subject", "before": "Relance 2", "after": "Compte {customer_code}"} in first.facts["changed"]
    assert {"what": "levels.2.texts.de.subject", "before": None, "after": "Compte {customer_code}"} in second.facts["changed"]


@pytest.mark.parametrize(
    ("language", "told"), [("en", "“{custmer}” stands for nothing; did you mean {customer}?"), ("fr", "vouliez-vous dire {customer}")]
)
def test_a_word_that_stands_for_nothing_is_told_at_its_field_and_nothing_is_stored(language, told, acme, browser):
    before = set_up(acme)
    answer = browser("administrator", acme, language).post("/c/ACME/settings/texts/", TEXTS | {"header": "Cher {custmer}", "act": "save"})
    fault = re.search(r'id="id_header_error">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert told in unescape(fault[1]).replace("\xa0", " ")
    assert set_up(acme) == before
    assert not Event.objects.filter(what="settings_changed").exists()


def test_a_text_that_says_nothing_once_it_is_filled_in_is_told_at_its_field(acme, browser):
    Company.objects.update(bic="")
    before = set_up(acme)
    answer = browser("administrator", acme).post("/c/ACME/settings/texts/?level=2", TEXTS | {"header": "{bic}", "act": "save"})
    fault = re.search(r'id="id_header_error">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert "says nothing" in fault[1]
    assert set_up(acme) == before


def test_what_is_typed_is_seen_and_not_stored(acme, browser):
    before = set_up(acme)
    page = browser("administrator", acme).post("/c/ACME/settings/texts/?kind=email", TEXTS | {"act": "look"})
    assert "vous devez 265,50" in unescape(unescape(page.content.decode())).replace("\xa0", " ").replace("\u202f", " ")
    assert set_up(acme) == before


def test_a_letter_is_seen_as_a_picture_of_each_page_on_the_account_of_a_customer(acme, browser):
    client = browser("manager", acme)
    assert 'src="data:image/svg+xml;base64,' in client.get("/c/ACME/settings/texts/?customer=C001").content.decode()
    assert "no customer" in words(client.get("/c/ACME/settings/texts/?customer=NADA"))


def test_a_text_left_empty_begins_with_the_standing_one_when_that_is_asked(acme, browser):
    page = browser("administrator", acme).post("/c/ACME/settings/texts/?language=en", {"subject": "Mine", "act": "standing"})
    assert 'value="Mine"' in page.content.decode()
    assert "Dear Sir or Madam" in words(page)
    assert level(acme)["texts"] == {}


def test_every_word_that_may_be_inserted_is_listed_with_what_it_stands_for(acme, browser):
    page = browser("manager", acme, "fr").get("/c/ACME/settings/texts/")
    assert "{oldest_due_date} Échéance la plus ancienne" in words(page)


def test_a_company_without_levels_has_no_texts_yet(world: World, browser):
    world.levels()
    world.load()
    company = Company.objects.get()
    client = browser("administrator", company)
    assert "No level is set up yet" in words(client.get("/c/ACME/settings/texts/"))
    assert "No level is set up yet" in words(client.get("/c/ACME/settings/letters/"))


# -- the look of letters

LOOK = {"columns": ["label", "due_date"], "credits": "sum", "window": "usual", "accent_color": "#aa0000", "text_color": "#000000"}


LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"><rect width="10" height="5"/></svg>'


@pytest.mark.spec("A36", "A37")
def test_what_letters_show_is_seen_then_saved_with_a_logo(acme, browser):
    client = browser("administrator", acme)
    assert "data:image/svg+xml" in client.post("/c/ACME/settings/letters/", LOOK | {"act": "look"}).content.decode()
    assert set_up(acme)["display"]["credits"] == "each"
    client.post("/c/ACME/settings/letters/", LOOK | {"act": "save", "signatory": "Eva", "logo": SimpleUploadedFile("logo.svg", LOGO)})
    kept = set_up(acme)["display"]
    assert (kept["columns"], kept["credits"], kept["window"], kept["signatory"]) == (["label", "due_date"], "sum", None, "Eva")
    assert kept["logo"] == hashlib.sha256(LOGO).hexdigest()
    assert not kept["qr_code"]
    client.post("/c/ACME/settings/letters/", LOOK | {"act": "save", "no_logo": "on"})
    assert set_up(acme)["display"]["logo"] is None


def test_a_picture_that_cannot_be_printed_is_told_at_its_field_and_nothing_is_stored(acme, browser):
    before = set_up(acme)
    sent = LOOK | {"act": "save", "signature": SimpleUploadedFile("x.png", b"GIF89a")}
    answer = browser("administrator", acme).post("/c/ACME/settings/letters/", sent)
    assert "not a picture" in re.search(r'id="id_signature_error">(.*?)</div>', answer.content.decode(), re.DOTALL)[1]
    assert set_up(acme) == before


def test_a_manager_sees_and_does_not_change(acme, browser):
    before, client = set_up(acme), browser("manager", acme)
    for page in ("texts", "letters"):
        assert "disabled" in client.get(f"/c/ACME/settings/{page}/").content.decode()
        assert client.post(f"/c/ACME/settings/{page}/", TEXTS | LOOK | {"act": "save"}).status_code == 403
    assert json.dumps(set_up(acme)) == json.dumps(before)
