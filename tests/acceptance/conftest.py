"""Which world does each acceptance test stand in? A company nobody has loaded yet, a mail folder of its own, and one of two doors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.doors import PROGRAM, Answer, Program, inside
from tests.acceptance.world import World


@pytest.fixture
def post(home: Path) -> Path:
    """The folder that outgoing mail is written to."""
    return home / "mail"


@pytest.fixture
def relance(db, monkeypatch) -> Callable[..., Answer]:
    """The command line inside this process, on the test's own data folder."""
    monkeypatch.setenv("COLUMNS", "400")
    return inside


@pytest.fixture
def world(relance, tmp_path, post) -> World:
    """The company ACME, driven inside this process."""
    return World(relance, tmp_path, post)


@pytest.fixture
def program(tmp_path) -> Program:
    """The program a user runs, with a data folder of its own."""
    if not PROGRAM.exists():
        pytest.skip("the program is not installed beside this interpreter")
    return Program.installed(tmp_path / "programs_home")


@pytest.fixture
def real_world(program, tmp_path) -> World:
    """The company ACME, driven through the program a user runs."""
    return World(program, tmp_path, program.home)
