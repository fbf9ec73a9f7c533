"""Does the guide to the demo tell what the demo company shows, in both languages?"""

import re
from collections import Counter
from pathlib import Path

import pytest

from relance.demo.situations import SITUATIONS
from tests.demo_book import TODAY, dossier, open_items

GUIDE = Path(__file__).parents[1] / "docs" / "start" / "demo.md"
FRENCH, ENGLISH = GUIDE.read_text(encoding="utf-8").split("\n---\n")
HALVES = pytest.mark.parametrize("half", [FRENCH, ENGLISH], ids=["french", "english"])
CODED = re.compile(r"^\| ([A-Z]\d{3}|[A-Z]{3}) \| ([^|]+) \|", re.MULTILINE)


@HALVES
def test_the_guide_names_customers_and_people_by_their_names(half: str):
    book = dossier(TODAY)
    names = {one["code"]: one["name"] for noun in ("customers", "collaborators") for one in book[noun]}
    assert {code: name for code, name in names.items() if code != "C001"} == dict(CODED.findall(half))


@HALVES
def test_the_guide_speaks_of_every_customer_that_shows_something(half: str):
    accounts = {account for situation in SITUATIONS.values() for account in situation.accounts}
    assert accounts <= set(re.findall(r"\b[CF]\d{3}\b", half))


@HALVES
def test_the_documents_of_the_guide_belong_to_its_customers(half: str):
    owners = {one["number"]: one.get("customer") for one in dossier(TODAY)["documents"]}
    told = [(line[2:6], number) for line in half.splitlines() for number in re.findall(r"FA-\d{4}", line) if line.startswith("| C")]
    assert told
    assert [(code, number) for code, number in told if owners[number] != code] == []


@HALVES
def test_the_guide_counts_what_is_open(half: str):
    due = Counter(due["due_date"] < str(TODAY) for _, due, rest in open_items(dossier(TODAY)) if rest > 0)
    assert re.search(rf"\b{due[True]}\b.*\b{due.total()}\b", half)
