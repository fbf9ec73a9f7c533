"""Which XML does a PDF carry as the invoice (Factur-X, ZUGFeRD, XRechnung)? Nothing of the PDF is run or drawn."""

import io
import zlib
from collections.abc import Iterator

import pikepdf

from relance.importers import guarded_xml, pdf
from relance.importers.problems import Unreadable

NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml")
_MOST_FILES = 100


def invoice_xml(content: bytes) -> bytes:
    """The XML of the invoice that a PDF carries. Raises Unreadable: none, several, or one that cannot be unpacked."""
    if len(content) > pdf.LARGEST:
        raise Unreadable(f"this file is larger than {pdf.LARGEST // 1_000_000} MB")
    try:
        with pikepdf.open(io.BytesIO(content)) as opened:
            return _only(list(_carried(opened)))
    except pikepdf.PasswordError:
        raise Unreadable("this PDF is protected by a password") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError):
        raise Unreadable("this PDF cannot be read") from None


def _carried(opened: pikepdf.Pdf) -> Iterator[tuple[str, pikepdf.Stream]]:
    """The XML files that a PDF carries, once each, by their names."""
    seen = set()
    for count, one in enumerate(one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/EF" in one):
        if count >= _MOST_FILES:
            raise Unreadable(f"this PDF carries more than {_MOST_FILES} files")
        name = str(one.get("/UF", one.get("/F", ""))).rpartition("/")[2].lower()
        files = one["/EF"]
        stream = files.get("/F", files.get("/UF")) if isinstance(files, pikepdf.Dictionary) else None
        if name.endswith(".xml") and isinstance(stream, pikepdf.Stream) and stream.objgen not in seen:
            seen.add(stream.objgen)
            yield name, stream


def _only(found: list[tuple[str, pikepdf.Stream]]) -> bytes:
    named = [one for one in found if one[0] in NAMES] or found
    if not named:
        raise Unreadable("this PDF carries no invoice: it is a plain one, without the XML that Factur-X puts into it")
    if len(named) > 1:
        raise Unreadable(f"this PDF carries {len(named)} invoices, where one is expected: {', '.join(name[:40] for name, _ in named[:5])}")
    return _unpacked(named[0][1])


def _unpacked(stream: pikepdf.Stream) -> bytes:
    """The bytes of a stream, as far as they may go."""
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)] if filters is not None else []
    raw = stream.read_raw_bytes()
    if not names:
        return raw
    if names != ["/FlateDecode"] or "/DecodeParms" in stream:
        raise Unreadable(f"the invoice in this PDF is packed in a way that is not expected: {' '.join(names)[:40]}")
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(raw, guarded_xml.LARGEST + 1)
    except zlib.error:
        raise Unreadable("the invoice in this PDF cannot be unpacked") from None
    if len(unpacked) > guarded_xml.LARGEST:
        raise Unreadable(f"the invoice in this PDF is larger than {guarded_xml.LARGEST // 1_000_000} MB")
    return unpacked
