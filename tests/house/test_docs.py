"""Do the documents name only what exists?"""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from relance.core.terms import due_date, parse_terms
from tests.house.project import ROOT, text_files

PLACE = re.compile(r"`((?:relance|bench|tools|tests|docs)/[\w/.<>-]+)`(?: `(\w+)`)?")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")
DOCUMENTS = list(text_files(".md"))


def where_is() -> list[tuple[str, str, str]]:
    """The rows of the README's "Where is…?" table: question, file, function or empty."""
    table = (ROOT / "README.md").read_text().partition("| Where is…?")[2].partition("\n\n")[0]
    return [(line.split("|")[1].strip(), file, name) for line in table.splitlines() for file, name in PLACE.findall(line)]


def defined(path: Path) -> set[str]:
    """The names of a module's functions and classes."""
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def linked(document: Path) -> list[Path]:
    """The files that a document's links lead to."""
    text = re.sub(r"```.*?```|`[^`]*`", "", document.read_text(), flags=re.DOTALL)
    return [(document.parent / link).resolve() for link, _ in LINK.findall(text) if link]


@pytest.mark.parametrize(("question", "file", "name"), where_is())
def test_the_readme_sends_you_to_a_place_that_exists(question: str, file: str, name: str):
    places = list(ROOT.glob(re.sub(r"<\w+>", "*", file)))
    assert places, f"{question}: no {file}"
    assert not name or name in defined(places[0])


def test_the_readme_answers_at_least_ten_questions():
    assert len(where_is()) >= 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_a_document_lead_somewhere(document: Path):
    assert [str(target) for target in linked(document) if not target.exists()] == []


def test_every_page_of_the_documents_can_be_reached_from_their_first_page():
    reached: set[Path] = set()
    ahead = {ROOT / "docs/index.md"}
    while ahead:
        page = ahead.pop()
        reached.add(page)
        ahead |= {target for target in linked(page) if target.suffix == ".md" and target.exists()} - reached
    assert [str(page.relative_to(ROOT)) for page in text_files(".md", under="docs") if page not in reached] == []


def terms_table() -> list[tuple[str, str]]:
    """The notations of the page on payment terms, each with the due date it promises."""
    return re.findall(
        r"^\| `(\w[\w-]*)` \| .+ \| (\d{4}-\d\d-\d\d) \|$", (ROOT / "docs/reference/payment-terms.md").read_text(), re.MULTILINE
    )


@pytest.mark.parametrize(("written", "due_on"), terms_table())
def test_payment_terms_give_the_due_dates_that_their_page_promises(written: str, due_on: str):
    assert due_date(parse_terms(written), date(2026, 1, 15)) == date.fromisoformat(due_on)


def test_the_page_on_payment_terms_has_its_examples():
    assert len(terms_table()) == 6
