"""Is everything that lower layers refuse told in the language of who looks?"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from django.utils.translation import override

from relance.models import Event
from relance.steps.taking_in.outcome import Difference, Outcome
from relance.telling import sentences
from relance.telling.events import WHAT, told_events
from relance.telling.imported import row_changes
from relance.telling.sentences import in_words, said

RELANCE = Path(__file__).parents[2] / "relance"
REFUSALS = {
    "Refused",
    "Changed",
    "Unfound",
    "TemplateProblem",
    "LetterProblem",
    "Unreachable",
    "Unreadable",
    "UnknownRate",
    "LevelNotSetUp",
}
MISUSE = {"typer.BadParameter", "say"}
ROOMS = ("core", "importers", "letters", "models", "channels", "steps", "work", "cli")

# What is filled in with more than a name: as it can come to be.
FILLED_IN = {
    "7 is held as 7; this one is 7": ["FA-1 is held as invoice of 120.00 EUR; this one is credit_note of -1.00 EUR"],
    "7: 7 without a letter may be for open invoices; nothing was matched without you": [
        f"fec.txt: {count} without a letter may be for open invoices; nothing was matched without you"
        for count in ("1 payment", "2 payments")
    ],
    "7: letter 7 of 7 is not followed: 7": [
        "fec.txt: letter AA of C1 is not followed: its 3 lines do not balance",
        "fec.txt: letter AA of C1 is not followed: it stands on one line alone",
    ],
    "the PDF 7": ["the PDF has no page"],
    "of a 7 must be above zero": ["of a receipt must be above zero"],
    "of a 7 must be below zero": ["of a return must be below zero"],
    'not "7": 7': ['not "relance/1": "relance/2"'],
    "not 7: 7": ['not a currency of three capital letters: "euro"', 'not a country of two capital letters: "F"'],
    "7, imported on 7 by 7, 7": [
        "a.csv, imported on 2026-07-18 08:30 by ann, can be undone",
        "a.csv, imported on 2026-07-18 08:30 by me, can be undone; 2 bank entries that were set aside since would be forgotten: --forget 2",
        "a.csv, imported on 2026-07-18 08:30 by ann, was undone: everything is again as it was before",
    ],
    "MDT-215: 7": ['MDT-215: not a decimal amount: "12,00"'],
    "this is 7; a table is read from CSV, XLSX or ODS": ["this is a PDF; a table is read from CSV, XLSX or ODS"],
    "cannot be read: 7": ["content.xml cannot be read: mismatched tag"],
    "declares entities, which no word processor writes": ["content.xml declares entities, which no word processor writes"],
    "is nested too deeply": ["content.xml is nested too deeply"],
    'no company "7"7': ['no company "A"', 'no company "A"; there is B, C', 'no company "A"; none has been loaded yet'],
    'no document "7"7 in 7': ['no document "F1" in ACME', 'no document "F1" of customer "C1" in ACME'],
    "level 7 is not set up in 7: 7 has no such level": [
        'level 4 is not set up in ACME: the policy "VIP" has no such level',
        "level 4 is not set up in ACME: its default policy has no such level",
    ],
    '7 is written with the template "7" already': [
        'level 2 is written with the template "firm" already',
        'customer C1 is written with the template "firm" already',
        'customer type retail is written with the template "firm" already',
    ],
}


def refusals() -> set[tuple[str, str]]:
    """Where the lower layers refuse something, and the words, with a 7 for what is filled in."""
    return {
        (path.relative_to(RELANCE).as_posix(), words)
        for room in ROOMS
        for path in (RELANCE / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in REFUSALS | MISUSE and node.args
        for text in texts(node.args[0])
        for words in FILLED_IN.get(text, [text])
        if any(char.isalpha() for char in words)
    }


def faults() -> set[tuple[str, str]]:
    """Where a dossier is found wrong, and the words, with a 7 for what is filled in."""
    return {
        (path.relative_to(RELANCE).as_posix(), words)
        for path in (RELANCE / "dossier").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and (found := fault_in(node)) is not None
        for text in texts(found)
        for words in FILLED_IN.get(text, [text])
        if any(char.isalpha() for char in words)
    }


def fault_in(node: ast.Call) -> ast.expr | None:
    """The words of a call that tells a fault, or refuses a value."""
    name = ast.unparse(node.func).rpartition(".")[2]
    place = {"fault": -1, "_fault": -1, "Fault": -1, "ValueError": 0}.get(name)
    return None if place is None or not node.args else node.args[place]


def texts(node: ast.expr) -> Iterator[str]:
    """Every text that an expression can come to."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield from ("".join(chosen) for chosen in product(*(list(texts(part)) for part in parts)))
        case ast.FormattedValue(value=ast.IfExp() | ast.JoinedStr() as inner):
            yield from texts(inner)
        case ast.FormattedValue():
            yield "7"
        case ast.IfExp(body=one, orelse=other):
            yield from (*texts(one), *texts(other))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from ("".join(chosen) for chosen in product(list(texts(left)), list(texts(right))))
        case _:
            yield ""


