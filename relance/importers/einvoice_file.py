"""What is in a file of electronic invoicing: an invoice (PDF with its XML, or XML alone), or a life-cycle message?"""

from relance.importers.einvoice import SYNTAXES, Invoice, read_invoice
from relance.importers.einvoice_pdf import invoice_xml
from relance.importers.guarded_xml import read_xml
from relance.importers.life_cycle import ROOT, Message, read_message
from relance.importers.problems import Unreadable, extract

_KNOWN_ELSEWHERE = {
    "CrossIndustryDocument": "this is ZUGFeRD 1.0, which came before the European standard: ask for the invoice as Factur-X or ZUGFeRD 2",
    "SCRDMCCBDACIOMessageStructure": "this is an order (Order-X), not an invoice",
}


def is_pdf(content: bytes) -> bool:
    """Whether a file that begins so is a PDF."""
    return b"%PDF-" in content[:1024]


def read_einvoice(content: bytes) -> Invoice | Message:
    """The invoice or the message in a file. Raises Unreadable, in words for a user."""
    root = read_xml(invoice_xml(content) if is_pdf(content) else content)
    if root.tag == ROOT:
        return read_message(root)
    if root.tag in SYNTAXES:
        return read_invoice(root)
    name = root.tag.rpartition("}")[2]
    raise Unreadable(_KNOWN_ELSEWHERE.get(name, f"this is XML, but neither CII nor UBL nor a life-cycle message: {extract(name)}"))
