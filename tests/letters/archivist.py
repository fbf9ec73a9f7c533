"""What would an archivist object to in a PDF/A-2b? What the structure of the file shows; a validator proper sees more.

No validator is to be had as a package for Python or from Debian: veraPDF, which is the one that counts, needs Java and comes by itself.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

RUNS = {"/JavaScript", "/Launch", "/ImportData", "/ResetForm", "/Movie", "/Sound", "/Hide", "/SetOCGState", "/Rendition", "/Trans"}
PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def objections(content: bytes) -> list[str]:
    """Everything that ISO 19005-2 forbids, or asks for in vain, as far as the structure of the file shows it."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = [*_of_file(content), *pdf.check_pdf_syntax(), *_of_document(pdf), *_of_metadata(pdf)]
        found += [said for one in pdf.objects for said in _of_object(one)]
        return found + [said for page in pdf.pages for said in _of_page(page)]


def _of_file(content: bytes) -> Iterator[str]:
    head, mark = content.split(b"\n", 2)[:2]
    if not head.startswith(b"%PDF-1.") or not mark.startswith(b"%") or sum(byte > 127 for byte in mark[1:5]) < 4:
        yield "does not begin as a PDF with bytes above 127"
    if content.rstrip(b"\r\n").rpartition(b"%%EOF")[2]:
        yield "goes on after its end"


def _of_metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    """What a file says of itself twice, it says alike."""
    pairs = {"/Title": "dc:title", "/Producer": "pdf:Producer", "/Creator": "xmp:CreatorTool"}
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for name, twin in pairs.items():
            if name in pdf.docinfo and str(pdf.docinfo[name]) != metadata.get(twin):
                yield f"says {pdf.docinfo[name]} and {metadata.get(twin)} of its {name}"
        if "/Author" in pdf.docinfo and str(pdf.docinfo["/Author"]) not in "; ".join(metadata.get("dc:creator", [])):
            yield "names its author in one place only"
        for name, twin in {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}.items():
            said, again = re.sub(r"\D", "", str(pdf.docinfo.get(name, "")))[:14], re.sub(r"\D", "", metadata.get(twin, ""))[:14]
            if said and said != again:
                yield f"says {said} and {again} of its {name}"


def _of_page(page: pikepdf.Page) -> Iterator[str]:
    for note in page.get("/Annots", []):
        if note.get("/Subtype") != "/Link" and "/AP" not in note:
            yield "a note that every reader draws otherwise"
        if not int(note.get("/F", 4)) & 4 or int(note.get("/F", 4)) & 0b100011:
            yield "a note that is not printed, or hidden"
    streams = [page, *(one for one in page.resources.get("/XObject", {}).values() if one.get("/Subtype") == "/Form")]
    if any(str(operator) in ("k", "K") for stream in streams for _, operator in pikepdf.parse_content_stream(stream)):
        yield "means printer's colours where the screen's are stated"


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
    opening = pdf.Root.get("/OpenAction", pikepdf.Array())  # where to begin to read it may be said
    if "/AA" in pdf.Root or not (isinstance(opening, pikepdf.Array) or opening.get("/S") == "/GoTo"):
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
    if one.get("/Subtype") == "/Image" and (one.get("/Interpolate") or "/Alternates" in one or one.get("/ColorSpace") == "/DeviceCMYK"):
        yield "a picture that every reader shows otherwise"
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