def test_every_refusal_is_told_in_french():
    with override("fr"):
        assert [(place, words) for place, words in sorted(refusals()) if in_words(words) == words] == []


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "r.txt: line 8: a movement (record 04) outside of a statement: there is no opening balance (record 01) before it",
            "r.txt : ligne 8 : un mouvement (enregistrement 04) hors d’un relevé : aucun solde initial (enregistrement 01) ne le précède",
        ),
        (
            "a.xml: line 259, Amt: EUR, where the entries before are in CHF",
            "a.xml : ligne 259, Amt : EUR, alors que les mouvements précédents sont en CHF",
        ),
        ('a.csv: line 3, N°: pièce: not a date: "hier"', 'a.csv : ligne 3, N° : pièce : pas une date : "hier"'),
        ('line 9, account FR76: not a currency: "E"', 'ligne 9, compte FR76 : pas une devise : "E"'),
        ("line 2, column 1: what nobody knows", "line 2, column 1: what nobody knows"),
        (
            "a.csv, imported on 2026-07-18 08:30 by ann, can be undone",
            "a.csv, importé le 18/07/2026 08:30 par ann, peut être annulé",
        ),
    ],
)
def test_where_something_stands_is_told_in_french_before_what_is_wrong_there(sentence, told):
    with override("fr"):
        assert said(sentence).replace("\u00a0", " ") == told


def test_every_fault_of_a_dossier_is_told_in_french():
    with override("fr"):
        assert [(place, words) for place, words in sorted(faults()) if in_words(words) == words] == []


def test_every_event_has_a_name():
    facts = (node for path in RELANCE.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())) if is_fact(node))
    assert {node.args[0].value for node in facts} - set(WHAT) == set()


def is_fact(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "Fact" and bool(node.args) and isinstance(node.args[0], ast.Constant)


def test_no_page_shows_a_refusal_as_it_was_said():
    shown = [path.name for path in (RELANCE / "web").rglob("*.py") for line in path.read_text().splitlines() if "(request, str(" in line]
    assert shown == []


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("there is no run 12", "il n’existe pas d’exécution 12"),
        ("ACME has no levels set up: nobody can be dunned before there is a policy", "aucun niveau n’est réglé pour ACME"),
        ("clients.csv: the file is empty", "clients.csv\u00a0: le fichier est vide"),
        ("notice 7 is sent: there is nothing to cancel", "la relance 7 est envoyée\u00a0: il n’y a rien à annuler"),
        ("written to the mail folder", "déposé dans le dossier des mails"),
        ("F12: the open amount has changed", "F12\u00a0: le reste dû a changé"),
        ("the hold would end on 2026-01-05, before it begins on 2026-02-01", "la mise en suspens finirait le 05/01/2026"),
    ],
)
def test_a_refusal_is_told_in_french_with_what_it_names(english, french):
    with override("fr"):
        assert said(english).startswith(french)


def test_a_refusal_of_several_lines_is_told_line_by_line():
    with override("fr"):
        assert in_words("a.csv: the file is empty\nthere is no run 3") == "a.csv\u00a0: le fichier est vide\nil n’existe pas d’exécution 3"


def test_what_nobody_foresaw_is_shown_as_it_was_said():
    with override("fr"):
        assert said("550 5.1.1 no such user") == "550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("sentence", "french"),
    [
        ("12.00 allocated to FA-9.50, due item 1, which is of 1234.50", "12,00 affectés à FA-9.50, échéance 1, qui est de 1 234,50"),
        ("2.00 is below the legal floor, 6.45 on 2026-07-01", "inférieur au plancher légal, qui est de 6,45 % aujourd’hui"),
        ("FA-1: 1234.56 is open, not 2000.00", "FA-1 : il reste 1 234,56 à payer, pas 2 000,00"),
        (
            "FA-1: 12.50 of what was collected fit nothing that is open",
            "FA-1 : 12,50 de ce qui a été encaissé ne correspondent à rien d’ouvert",
        ),
        ("12.50 EUR are left: say whose payment on account they are", "il reste 12,50 € : dites de quel client c’est l’acompte"),
        (
            "FA-1 is held as invoice of 1200.00 EUR; this one is credit_note of -3.00 EUR",
            "FA-1 est déjà là (facture de 1 200,00 €) ; celle-ci est autre (avoir de -3,00 €)",
        ),
        ('an amount stands in quotes, as "12.50", not 12.5', 'un montant s’écrit entre guillemets, comme "12.50", et non 12.5'),
    ],
)
def test_amounts_are_told_as_the_reader_writes_them_and_what_was_written_as_it_stands(sentence: str, french: str):
    with override("fr"):
        assert in_words(sentence).replace("\u202f", " ").replace("\xa0", " ") == french


def test_what_changed_is_told_with_amounts_as_the_reader_writes_them():
    changed = {"changed": [{"what": "open", "before": "1200.00", "after": "0.00"}, {"what": "comment", "before": "", "after": "12.50"}]}
    event = Event(at=datetime(2026, 7, 15, tzinfo=UTC), by="eva", what="document_settled", facts=changed)
    change = Outcome(3, "changed", "C1", "P1", (Difference("amount", "1200.00", "-3.50"),))
    with override("fr"):
        [line], [row] = told_events([event]), row_changes([change])
        differs = [str(one).replace("\u202f", " ") for one in row.told[0]]
    assert line.told.replace("\u202f", " ") == "reste dû 1 200,00 → 0,00; commentaire – → 12.50"
    assert differs == ["montant", "1 200,00", "-3,50"]


def test_no_sentence_is_told_in_the_words_of_a_shorter_one():
    samples = dict.fromkeys(sentences._NUMBERS, "7") | dict.fromkeys(sentences._FIGURES, "12.50") | {"server": "smtp.acme.example:25"}
    told_by = {}
    for known, _pattern in sentences._patterns():
        said_so = re.sub(r"%\((\w+)\)s", lambda name: samples.get(name[1], "Dupont"), known)
        told_by[known] = next(other for other, pattern in sentences._patterns() if pattern.fullmatch(said_so))
    assert [(known, other) for known, other in told_by.items() if known != other] == []
