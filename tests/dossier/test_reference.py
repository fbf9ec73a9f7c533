"""Does the reference of the dossier name every key, and no other, with its default?"""

import json
import re
from pathlib import Path

import pytest

from relance.dossier import shape, shape_of_ledger
from relance.dossier.entry import REQUIRED
from relance.dossier.noun import Key, Noun

REFERENCE = (Path(__file__).parents[2] / "docs/reference/dossier.md").read_text()
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \|", re.MULTILINE)
NOUNS = {
    "company": shape.COMPANY,
    "options": shape.OPTIONS,
    "pictures": shape.PICTURE,
    "display": shape.DISPLAY,
    "messaging": shape.MESSAGING,
    "levels": shape.LEVEL,
    "policies": shape.POLICY,
    "payment_methods": shape.PAYMENT_METHOD,
    "statuses": shape.STATUS,
    "collaborators": shape.COLLABORATOR,
    "customer_types": shape.CUSTOMER_TYPE,
    "batches": shape.BATCH,
    "webhooks": shape.WEBHOOK,
    "sources": shape.SOURCE,
    "launches": shape.LAUNCH,
    "customers": shape_of_ledger.CUSTOMER,
    "sites": shape_of_ledger.SITE,
    "contacts": shape_of_ledger.CONTACT,
    "suppliers": shape_of_ledger.SUPPLIER,
    "templates": shape.TEMPLATE,
    "template_versions": shape.TEMPLATE_VERSION,
    "documents": shape_of_ledger.DOCUMENT,
    "attachments": shape_of_ledger.ATTACHMENT,
    "files": shape.FILE,
    "due": shape_of_ledger.DUE_ITEM,
    "payments": shape_of_ledger.PAYMENT,
    "allocations": shape_of_ledger.ALLOCATION,
    "bank_accounts": shape_of_ledger.BANK_ACCOUNT,
    "entries": shape_of_ledger.BANK_ENTRY,
    "matches": shape_of_ledger.MATCH,
    "parts": shape_of_ledger.MATCH_PART,
}


def section(title: str) -> dict[str, str]:
    """The keys of one table with their defaults as written."""
    return dict(ROW.findall(REFERENCE.partition(f"\n### {title}\n")[2].partition("\n## ")[0].partition("\n### ")[0]))


@pytest.mark.parametrize("title", NOUNS)
def test_the_reference_names_every_key(title: str):
    noun = NOUNS[title]
    assert list(section(title))
    assert set(section(title)) == {*noun.keys, *noun.lists, *noun.objects}


@pytest.mark.parametrize(("title", "noun"), NOUNS.items())
def test_the_defaults_are_those_of_the_product(title: str, noun: Noun):
    told = {key: json.loads(default.strip("`")) for key, default in section(title).items() if default.startswith("`") and key in noun.keys}
    assert told == {key: shown(key, noun.keys[key]) for key in told}
    assert not [key for key, default in section(title).items() if not default and noun.keys[key].default not in (REQUIRED, None)]


def shown(key: str, kept: Key) -> object:
    """A default as the file writes it."""
    if key == "min_invoice_amount":
        return "0.00"
    if key in ("language", "payment_terms") and kept.default == "":
        return None
    lists = (
        "address",
        "recipients",
        "copies",
        "sites",
        "roles",
        "receives",
        "levels",
        "customers",
        "restores",
        "types",
        "companies",
        "cc",
        "bcc",
        "times",
    )
    if key in (*lists, "results"):
        return list(kept.default)
    return kept.default


def test_the_example_is_a_dossier():
    example = json.loads(REFERENCE.partition("```json\n")[2].partition("```")[0])
    assert set(example) < {*shape.DOSSIER.keys, *shape.DOSSIER.lists, *shape.DOSSIER.objects}


def test_the_order_of_faults_knows_every_noun():
    assert set(shape.ORDER) == {*shape.DOSSIER.keys, *shape.DOSSIER.lists, *shape.DOSSIER.objects}
