"""Does the page on the commands name every command and option that there is, and no other?"""

import re

import pytest
from typer.main import get_command

from relance.cli.app import app
from tests.house.project import ROOT

PAGE = (ROOT / "docs/reference/commands.md").read_text()
OPTION = re.compile(r"`(--[a-z-]+)")


def commands(group=None, path="relance"):
    """Every command by its full name."""
    for name, command in (group or get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def sections():
    """The sections of the page by their headings, which may name two commands."""
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        heading, _, text = section.partition("\n")
        yield heading, text.partition("\n## ")[0]


def section_of(name):
    return next((text for heading, text in sections() if re.search(rf"{name}\b(?!-)", heading)), None)


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=lambda one: one if isinstance(one, str) else "")
def test_a_command_is_told_with_its_options(name, command):
    text = section_of(name)
    assert text is not None, f"no section on {name}"
    assert {option for parameter in command.params for option in parameter.opts if option.startswith("--")} - {"--help"} <= set(
        OPTION.findall(text)
    )


@pytest.mark.parametrize(("heading", "text"), list(sections()), ids=lambda one: one[:20])
def test_a_section_tells_only_of_what_exists(heading, text):
    known = {
        option for name, command in commands() if name in heading for one in command.params for option in (*one.opts, *one.secondary_opts)
    }
    assert set(OPTION.findall(text)) - known == set()
