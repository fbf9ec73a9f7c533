"""Does a PDF say that it is made to be kept (PDF/A), and how does a file put together of several say it?

A file of several is PDF/A-2b where each of them claims PDF/A and means the screen's three colours: then one output intent serves all.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

_CLAIM = re.compile(rb"pdfaid:part(?:>|=[\"'])\s*[123]\b")
_COLOURS = 3
_STATEMENT = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


def profile(pdf: "pikepdf.Pdf") -> bytes | None:
    """The colour profile of a PDF that claims PDF/A; None for one that does not, or that means other colours than red, green and blue."""
    metadata, intents = pdf.Root.get("/Metadata"), pdf.Root.get("/OutputIntents")
    if metadata is None or intents is None or not _CLAIM.search(metadata.read_bytes()):
        return None
    profiles = [intent.get("/DestOutputProfile") for intent in intents]
    found: Any = next((one for one in profiles if one is not None), None)
    return found.read_bytes() if found is not None and found.get("/N") == _COLOURS else None


def is_archival(file: Path) -> bool:
    """Whether a PDF claims to be PDF/A."""
    import pikepdf

    with pikepdf.open(file) as pdf:
        return profile(pdf) is not None


def statement() -> bytes:
    """The metadata stream, with its dictionary, of a file that is PDF/A-2b."""
    return b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(_STATEMENT), _STATEMENT)


def colours(icc: bytes) -> bytes:
    """The stream of a colour profile, with its dictionary."""
    return b"<< /N %d /Length %d >>\nstream\n%s\nendstream" % (_COLOURS, len(icc), icc)


def intent(number: int) -> bytes:
    """The output intent whose profile is the object of this number."""
    return b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) /DestOutputProfile %d 0 R >>" % number
