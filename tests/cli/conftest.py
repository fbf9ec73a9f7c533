"""Which world do the tests of the command line stand in? The company ACME of the acceptance suite, driven inside this process."""

from pathlib import Path

import pytest

from tests.acceptance.doors import inside
from tests.acceptance.world import World


@pytest.fixture
def world(db, home: Path, mail_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The company ACME, not loaded yet; a terminal wide enough for its tables."""
    monkeypatch.setenv("COLUMNS", "250")
    return World(inside, tmp_path, mail_folder)
