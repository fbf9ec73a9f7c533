"""How is a page set? A template of this package and what stands on it, through typst, into PDF/A-2b: the same bytes each time.

The content goes in as JSON and is never made into markup. Templates come from this package alone; typst sees no other folder, no other
fonts than those it is given, and has nothing to fetch.
"""

import functools
import json
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import font_source_sans_pro
import typst

from relance.letters import glyphs

TEMPLATES = Path(__file__).parent / "templates"
_FACES = tuple(f"SourceSansPro-{face}.otf" for face in ("Regular", "Semibold", "Bold"))
_UNTAGGED = {"aged", "control_list"}  # set in parts that are put together, which would lose the tags
_NO_GLYPH = "could not be displayed"
_one_by_one = threading.Lock()


class LetterProblem(Exception):
    """What is wrong with one letter, in words for a user."""


class Typesetter:
    """Sets pages with the fonts of a folder; what it has learnt of templates and characters serves the next page."""

    def __init__(self, fonts: str) -> None:
        """Raises FileNotFoundError where the folder lacks a face: pages would be set in whatever else there is."""
        for name in _FACES:
            (Path(fonts) / name).stat()
        self._fonts = fonts
        self._compilers: dict[str, typst.Compiler] = {}
        self._glyphs: dict[str, bool] = {}

    def set(self, template: str, content: dict[str, Any]) -> bytes:
        """The PDF of a template; ``content`` holds its ``date`` (ISO), which is the PDF's own. Raises LetterProblem.

        Other scripts than the font's own are set in the fonts that typst brings; what these have not either is shown as a box.
        """
        shown = glyphs.clean(content)
        try:
            try:
                return self._compile(template, shown)
            except typst.TypstError as error:
                if _NO_GLYPH not in error.message:
                    raise
                return self._compile(template, glyphs.boxed(shown, self._has_glyph))
        except typst.TypstError as error:
            raise LetterProblem(f"the page cannot be typeset: {error.message}") from error

    def show(self, template: str, content: dict[str, Any], *, kind: Literal["png", "svg"], ppi: float = 96) -> list[bytes]:
        """The pages as pictures for a screen, ``png`` or ``svg``; a character that no font has is not there. Raises LetterProblem."""
        try:
            shown = self._compiler(template).compile(
                format=kind, ppi=ppi, sys_inputs={"data": json.dumps(glyphs.clean(content))}, timestamp=_instant(content)
            )
        except typst.TypstError as error:
            raise LetterProblem(f"the page cannot be typeset: {error.message}") from error
        return [page for page in (shown if isinstance(shown, list) else [shown]) if page is not None]

    def _compile(self, template: str, content: dict[str, Any]) -> bytes:
        made = self._compiler(template).compile(
            format="pdf",
            sys_inputs={"data": json.dumps(content)},
            pdf_standards="a-2b",
            pdf_tags=template not in _UNTAGGED,
            timestamp=_instant(content),
        )
        assert isinstance(made, bytes)
        return made

    def _has_glyph(self, char: str) -> bool:
        """Whether one of the fonts has the character: a page of just this one tells."""
        if char not in self._glyphs:
            try:
                self._compiler("glyph").compile(format="pdf", sys_inputs={"char": char}, pdf_standards="a-2b", timestamp=0)
                self._glyphs[char] = True
            except typst.TypstError:
                self._glyphs[char] = False
        return self._glyphs[char]

    def _compiler(self, template: str) -> typst.Compiler:
        if template not in self._compilers:
            self._compilers[template] = typst.Compiler(
                str(TEMPLATES / f"{template}.typ"),
                root=str(TEMPLATES),
                font_paths=[self._fonts],
                ignore_system_fonts=True,
                package_path=f"{self._fonts}/no-packages",
                package_cache_path=f"{self._fonts}/no-packages",
            )
        return self._compilers[template]


@functools.cache
def own_typesetter() -> Typesetter:
    """The typesetter of this process."""
    return Typesetter(fonts_folder())


def fonts_folder() -> str:
    """A folder of just the faces that are used: the package holds each of them twice, and which one is found first is left to chance.

    It is removed when this process ends. Several threads start workers at once: they are given the same one, for a second would be gone as
    soon as nobody keeps it, and its worker would set letters in another face.
    """
    with _one_by_one:
        return _fonts().name


@functools.cache
def _fonts() -> "tempfile.TemporaryDirectory[str]":
    folder = tempfile.TemporaryDirectory(prefix="relance-fonts-")
    files = Path(font_source_sans_pro.font_directory)
    for name in _FACES:
        try:
            (Path(folder.name) / name).symlink_to(files / name)
        except OSError:  # a system that gives no links to everybody
            (Path(folder.name) / name).write_bytes((files / name).read_bytes())
    return folder


def _instant(content: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(content["date"]).replace(tzinfo=UTC)
