"""Which uploaded documents may not be templates, and what is said of them?"""

import base64

import pytest

from relance.letters.own import odt, office
from relance.letters.own.odt import TemplateProblem
from relance.letters.own.sample import sample_template
from relance.letters.own.uploaded import read_template
from tests.letters.documents import packed, paragraph, parts, picture, template

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")
ELSEWHERE = '<Relationship Type="x/image" Target="http://127.0.0.1:9/" TargetMode="External"/>'
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY read SYSTEM "file:///etc/passwd">]>'


def linked(element, href):
    return paragraph(f'<{element} xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{href}">lien</{element}>')


def with_entities():
    files = parts(template(paragraph("&read;")))
    content = files["content.xml"].decode().replace("?>\n", f"?>\n{DOCTYPE}", 1)
    return packed(files | {"content.xml": content.encode()})


def locked():
    files = parts(sample_template("fr"))
    listed = files["META-INF/manifest.xml"].replace(b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>")
    return packed(files | {"META-INF/manifest.xml": listed})


def bomb():
    return packed(parts(sample_template("fr")) | {"Pictures/a.png": b"\0" * (odt.LARGEST_WHOLE + 1)})


def deep():
    return template("<text:section>" * 1000 + paragraph("au fond") + "</text:section>" * 1000)


HOSTILE = {
    "another kind of file": (lambda: b"%PDF-1.7", "not a document"),
    "a spreadsheet": (lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "not a text document"),
    "an empty sheet": (lambda: template(paragraph("{previous_date?}") + paragraph(" ")), "says nothing"),
    "a damaged file": (lambda: sample_template("fr")[:-200], "damaged"),
    "macros of Writer": (lambda: template(paragraph(""), Basic__Standard__m_xml="<x/>"), "macros"),
    "a script": (
        lambda: template(paragraph('<text:script xmlns:script="urn:x" script:language="js">1</text:script>')),
        "macros or scripts",
    ),
    "a picture from the web": (lambda: template(picture("http://127.0.0.1:9/pixel.png")), "outside it"),
    "a picture of the machine": (lambda: template(picture("../../../etc/passwd")), "outside it"),
    "a picture that draws": (lambda: template(picture("Pictures/a.svg"), Pictures__a_svg="<svg/>"), "PNG or JPEG"),
    "a section of another file": (lambda: template(linked("text:section-source", "file:///etc/passwd")), "elsewhere"),
    "an embedded object": (lambda: template(linked("draw:object", "./Object 1")), "embeds an object"),
    "a link that runs": (lambda: template(linked("text:a", "vnd.sun.star.script:a.b?language=Basic")), "outside it"),
    "a database field": (lambda: template(paragraph("<text:database-display/>")), "elsewhere"),
    "entities": (with_entities, "entities"),
    "a password": (locked, "password"),
    "a bomb": (bomb, "unpacked"),
    "an endless nest": (deep, "nested too deeply"),
    "a way out of its folder": (lambda: template(paragraph(""), **{"..__..__etc__passwd": "x"}), "impossible name"),
    "a locked Word document": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Word format"),
    "macros of Word": (lambda: packed({"word/document.xml": "<x/>", "word/vbaProject.bin": "x"}), "macros"),
    "a linked picture of Word": (
        lambda: packed({"word/document.xml": "<x/>", "word/_rels/document.xml.rels": f"<Relationships>{ELSEWHERE}</Relationships>"}),
        "outside it",
    ),
    "entities of Word": (lambda: packed({"word/document.xml": f"{DOCTYPE}<x>&a;</x>"}), "entities"),
    "an object in RTF": (lambda: rb"{\rtf1 {\object{\*\objdata 0105}}}", "embeds or links"),
    "a linked picture in RTF": (lambda: rb'{\rtf1 {\field{\*\fldinst INCLUDEPICTURE "http://127.0.0.1:9/"}}}', "embeds or links"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_document_is_refused_in_words_that_say_why(what):
    make, told = HOSTILE[what]
    with pytest.raises(TemplateProblem, match=told):
        read_template(make())


def test_a_document_with_a_logo_and_a_link_to_click_on_is_taken():
    made = read_template(template(picture("Pictures/logo.png") + linked("text:a", "https://aubrelle.example"), Pictures__logo_png=PIXEL))
    assert made.format == "odt"
    assert parts(made.odt)["Pictures/logo.png"] == PIXEL


def test_a_word_document_needs_libreoffice_and_the_message_says_so(monkeypatch):
    monkeypatch.setattr(office, "installed", lambda: None)
    with pytest.raises(TemplateProblem, match="DOCX template needs LibreOffice, which is not installed here"):
        read_template(packed({"word/document.xml": "<x/>"}))
