"""What does LibreOffice do with letters, where it is installed, and what may it not do?"""

import socket
import threading
from contextlib import closing

import pytest

from relance.letters import transfer_code
from relance.letters.own import office
from relance.letters.own.sample import sample_template
from relance.letters.own.template import OwnTemplate
from relance.letters.own.uploaded import read_template
from relance.letters.typesetter import LetterProblem
from tests.letters.documents import parts, picture, said, template
from tests.letters.notices import notice
from tests.letters.reading import pages

pytestmark = pytest.mark.skipif(office.installed() is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def libreoffice():
    """One profile for all these tests: making it takes longer than a letter."""
    with closing(office.Office()) as one:
        yield one


@pytest.mark.spec("A23")
def test_a_template_made_in_word_says_the_same_as_the_one_it_was_made_of(libreoffice):
    (word,) = libreoffice.convert([sample_template("fr")], "odt", "docx")
    made = read_template(word)
    assert made.format == "docx"
    texts = [text for text in said(OwnTemplate(sample_template("fr")).fill(notice())) if text]
    filled = OwnTemplate(made.odt).fill(notice())
    assert [text for text in said(filled) if text] == texts
    (code,) = [name for name in parts(filled) if name.startswith("Pictures/relance-")]
    assert parts(filled)[code] == transfer_code.picture(notice())


@pytest.mark.proof
@pytest.mark.spec("A16")
def test_a_draft_in_rtf_is_marked_behind_its_text_and_shows_its_pictures(libreoffice):
    filled = OwnTemplate(sample_template("fr")).fill(notice(provisional=True))
    (rich,) = libreoffice.convert([filled], "odt", "rtf")
    assert rb"{\sn gtextUNICODE}{\sv PROVISOIRE}" in rich
    assert rb"\shpfblwtxt1" in rich
    assert rb"\pngblip" in rich
    assert rb"{\sn posrelh}{\sv 3}" not in rich


def test_letters_are_converted_together_and_what_cannot_be_is_told_of_itself(libreoffice):
    filled = OwnTemplate(sample_template("fr")).fill(notice(provisional=True))
    first, spoilt, last = libreoffice.convert([filled, b"PK\x03\x04", filled], "odt", "pdf")
    assert [pages(first), pages(last)] == [1, 1]
    assert b"pdfaid:part" in first
    assert isinstance(spoilt, LetterProblem)


def test_a_conversion_that_does_not_end_is_ended(libreoffice, monkeypatch):
    monkeypatch.setattr(office, "SECONDS", 0.01)
    (made,) = libreoffice.convert([sample_template("fr")], "odt", "pdf")
    assert isinstance(made, LetterProblem)


def test_a_linked_picture_is_not_fetched(libreoffice):
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: asked.append(server.accept()), daemon=True).start()
        linked = template(picture(f"http://127.0.0.1:{server.getsockname()[1]}/pixel.png"))
        (made,) = libreoffice.convert([linked], "odt", "pdf")
    assert pages(made) == 1
    assert asked == []
