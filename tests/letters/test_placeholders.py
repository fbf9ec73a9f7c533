"""What can a text of the company's say, and what can it never do?"""

import re
from pathlib import Path

import pytest

from relance.letters.placeholders import PLACEHOLDERS, check_text, fill
from tests.letters.notices import notice

PAGE = Path(__file__).parents[2] / "docs/reference/letter-data.md"


def test_each_placeholder_stands_for_its_fact():
    recipient = {"name": "Garage Müller & Fils", "contact": "Hélène Müller", "address": []}
    said = notice(recipient=recipient, charges={"interest": {"EUR": 1234}, "indemnity": {"EUR": 8000}})
    facts = {name: fill(f"{{{name}}}", said).replace("\u202f", " ").replace("\u00a0", " ") for name in PLACEHOLDERS}
    assert facts == {
        "customer": "Garage Müller & Fils",
        "customer_code": "C001",
        "contact": "Hélène Müller",
        "company": "Maison Aubrelle",
        "sender": "Maison Aubrelle",
        "sender_email": "compta@aubrelle.example",
        "iban": "FR76 3000 6000 0112 3456 7890 189",
        "bic": "AGRIFRPPXXX",
        "number": "2026-000123",
        "level": "2",
        "date": "23 novembre 2026",
        "deadline": "1er décembre 2026",
        "previous_date": "2 novembre 2026",
        "oldest_due_date": "6 octobre 2026",
        "days_overdue": "48",
        "total": "1 534,50 €",
        "interest": "12,34 €",
        "indemnity": "80,00 €",
        "documents": "FA-1, FA-2",
        "document_count": "2",
    }


def test_a_notice_that_claims_no_charges_and_knows_nobody_by_name_says_so():
    assert fill("{interest}/{indemnity}/{contact}", notice()) == "–/–/Garage Müller & Fils"


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_whoever_writes_a_text_is_told_what_each_placeholder_stands_for(language):
    told = [one.says[language] for one in PLACEHOLDERS.values()]
    assert all(told)
    assert len(set(told)) == len(told)


def test_the_placeholders_are_those_of_the_documents():
    told = PAGE.read_text().partition("\n## Words of a template")[0]
    assert re.findall(r"^\| `\{(\w+)\}`", told, re.MULTILINE) == list(PLACEHOLDERS)


def test_totals_of_several_currencies_stand_side_by_side():
    lines = "FA-1 2026-09-06 2026-10-06 10.00 10.00\nFA-2 2026-09-06 2026-10-06 5.00 5.00 USD"
    assert fill("{total}", notice(lines, language="en")) == "€10.00 + US$5.00"


def test_a_first_reminder_has_no_date_before_it():
    assert fill("{previous_date}", notice(previous_on=None)) == "–"


def test_a_paragraph_with_a_question_mark_goes_where_there_is_no_such_fact():
    text = "Bonjour,\n\nnotre relance du {previous_date?} est restée sans réponse.\n\nCordialement"
    assert fill(text, notice()).split("\n\n")[1] == "notre relance du 2 novembre 2026 est restée sans réponse."
    assert fill(text, notice(previous_on=None)) == "Bonjour,\n\nCordialement"
    assert check_text(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "{company.__class__}",
        "{0}",
        "{}",
        "{ total }",
        "{TOTAL}",
        "{total!r}",
        "{total:>9}",
        "{{total",
        "}{",
        "{company[name]}",
        "%(total)s",
        "$total",
    ],
)
def test_what_is_no_placeholder_stays_as_it_stands(text):
    assert fill(text, notice()).replace("1\u202f534,50\u00a0€", "") in (text, text.replace("{total", ""), text.replace("{total}", ""))


def test_a_fact_that_looks_like_a_placeholder_is_not_filled_in_again():
    assert fill("{customer}", notice(customer={"code": "C", "name": "{total}", "kind": "business"})) == "{total}"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Bonjour {customer}, {total}", []),
        ("{customr} et {total", [(0, 'unknown placeholder "{customr}" (perhaps {customer}?)'), (13, '"{" without its pair')]),
        ("{customr?}", [(0, 'unknown placeholder "{customr?}" (perhaps {customer}?)')]),
        ("a } b", [(2, '"}" without its pair')]),
        ("{company.__class__}", [(0, 'unknown placeholder "{company.__class__}"')]),
        (" \n\u00a0\u200b", [(0, "is blank; left empty, it is the default text")]),
        ("{{total}}", [(0, '"{" without its pair'), (8, '"}" without its pair')]),
    ],
)
def test_what_is_wrong_with_a_text_is_said_with_its_place(text, faults):
    assert [tuple(problem) for problem in check_text(text)] == faults
