"""Is the core pure: the standard library alone, no clock, no input, no output?"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.project import ROOT, text_files

CORE = list(text_files(".py", under="relance/core"))
OUTSIDE = {"asyncio", "http", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess"}
OUTSIDE |= {"tempfile", "threading", "time", "urllib", "uuid"}
CLOCK = {"today", "now", "utcnow"}
SPEECH = {"open", "print", "input"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The names of the modules that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def impurities(source: str) -> list[str]:
    """What a module of the core may not do, and does."""
    tree = ast.parse(source)
    found = []
    for name in imported(tree):
        top = name.partition(".")[0]
        if not (name == "relance.core" or name.startswith("relance.core.") or (top in sys.stdlib_module_names and top not in OUTSIDE)):
            found.append(f"imports {name}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK:
            found.append(f"asks the clock: {node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEECH:
            found.append(f"calls {node.func.id}")
    return found


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_is_pure(path: Path):
    assert impurities(path.read_text()) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from datetime import date\nfrom relance.core import money", []),
        ("import django.db", ["imports django.db"]),
        ("def f():\n    from relance.models import Company", ["imports relance.models"]),
        ("from . import money", ["imports ."]),
        ("import os", ["imports os"]),
        ("on = date.today()", ["asks the clock: today"]),
        ("print('dunned')", ["calls print"]),
    ],
)
def test_an_impurity_is_seen(source: str, found: list[str]):
    assert impurities(source) == found


@pytest.mark.parametrize("path", list(text_files(".py", under="relance")), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_opens_with_the_question_it_answers(path: Path):
    if path.parent.name != "migrations":
        assert ast.get_docstring(ast.parse(path.read_text()))
