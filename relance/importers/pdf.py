"""May this PDF be passed on to a customer? It is looked through and never altered: an original is passed on as it is, or not at all.

Refused: what cannot be read, what is protected, what runs programs or opens other things by itself, what carries files other than those
that an electronic invoice may carry (EN 16931: the invoice as XML, and supporting documents of six kinds).
"""

import io
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

LARGEST = 20_000_000  # bytes
_CARRIED = (".xml", ".pdf", ".png", ".jpg", ".jpeg", ".csv", ".xlsx", ".ods")
_STRINGS = re.compile(rb"\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>", re.DOTALL)
_ACTS = re.compile(rb"/(JavaScript|JS|Launch|ImportData|SubmitForm|RichMedia|Rendition|Movie|Sound|XFA|GoToE)(?![^\s/<>\[\]()])")


class Unfit(ValueError):
    """Why a PDF may not be passed on, in words for a user."""


def look_through(content: bytes) -> int:
    """Return the number of pages of a PDF that may be passed on. Raises Unfit."""
    if len(content) > LARGEST:
        raise Unfit(f"is larger than {LARGEST // 1_000_000} MB")
    if b"%PDF-" not in content[:1024]:
        raise Unfit("is not a PDF")
    import pikepdf  # where a PDF is there: most dossiers carry none

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _looked_through(pdf)
    except Unfit:
        raise
    except pikepdf.PasswordError:
        raise Unfit("is protected by a password") from None
    except (pikepdf.PdfError, RuntimeError, ValueError):  # a tree of pages that contradicts itself or has no end; a number without end
        raise Unfit("cannot be read as a PDF") from None


def _looked_through(pdf: "pikepdf.Pdf") -> int:
    import pikepdf

    if pdf.is_encrypted:
        raise Unfit("is protected: save it without any protection")
    for one in pdf.objects:
        _refuse_what_acts(one)
        if isinstance(one, pikepdf.Dictionary) and "/EF" in one:
            _refuse_what_no_invoice_carries(one)
    if not len(pdf.pages):
        raise Unfit("has no page")
    return len(pdf.pages)


def _refuse_what_acts(one: Any) -> None:
    """What stands in texts and in the contents of streams is none of it; a bare number or truth value does nothing."""
    import pikepdf

    if not isinstance(one, pikepdf.Object):
        return
    written = one.stream_dict.unparse(resolved=True) if isinstance(one, pikepdf.Stream) else one.unparse(resolved=True)
    if found := _ACTS.search(_STRINGS.sub(b"()", written)):
        raise Unfit(f"does something by itself ({found[1].decode()}): print it into a new PDF")


def _refuse_what_no_invoice_carries(file: "pikepdf.Dictionary") -> None:
    name = str(file.get("/UF", file.get("/F", "")))
    if not name.lower().endswith(_CARRIED):
        raise Unfit(f'carries a file that no invoice carries: "{name}"')
