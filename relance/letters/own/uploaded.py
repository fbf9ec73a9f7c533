"""May an uploaded document be a template? Recognised by its content, turned into ODT, read, and filled on sample letters."""

import re
from collections.abc import Mapping
from contextlib import closing
from typing import NamedTuple

from relance.letters.own import odt, office
from relance.letters.own.odt import TemplateProblem
from relance.letters.own.specimens import specimens
from relance.letters.own.template import OwnTemplate
from relance.letters.placeholders import Data
from relance.letters.typesetter import LetterProblem

_OLD_WORD = b"\xd0\xcf\x11\xe0"
_RTF_FETCHES = re.compile(rb"\\obj(?:data|emb|link|autlink|ocx|html)|INCLUDE(?:PICTURE|TEXT)|DDE(?:AUTO)?\b", re.IGNORECASE)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_HARMLESS = (b"/hyperlink", b"/attachedTemplate")  # a link to click on; the name of a file on somebody's disk, which is not opened
_PROGRAMS = re.compile(r".*(vbaProject|vbaData|activeX).*", re.IGNORECASE)
_OBJECTS = re.compile(r"word/(embeddings|afchunk).*", re.IGNORECASE)


class UploadedTemplate(NamedTuple):
    """A document that may be a template: the format it came in, and the ODT that letters are made of."""

    format: str
    odt: bytes


def read_template(content: bytes) -> UploadedTemplate:
    """Check a document in DOCX, ODT or RTF. Raises TemplateProblem, with all that is wrong and where."""
    form = _format(content)
    made = content if form == "odt" else _turned_into_odt(content, form)
    template = OwnTemplate(made)
    for data in specimens():
        _try(template, data)
    return UploadedTemplate(form, made)


def _try(template: OwnTemplate, data: Data) -> None:
    """Fill a template as a run would; what comes of it must be a letter."""
    try:
        letter = odt.unzipped(template.fill(data), "a letter")
    except LetterProblem as problem:
        raise TemplateProblem(str(problem)) from problem
    texts = {name: odt.parse(letter[name], name, largest=None) for name in odt.TEXTS}
    body = texts["content.xml"].find("office:body")
    if body is None or not any(isinstance(child, str) and child.strip() for one in body.below() for child in one.children):
        raise TemplateProblem("the document says nothing: a letter of it would be an empty sheet")


def _format(content: bytes) -> str:
    if len(content) > odt.LARGEST_FILE:
        raise TemplateProblem(f"the file is larger than {odt.LARGEST_FILE >> 20} MB")
    if content.startswith(rb"{\rtf"):
        if _RTF_FETCHES.search(content):
            raise TemplateProblem("the document embeds or links to other content: insert the text or picture itself")
        return "rtf"
    if content.startswith(_OLD_WORD):
        raise TemplateProblem("the document is protected by a password, or is in the old Word format: save it as DOCX without a password")
    files = odt.unzipped(content, "a document in DOCX, ODT or RTF")
    if "word/document.xml" not in files:
        return "odt"
    _refuse_in_word(files)
    return "docx"


def _refuse_in_word(files: Mapping[str, bytes]) -> None:
    """What LibreOffice would drop without a word, or might follow."""
    if any(_PROGRAMS.fullmatch(name) for name in files):
        raise TemplateProblem("the document holds macros: remove them")
    if any(_OBJECTS.fullmatch(name) for name in files):
        raise TemplateProblem("the document embeds an object: only text, tables and pictures are printed")
    for name, part in files.items():
        if name.endswith((".xml", ".rels")):
            odt.parse(part, name)
        if name.endswith(".rels"):
            outside = (one for one in _RELATION.findall(part) if b'TargetMode="External"' in one)
            if any(not any(kind in one for kind in _HARMLESS) for one in outside):
                raise TemplateProblem("the document links to something outside it: insert it instead of linking it")


def _turned_into_odt(content: bytes, form: str) -> bytes:
    if not office.installed():
        raise TemplateProblem(
            f"a {form.upper()} template needs LibreOffice, which is not installed here: save it as ODT, or install LibreOffice"
        )
    with closing(office.Office()) as converter:
        made = next(converter.convert([content], form, "odt"))
    if isinstance(made, LetterProblem):
        raise TemplateProblem("LibreOffice cannot read this document")
    return made
