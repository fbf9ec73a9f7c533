"""What does a letter say that was made of a company's own template?"""

import re
from base64 import b64encode

import pytest

from relance.core.display import DEFAULTS
from relance.letters.own import draft_mark
from relance.letters.own.sample import sample_template
from relance.letters.own.template import OwnTemplate, TemplateProblem
from relance.letters.own.words import WORDS
from relance.letters.typesetter import LetterProblem
from tests.house.project import ROOT
from tests.letters.documents import paragraph, parts, said, table, template
from tests.letters.notices import many, notice, to
from tests.letters.test_pictures import png, svg


def letter(*blocks, **claim):
    """The paragraphs of a letter made of a template of these blocks."""
    return said(OwnTemplate(template("".join(blocks))).fill(notice(**claim)))


def problem(*blocks):
    with pytest.raises(TemplateProblem) as refused:
        OwnTemplate(template("".join(blocks)))
    return str(refused.value)


@pytest.mark.spec("A23")
def test_a_word_in_braces_stands_for_its_fact_however_the_word_processor_split_it():
    split = 'À <text:span>{cus</text:span><text:span text:style-name="X">tom</text:span>er<text:bookmark text:name="b"/>}, niveau {level}.'
    assert letter(paragraph(split)) == ["À Garage Müller & Fils, niveau 2."]


def test_spaces_inside_the_braces_do_not_matter():
    assert letter(paragraph("{ customer_code\u00a0}")) == ["C001"]


def test_a_fact_is_never_markup_and_keeps_its_lines():
    seen = letter(paragraph("{address}"), recipient=to("<text:p>A & B</text:p>\x07", "1, rue {level}", "33000 Bordeaux"))
    assert seen == ["<text:p>A & B</text:p> / 1, rue {level} / 33000 BORDEAUX"]


@pytest.mark.spec("A23")
def test_a_row_is_repeated_for_each_line_and_goes_where_there_is_none():
    rows = table("Pièces", "{line.document} : {line.open} {line.currency}", "{credit.label}", "Total {total.amount}")
    assert letter(rows)[:3] == ["Pièces", "FA-1 : 1 234,50 EUR", "FA-2 : 300,00 EUR"]
    assert letter(rows, credits="AV-1 2026-10-01 -34.50")[3:] == ["Avoir ou acompte AV-1 du 01/10/2026, à déduire", "Total 1 500,00 €"]


def test_rows_of_several_currencies_come_in_the_order_of_the_letter():
    lines = "FA-1 2026-09-06 2026-10-06 10.00 10.00\nFA-2 2026-09-06 2026-10-06 20.00 20.00 USD"
    rows = table("{line.document}", "= {total.amount}")
    assert letter(rows, lines=lines) == ["FA-1", "= 10,00 €", "FA-2", "= 20,00 $US"]


def test_subtotals_stand_between_the_lines_where_they_were_asked_for():
    rows = table("{line.document}", "{subtotal.due_date} {subtotal.open}")
    assert letter(rows, subtotals=True) == ["FA-1", "06/10/2026 1 234,50", "FA-2", "20/10/2026 300,00"]
    assert letter(rows) == ["FA-1", "FA-2"]


def test_a_table_of_which_nothing_is_left_goes_too():
    charges = table("{charge.label} {charge.amount}")
    assert b"<table:table" not in parts(OwnTemplate(template(charges)).fill(notice()))["content.xml"]
    owed = {"interest": {"EUR": 1234}, "indemnity": {}}
    assert letter(charges, charges=owed) == ["Pénalités de retard 12,34 €"]


def test_the_texts_of_the_level_come_paragraph_by_paragraph():
    texts = {"subject": "Rappel", "header": "Un\n\nDeux {customer}", "footer": "Trois"}
    blocks = (paragraph("{subject}"), paragraph("{header}"), paragraph("{footer}"))
    assert letter(*blocks, texts=texts) == ["Rappel", "Un", "Deux Garage Müller & Fils", "Trois", "Maison Aubrelle"]


def test_a_paragraph_with_a_question_mark_goes_where_the_fact_is_missing():
    asked = paragraph("Notre relance du {previous_date?} est restée sans réponse.")
    assert letter(asked) == ["Notre relance du 2 novembre 2026 est restée sans réponse."]
    assert letter(asked, paragraph("Fin"), previous_on=None) == ["Fin"]


def test_remarks_and_deleted_text_of_the_word_processor_are_not_printed():
    noted = "Bonjour<office:annotation><text:p>{pas un mot}</text:p></office:annotation>"
    change = f"<text:changed-region><text:deletion>{paragraph('{old}')}</text:deletion></text:changed-region>"
    deleted = f"<text:tracked-changes>{change}</text:tracked-changes>"
    assert letter(deleted, paragraph(noted)) == ["Bonjour"]


def test_words_in_a_frame_stand_for_facts_too():
    frame = '<draw:frame text:anchor-type="paragraph"><draw:text-box><text:p>{customer}</text:p></draw:text-box></draw:frame>'
    assert letter(paragraph(frame + "{level}")) == ["2", "Garage Müller & Fils"]


def test_an_unknown_word_is_told_with_its_paragraph_and_what_it_may_mean():
    told = problem(paragraph("Chère {custmer}, bonjour"), paragraph("Solde : {total"))
    assert told.splitlines() == [
        'paragraph "Chère {custmer}, bonjour": unknown placeholder "{custmer}" (perhaps {customer}?)',
        'paragraph "Solde : {total": "{" without its pair',
    ]


