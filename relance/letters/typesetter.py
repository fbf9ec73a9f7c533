"""How is a page set? A template of this package and the data, through typst, into PDF/A-2b: the same bytes each time.

The data goes in as JSON and is never made into markup. Templates come from this package alone; typst sees no other folder, no other
fonts than those it is given, and has nothing to fetch.
"""

import functools
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

_TEMPLATES = Path(__file__).parent / "templates"
_FACES = ("Regular", "It", "Semibold", "Bold")


class LetterProblem(Exception):
    """What is wrong with one letter, in words for a user."""


def typeset(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template; ``data`` holds its ``date`` (ISO), which is the PDF's own. Raises LetterProblem."""
    try:
        made = _compiler(template).compile(
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["a-2b"],
            timestamp=datetime.fromisoformat(data["date"]).replace(tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise LetterProblem(f"the page cannot be typeset: {error.message}") from error
    assert isinstance(made, bytes)
    return made


@functools.cache
def _compiler(template: str) -> typst.Compiler:
    nowhere = _fonts().name + "/no-packages"
    return typst.Compiler(
        _TEMPLATES / f"{template}.typ",
        root=_TEMPLATES,
        font_paths=[_fonts().name],
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )


@functools.cache
def _fonts() -> "tempfile.TemporaryDirectory[str]":
    """A folder of just the faces that are used: the package holds each of them twice, and which one is found first is left to chance."""
    folder = tempfile.TemporaryDirectory(prefix="relance-fonts-")
    files = Path(font_source_sans_pro.font_directory)
    for face in _FACES:
        name = f"SourceSansPro-{face}.otf"
        try:
            (Path(folder.name) / name).symlink_to(files / name)
        except OSError:  # a system that gives no links to everybody
            (Path(folder.name) / name).write_bytes((files / name).read_bytes())
    return folder
