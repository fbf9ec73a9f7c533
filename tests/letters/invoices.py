"""Which PDFs do tests attach to invoices? Some that may be passed on, and some that may not."""

import io
import random

import pikepdf
from pikepdf import Dictionary, Name


def invoice_pdf(said: str = "FACTURE", pages: int = 1, padding: int = 0, **root: object) -> bytes:
    """A PDF whose title is what is said; ``padding`` bytes make it larger, ``root`` adds to its catalog."""
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.docinfo["/Title"] = said
        if padding:
            pdf.pages[0].obj.Padding = pdf.make_stream(random.Random(padding).randbytes(padding))
        for name, value in root.items():
            pdf.Root[f"/{name}"] = value
        pdf.save(made := io.BytesIO(), deterministic_id=True, compress_streams=False)
    return made.getvalue()


def electronic_invoice(name: str = "factur-x.xml") -> bytes:
    """A PDF that carries a file."""
    with pikepdf.open(io.BytesIO(invoice_pdf())) as pdf:
        pdf.attachments[name] = b"<invoice/>"
        pdf.save(made := io.BytesIO(), deterministic_id=True)
    return made.getvalue()


def protected(password: str = "") -> bytes:
    """A PDF that asks for a password, or only forbids things."""
    with pikepdf.open(io.BytesIO(invoice_pdf())) as pdf:
        pdf.save(made := io.BytesIO(), encryption=pikepdf.Encryption(owner="owner", user=password))
    return made.getvalue()


SCRIPT = Dictionary(S=Name.JavaScript, JS="app.alert('hello')")
HOSTILE = {
    "no PDF": b"GIF89a not a PDF",
    "broken": b"%PDF-1.7\nand nothing else",
    "a password": protected("secret"),
    "rights": protected(),
    "a script when opened": invoice_pdf(OpenAction=SCRIPT),
    "a script under another spelling": invoice_pdf(OpenAction=Dictionary(S=Name("/Launch"))).replace(b"/Launch", b"/L#61unch"),
    "a script among the names": invoice_pdf(Names=Dictionary(JavaScript=Dictionary(Names=["a", SCRIPT]))),
    "a form that computes": invoice_pdf(AcroForm=Dictionary(XFA="<xdp/>")),
    "a program inside": electronic_invoice("invoice.exe"),
    "too large": invoice_pdf(padding=21_000_000),
}
HARMLESS = {
    "plain": invoice_pdf(),
    "three pages": invoice_pdf(pages=3),
    "opens at a page": invoice_pdf(OpenAction=Dictionary(S=Name.GoTo, D="first")),
    "speaks of scripts": invoice_pdf("Formation /JavaScript (avancé) /JS"),
    "an electronic invoice": electronic_invoice(),
}
