"""What would an archivist object to in a PDF/A-2b? Its structure alone is looked at; a validator proper sees more."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

RUNS = {"/JavaScript", "/Launch", "/ImportData", "/ResetForm", "/Movie", "/Sound", "/Hide", "/SetOCGState", "/Rendition", "/Trans"}
PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def objections(content: bytes) -> list[str]:
    """Everything that ISO 19005-2 forbids, or asks for in vain, as far as the structure of the file shows it."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*pdf.check_pdf_syntax(), *_of_document(pdf), *(said for one in pdf.objects for said in _of_object(one))]


def _of_document(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.open_metadata().pdfa_status != "2B":
        yield "does not say that it is PDF/A-2b"
    elif "/Filter" in pdf.Root.Metadata:
        yield "its metadata are compressed"
    if pdf.is_encrypted or "/ID" not in pdf.trailer:
        yield "encrypted, or without an identifier"
    intents = [intent for intent in pdf.Root.get("/OutputIntents", []) if intent.get("/S") == "/GTS_PDFA1"]
    if len({intent.DestOutputProfile.objgen for intent in intents}) != 1:
        yield "no output intent with a colour profile, or several"
    elif intents[0].DestOutputProfile.read_bytes()[36:40] != b"acsp":
        yield "its colour profile is none"
    if "/Names" in pdf.Root and {"/JavaScript", "/EmbeddedFiles"} & set(pdf.Root.Names.keys()):
        yield "programs or files inside"
    if {"/OpenAction", "/AA"} & set(pdf.Root.keys()):
        yield "acts by itself"


def _of_object(one: Any) -> Iterator[str]:
    if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return
    if one.get("/S") in RUNS:
        yield f"an action {one['/S']}"
    if one.get("/Type") == "/Font" and not _has_its_program(one):
        yield f"the font {one.get('/BaseFont')} is not embedded"
    if one.get("/Type") == "/ExtGState" and str(one.get("/BM", "/Normal")) not in ("/Normal", "/Compatible"):
        yield f"blends with {one['/BM']}"
    if isinstance(one, pikepdf.Stream):
        filters = one.get("/Filter", [])
        if "/LZWDecode" in ([str(filters)] if isinstance(filters, pikepdf.Name) else list(map(str, filters))):
            yield "a stream compressed by LZW"
        if {"/F", "/FFilter"} & set(one.keys()):
            yield "a stream in another file"


def _has_its_program(font: Any) -> bool:
    """Whether the glyphs come with the file: in the font itself, in what descends from it, or drawn (Type 3)."""
    if font.get("/Subtype") == "/Type3":
        return True
    described = font.get("/DescendantFonts", [font])
    return all(any(program in one.get("/FontDescriptor", {}) for program in PROGRAMS) for one in described)