@pytest.mark.parametrize(
    ("blocks", "told"),
    [
        ([table("{line.document} {charge.label}")], "cannot be told in the same row"),
        ([table(f"{{line.document}}{table('{line.open}')}")], "stands inside another"),
        ([paragraph("{line.colour}")], 'unknown placeholder "{line.colour}"'),
    ],
)
def test_rows_that_cannot_be_repeated_are_refused(blocks, told):
    assert told in problem(*blocks)


@pytest.mark.parametrize(
    "attempt",
    [
        "{{ customer.__class__.__mro__[1].__subclasses__() }}",
        "{customer.__class__}",
        "{line.__init__.__globals__}",
        "{% for i in range(10**9) %}x{% endfor %}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{customer!r:>999999999}",
        "{0}",
        "{}",
    ],
)
def test_there_is_no_language_that_could_be_run(attempt):
    assert "placeholder" in problem(paragraph(attempt)) or "without its pair" in problem(paragraph(attempt))


def test_a_letter_that_a_template_swells_beyond_all_measure_is_not_made():
    swollen = OwnTemplate(template(table("{line.document}" + "x" * 400_000)))
    with pytest.raises(LetterProblem, match="too long"):
        swollen.fill(notice(many(300)))


@pytest.mark.spec("A16")
def test_a_draft_and_a_duplicate_are_marked_on_every_page_and_a_final_letter_is_not():
    heads = [
        parts(OwnTemplate(sample_template("fr")).fill(notice(**claim)))["styles.xml"].decode()
        for claim in ({"provisional": True}, {"duplicate": True}, {})
    ]
    shown = ["PROVISOIRE" if "PROVISOIRE" in head else "DUPLICATA" if "DUPLICATA" in head else "" for head in heads]
    assert shown == ["PROVISOIRE", "DUPLICATA", ""]


def test_what_writer_forgets_of_the_mark_in_rtf_is_said_again():
    shape = rb"\shpinst\shpleft710\shpbxignore\shpbyignore\shpz1{\sp{\sn posrelh}{\sv 3}}{\sp{\sn fLine}{\sv 0}}{\sp{\sn wzName}{\sv %s}}"
    seen = draft_mark.placed_in_rtf(shape % b"RelanceMark")
    assert rb"\shpfblwtxt1\shpz1{\sp{\sn posrelh}{\sv 1}}{\sp{\sn posrelv}{\sv 1}}{\sp{\sn fBehindDocument}{\sv 1}}" in seen
    assert draft_mark.placed_in_rtf(shape % b"Logo") == shape % b"Logo"


def test_the_same_letter_is_the_same_bytes():
    assert OwnTemplate(sample_template("fr")).fill(notice()) == OwnTemplate(sample_template("fr")).fill(notice())


def test_the_reference_names_every_word_that_a_template_knows():
    page = (ROOT / "docs/reference/letter-data.md").read_text()
    assert [word for word in WORDS if f"`{{{word}}}`" not in page] == []


def pictured(**display):
    """The files of a letter with all its pictures, and the names of those that its text shows."""
    shown = DEFAULTS | {"window": "right"} | display
    made = parts(OwnTemplate(template(paragraph("{logo} {signature} {qr_code}"))).fill(notice(display=shown)))
    return made, re.findall(r'xlink:href="(Pictures/[^"]+)"', made["content.xml"].decode())


def address(media_type, content):
    return f"data:image/{media_type};base64,{b64encode(content).decode()}"


@pytest.mark.spec("A37")
def test_logo_signature_and_code_stand_in_the_text_as_pictures_in_their_proportions():
    logo, drawn = png(300, 100), svg('<path d="M0 0h9v9z"/>')
    made, names = pictured(logo=address("png", logo), signature=address("svg+xml", drawn))
    assert [made[name][:4] for name in names] == [b"\x89PNG"] * 3
    assert made[names[0]] == logo
    assert all(f'full-path="{name}"' in made["META-INF/manifest.xml"].decode() for name in names)
    sizes = re.findall(r'svg:width="([\d.]+)mm" svg:height="([\d.]+)mm"', made["content.xml"].decode())
    assert sizes == [("51.0", "17.0"), ("18.0", "18.0"), ("26.0", "26.0")]


@pytest.mark.spec("A37")
def test_pictures_that_the_company_does_not_show_leave_nothing_behind():
    made, names = pictured(qr_code=False)
    assert names == []
    assert [name for name in made if name.startswith("Pictures/")] == []
    asked = table("{bank_details?}{qr_code?}") + paragraph("{logo?}") + paragraph("Fin")
    assert letter(asked, company={"iban": ""}) == ["Fin"]


@pytest.mark.spec("A37")
def test_the_payment_slip_and_who_signs_stand_where_the_template_says():
    blocks = paragraph("{footer}") + paragraph("{signed}") + paragraph("{slip_heading?}") + table("{slip.label} = {slip.value}")
    texts = {"subject": "", "header": "", "footer": "Bien à vous,"}
    with_slip = DEFAULTS | {"window": "right", "payment_slip": True, "signatory": "Mme A."}
    assert letter(blocks, texts=texts, display=with_slip)[:3] == [
        "Bien à vous,",
        "Mme A. / Maison Aubrelle",
        "Coupon à joindre à votre règlement",
    ]
    assert "Total à régler = 1 534,50 €" in letter(blocks, texts=texts, display=with_slip)
    assert letter(blocks, texts=texts) == ["Bien à vous,", "Maison Aubrelle"]
