"""Can every command that the documents show be typed?"""

import re
import shlex
from pathlib import Path

import pytest
import typer

from relance.cli.app import app
from tests.house.project import ROOT, text_files

SHOWN = re.compile(r"^(?: {4}|\t)?(?:[A-Z_]+='[^']*' )?(?:\.venv/bin/)?relance ([a-z-].*)$", re.MULTILINE)
GROUP = typer.main.get_command(app)


def shown() -> list[tuple[str, str]]:
    """Each command line that stands in a document, with the document's name; `relance help lists …` in running text is not one."""
    return [(str(path.relative_to(ROOT)), line) for path in text_files(".md") for line in SHOWN.findall(path.read_text())]


@pytest.mark.parametrize(("document", "line"), shown())
def test_a_command_shown_in_a_document_exists_with_its_options(document: str, line: str):
    words = shlex.split(line.partition(" > ")[0].partition(" #")[0])
    command = GROUP
    while getattr(command, "commands", None):
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_documents_show_the_main_commands():
    assert {line.split()[0] for _, line in shown()} >= {"batch", "edition", "explain", "load", "dump", "import"}


def test_every_command_is_told_of_in_a_document():
    text = "".join(Path(path).read_text() for path in text_files(".md"))
    assert [name for name in GROUP.commands if f"relance {name}" not in text] == []
