"""Is what is imported declared, and what is declared imported? And does the lock hold it, without saying where from?"""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.project import ROOT, text_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
OWN = {"relance", "tests", "tools"} | {path.stem for path in text_files(".py", under="bench")}
STARTED = {"django-stubs", "import-linter", "mypy", "pytest-django", "pytest-xdist", "ruff", "uv"}  # by the Makefile, not by an import


distributions = cache(packages_distributions)


def normal(name: str) -> str:
    """The name of a distribution as the lock writes it, without extras, versions or conditions."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name)[0]).lower()


def declared(*, for_development: bool) -> set[str]:
    """What the project asks for: to run, and with that to be developed."""
    asked = PROJECT["project"]["dependencies"] + (PROJECT["dependency-groups"]["dev"] if for_development else [])
    return {normal(name) for name in asked}


def imported(*folders: str) -> set[str]:
    """The distributions whose modules are imported anywhere under the folders."""
    modules = {module for folder in folders for path in text_files(".py", under=folder) for module in imported_by(path)}
    known = distributions()
    if "relance" in folders:  # applications and middleware, which Django imports by the names in the settings
        modules |= {word.partition(".")[0] for word in named_in_settings()} & known.keys()
    return {normal(known[module][0]) if module in known else module for module in modules - OWN - set(sys.stdlib_module_names)}


@cache
def imported_by(path: Path) -> frozenset[str]:
    """The modules that a file imports anywhere."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level]
    return frozenset(name.partition(".")[0] for name in names)


def named_in_settings() -> set[str]:
    """Every text in the settings that may be the name of a module."""
    constants = [node.value for node in ast.walk(ast.parse((ROOT / "relance/settings.py").read_text())) if isinstance(node, ast.Constant)]
    return {text for text in constants if isinstance(text, str) and re.fullmatch(r"\w+(\.\w+)*", text)}


def test_what_the_product_imports_is_what_it_declares():
    assert imported("relance") | {"psycopg"} == declared(for_development=False)  # psycopg is imported by Django


def test_what_the_tests_and_benchmarks_import_is_declared_and_nothing_else_is():
    assert imported("relance", "tests", "bench", "tools") | STARTED == declared(for_development=True)


@pytest.mark.parametrize(("lock", "for_development"), [("requirements.txt", False), ("requirements-dev.txt", True)])
def test_a_lock_holds_all_that_is_declared_each_with_a_hash(lock: str, for_development: bool):
    entries = re.findall(r"^([\w.-]+)==.*((?:\n {4}--hash=sha256:[0-9a-f]{64}.*)+)", (ROOT / lock).read_text(), flags=re.MULTILINE)
    assert declared(for_development=for_development) <= {name for name, _ in entries}
    assert len(entries) == len(re.findall(r"^\w", (ROOT / lock).read_text(), flags=re.MULTILINE))


def test_both_locks_agree():
    run, develop = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-dev.txt")
    )
    assert {name: develop[name] for name in run} == run


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_names_no_address(lock: str):
    assert re.findall(r"\w+://|^-", (ROOT / lock).read_text(), re.MULTILINE) == []
