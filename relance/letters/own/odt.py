"""What is inside an uploaded ODT, and may it be there? Text, styles and pictures: nothing that runs, fetches, hides or swells.

What is kept is put together anew, so that nothing travels along which nobody has looked at.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from relance.letters.own import xml_tree
from relance.letters.own.xml_tree import Element, Unreadable

MIME = "application/vnd.oasis.opendocument.text"
TEXTS = ("content.xml", "styles.xml")  # where words stand: the pages, then heads and feet

MOST_PARTS = 300
LARGEST_FILE = 10 << 20
LARGEST_WHOLE = 30 << 20  # unpacked
LARGEST_TEXT = 1 << 20  # of each part in XML

_PICTURES = re.compile(r"Pictures/[\w.-]+\.(png|jpe?g|gif|emf|wmf)", re.IGNORECASE | re.ASCII)
_FONTS = re.compile(r"Fonts/[\w.-]+\.(ttf|otf)", re.IGNORECASE | re.ASCII)
_MEDIA = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "emf": "image/x-emf", "wmf": "image/x-wmf"}
_PROGRAMS = ("Basic/", "Scripts/", "Dialogs/")
_RUNS = re.compile(r"script:.*|text:script|text:execute-macro|office:event-listeners|presentation:event-listener")
_FETCHES = re.compile(
    r"text:dde-.*|office:dde-.*|text:database-.*|form:(form|connection-resource)|text:section-source|table:(table-source|dde-.*)"
)
_EMBEDS = re.compile(r"draw:(object|object-ole|plugin|applet|floating-frame)|office:binary-data|math:math")
_WEB = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)


class TemplateProblem(Exception):
    """Why a document cannot be a template: one line for each thing, in words for a user, with its place."""


class Package(NamedTuple):
    """A document taken apart: its parts in XML, and its pictures and fonts."""

    texts: Mapping[str, Element]
    settings: bytes
    files: Mapping[str, bytes]


def unpack(content: bytes) -> Package:
    """The parts of an ODT that are kept. Raises TemplateProblem for one that holds what no letter needs."""
    files = unzipped(content, "a text document (ODT)")
    if files.get("mimetype", b"").strip() not in (MIME.encode(), f"{MIME}-template".encode()):
        raise TemplateProblem("this is not a text document (ODT)")
    if b"encryption-data" in files.get("META-INF/manifest.xml", b""):
        raise TemplateProblem("the document is protected by a password: save it without")
    if any(name.startswith(_PROGRAMS) for name in files):
        raise TemplateProblem("the document holds macros: remove them")
    kept = {name: part for name, part in files.items() if _PICTURES.fullmatch(name) or _FONTS.fullmatch(name)}
    texts = {name: parse(files.get(name, b""), name) for name in TEXTS}
    for document in texts.values():
        _refuse_what_no_letter_needs(document, kept)
    if "settings.xml" in files:
        parse(files["settings.xml"], "settings.xml")
    return Package(texts, files.get("settings.xml", b""), kept)


def pack(texts: Mapping[str, bytes], package: Package, title: str, on: date) -> bytes:
    """An ODT of these texts, with the pictures of a package: the same bytes each time."""
    settings = {"settings.xml": package.settings} if package.settings else {}
    parts = {**texts, **settings, "meta.xml": _meta(title, on), **package.files}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "mimetype", MIME.encode(), zipfile.ZIP_STORED)
        for name, part in parts.items():
            _add(archive, name, part, zipfile.ZIP_STORED if name in package.files else zipfile.ZIP_DEFLATED)
        _add(archive, "META-INF/manifest.xml", _manifest(parts), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parse(part: bytes, name: str, largest: int | None = LARGEST_TEXT) -> Element:
    """A part in XML. Raises TemplateProblem."""
    if largest is not None and len(part) > largest:
        raise TemplateProblem(f"{name} is larger than {largest >> 20} MB: a letter needs less")
    try:
        return xml_tree.read(part)
    except Unreadable as error:
        raise TemplateProblem(f"{name} {error}") from error


def unzipped(content: bytes, what: str) -> dict[str, bytes]:
    """The files of a ZIP, within bounds. Raises TemplateProblem."""
    if len(content) > LARGEST_FILE:
        raise TemplateProblem(f"the file is larger than {LARGEST_FILE >> 20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _refuse_tricks(entries)
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError, OSError) as error:
        raise TemplateProblem(f"this is not {what}, or it is damaged") from error


def _refuse_tricks(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        raise TemplateProblem(f"unpacked, the file has more than {MOST_PARTS} parts or {LARGEST_WHOLE >> 20} MB")
    if any(entry.flag_bits & 1 for entry in entries):
        raise TemplateProblem("the document is protected by a password: save it without")
    if len(set(names)) < len(names):
        raise TemplateProblem("the file holds the same part twice")
    for name in names:
        if "\\" in name or name.startswith(("/", "..")) or posixpath.normpath(name) != name:
            raise TemplateProblem(f"the file holds a part with an impossible name: {name[:80]!r}")


def _refuse_what_no_letter_needs(document: Element, files: Mapping[str, bytes]) -> None:
    for element in (document, *document.below()):
        if _RUNS.fullmatch(element.tag):
            raise TemplateProblem("the document holds macros or scripts: remove them")
        if _FETCHES.fullmatch(element.tag):
            raise TemplateProblem(f"the document takes content from elsewhere ({element.tag}): put the content itself in")
        if _EMBEDS.fullmatch(element.tag):
            raise TemplateProblem(f"the document embeds an object ({element.tag}): only text, tables and pictures are printed")
        _refuse_link(element, files)


def _refuse_link(element: Element, files: Mapping[str, bytes]) -> None:
    """A hyperlink may point to the web; anything else must be inside the document."""
    for target in (value for name, value in element.attributes.items() if name.rpartition(":")[2] == "href"):
        inside = target.removeprefix("./")
        if not target or inside in files or (element.tag == "text:a" and _WEB.match(target)):
            continue
        if inside.startswith("Pictures/"):
            raise TemplateProblem(f"the picture {target[:80]} cannot be printed: insert it as PNG or JPEG")
        raise TemplateProblem(f"the document links to something outside it, {target[:80]!r}: insert it instead of linking it")


def _meta(title: str, on: date) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3">'
        f"<office:meta><dc:title>{escape(title)}</dc:title><dc:date>{on.isoformat()}T00:00:00</dc:date></office:meta></office:document-meta>"
    ).encode()


def _manifest(parts: Mapping[str, bytes]) -> bytes:
    rows = [f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>']
    for name in parts:
        media = "text/xml" if name.endswith(".xml") else _MEDIA.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        rows.append(f'<manifest:file-entry manifest:full-path={quoteattr(name)} manifest:media-type="{media}"/>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        f'manifest:version="1.3">{"".join(rows)}</manifest:manifest>'
    ).encode()


def _add(archive: zipfile.ZipFile, name: str, part: bytes, how: int) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = how
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, part)
