"""What stands on a duplicate of an invoice that nobody has a PDF of? What the books say of it; and that it is not the invoice."""

from functools import partial
from typing import Any

from relance.letters import formats
from relance.letters.page import paragraphs
from relance.letters.typesetter import own_typesetter
from relance.letters.words import words

Data = dict[str, Any]
_WORDS = {
    "fr": {
        "title": "Facture {}",
        "customer": "Client",
        "label": "Objet",
        "invoice_date": "Date de la facture",
        "payment_method": "Mode de règlement",
        "note": "Ce duplicata reprend les écritures de notre comptabilité. Il ne remplace pas la facture d’origine, "
        "dont nous vous adresserons une copie sur simple demande.",
        "total": "Total",
    },
    "en": {
        "title": "Invoice {}",
        "customer": "Customer",
        "label": "About",
        "invoice_date": "Date of the invoice",
        "payment_method": "To be paid by",
        "note": "This duplicate shows what our books say. It does not take the place of the invoice itself, "
        "a copy of which we shall gladly send you on request.",
        "total": "Total",
    },
    "de": {
        "title": "Rechnung {}",
        "customer": "Kunde",
        "label": "Betreff",
        "invoice_date": "Rechnungsdatum",
        "payment_method": "Zahlungsart",
        "note": "Dieses Duplikat gibt unsere Buchhaltung wieder. Es ersetzt nicht die Originalrechnung, "
        "von der wir Ihnen auf Wunsch gern eine Kopie zusenden.",
        "total": "Summe",
    },
}


def render_extract(invoice: Data, company: Data, language: str) -> bytes:
    """The duplicate as PDF/A-2b, the same bytes each time. Raises LetterProblem.

    ``invoice``: ``number``, ``date``, ``label``, ``customer`` (code and name), ``payment_method``, ``currency`` and ``due``, pairs of due
    date and amount in minor units; dates ISO. ``company`` as in docs/reference/letter-data.md.
    """
    said = _WORDS.get(language, _WORDS["en"])
    day, amount = partial(formats.day, language=language), partial(formats.amount, currency=invoice["currency"], language=language)
    facts = (
        (said["customer"], " – ".join(invoice["customer"])),
        (said["invoice_date"], day(invoice["date"])),
        (said["label"], "" if invoice["label"] == invoice["number"] else invoice["label"]),
        (said["payment_method"], invoice["payment_method"]),
    )
    identity = [company["name"], *company["address"], company["sender_email"], *_numbers(company, language)]
    return own_typesetter().set(
        "extract",
        {
            "date": invoice["date"],
            "language": language,
            "title": said["title"].format(invoice["number"]),
            "word": words(language)["duplicate"],
            "company": [line for line in identity if line],
            "facts": [(label, value) for label, value in facts if value],
            "heads": [words(language)["due_date"], words(language)["amount"]],
            "due": [(day(due), amount(figure)) for due, figure in invoice["due"]],
            "total": [said["total"], amount(sum(figure for _, figure in invoice["due"]))],
            "note": paragraphs(said["note"], language)[0],
        },
    )


def _numbers(company: Data, language: str) -> list[str]:
    numbers = (("SIREN", company["siren"]), (words(language)["vat"], company["vat_number"]))
    return [f"{label} {number}" for label, number in numbers if number]
