"""How do people read which letter templates there are?"""

from collections.abc import Iterable
from typing import Any

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech


def show_templates(templates: Iterable[dict[str, Any]], words: Speech) -> None:
    """Each template with its newest version and for whom it is used."""
    rows = [
        (one["name"], one["version"], one["format"].upper(), words.day(one["at"][:10]), one["by"], _uses(one, words)) for one in templates
    ]
    if not rows:
        show(words("No template was uploaded."))
        return
    heads = [words(head) for head in ("Template", "Version", "Format", "Date", "By", "Used for")]
    show_table(heads, rows, right=(heads[1],))


def show_versions(versions: Iterable[dict[str, Any]], words: Speech, title: str) -> None:
    """Each version of a template, and how many letters were made of it."""
    heads = [words(head) for head in ("Version", "File", "Date", "By", "Letters")]
    rows = [(one["version"], one["filename"], words.day(one["at"][:10]), one["by"], one["letters"]) for one in versions]
    show_table(heads, rows, title=title, right=(heads[0], heads[4]))


def _uses(template: dict[str, Any], words: Speech) -> str:
    said = [words("level {level}", level=level) for level in template["levels"]]
    said += [words("customer {code}", code=code) for code in template["customers"]]
    said += [words("type {code}", code=code) for code in template["types"]]
    return ", ".join(said) or words("on request")
