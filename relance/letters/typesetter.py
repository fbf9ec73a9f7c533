"""How is a page set? A template of this package and what stands on it, through typst, into PDF/A-2b: the same bytes each time.

The content goes in as JSON and is never made into markup. Templates come from this package alone; typst sees no other folder, no other
fonts than those it is given, and has nothing to fetch.
"""

import functools
import io
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import font_source_sans_pro
import pikepdf
import typst

from relance.letters import glyphs

_TEMPLATES = Path(__file__).parent / "templates"
_FACES = ("Regular", "Semibold", "Bold")
_STANDARD = ["a-2b"]
_UNTAGGED = {"control_list"}  # set in parts that are put together, which would lose the tags
_NO_GLYPH = "could not be displayed"


class LetterProblem(Exception):
    """What is wrong with one letter, in words for a user."""


def typeset(template: str, content: dict[str, Any]) -> bytes:
    """The PDF of a template; ``content`` holds its ``date`` (ISO), which is the PDF's own. Raises LetterProblem.

    Other scripts than the font's own are set in the fonts that typst brings; what these have not either is shown as a box.
    """
    shown = glyphs.clean(content)
    try:
        try:
            return _compiled(template, shown)
        except typst.TypstError as error:
            if _NO_GLYPH not in error.message:
                raise
            return _compiled(template, glyphs.boxed(shown, _has_glyph))
    except typst.TypstError as error:
        raise LetterProblem(f"the page cannot be typeset: {error.message}") from error


def _compiled(template: str, content: dict[str, Any]) -> bytes:
    made = _compiler(template).compile(
        format="pdf",
        sys_inputs={"data": json.dumps(content)},
        pdf_standards=_STANDARD,
        pdf_tags=template not in _UNTAGGED,
        timestamp=datetime.fromisoformat(content["date"]).replace(tzinfo=UTC),
    )
    assert isinstance(made, bytes)
    return _packed(made)


def _packed(made: bytes) -> bytes:
    """The same document with its objects compressed together: a third less to keep for ten years."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


@functools.lru_cache(maxsize=5_000)
def _has_glyph(char: str) -> bool:
    """Whether one of the fonts has the character: a page of just this one tells."""
    try:
        _compiler("glyph").compile(format="pdf", sys_inputs={"char": char}, pdf_standards=_STANDARD, timestamp=0)
    except typst.TypstError:
        return False
    return True


@functools.cache
def _compiler(template: str) -> typst.Compiler:
    nowhere = f"{_fonts().name}/no-packages"
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
