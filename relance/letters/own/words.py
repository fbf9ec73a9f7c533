"""Which words of a template stand for facts, and what are they on one letter? A closed list; a template can do nothing else.

The words of the level texts (``placeholders.py``) mean the same here. Words with a dot stand in a row that is repeated: ``{line.open}``
once for each line.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from relance.letters import claimed
from relance.letters.own.inlaid import PICTURES, Inlaid
from relance.letters.page import page
from relance.letters.placeholders import PLACEHOLDERS, Data
from relance.letters.words import words


class Own(NamedTuple):
    """A word that only templates know: the fact, from the letter's data and its page, and what a person is told of it, by language."""

    fact: Callable[[Data, Data], str]
    says: dict[str, str]


def _own(fact: Callable[[Data, Data], str], french: str, english: str, german: str) -> Own:
    return Own(fact, {"fr": french, "en": english, "de": german})


def _heading(word: str, rows: Callable[[Data], Any]) -> Own:
    """What stands above rows, in the letter's language; nothing where there are none."""
    return Own(
        lambda _, said: str(said["words"][word]) if rows(said) else "", {language: words(language)[word] for language in ("fr", "en", "de")}
    )


OWN: dict[str, Own] = {
    "address": _own(
        lambda _, said: "\n".join((*said["address"]["lines"], said["words"]["no_address"] * said["address"]["unknown"])).strip(),
        "Nom et adresse du destinataire, ligne à ligne",
        "Name and address of the recipient, line by line",
        "Name und Anschrift des Empfängers, Zeile für Zeile",
    ),
    "recipient": _own(
        lambda data, _: str(data["recipient"]["name"]), "Nom du destinataire", "Name of the recipient", "Name des Empfängers"
    ),
    "subject": _own(lambda _, said: str(said["subject"]), "Objet du niveau", "Subject of the level", "Betreff der Stufe"),
    "place_date": _own(lambda _, said: str(said["place_date"]), "Lieu et date", "Place and date", "Ort und Datum"),
    "reference": _own(lambda data, _: claimed.reference(data), "Référence à rappeler", "Reference to quote", "Verwendungszweck"),
    "charges": _own(
        lambda data, _: " + ".join(amount for _, amount in claimed.charges(data)),
        "Pénalités et indemnités ensemble, rien s’il n’y en a pas",
        "Interest and indemnities, nothing where there are none",
        "Zinsen und Pauschalen, sonst nichts",
    ),
    "interest_note": _own(
        lambda _, said: said["periods"]["note"] if said["periods"] else "",
        "Sur quoi repose le taux des pénalités",
        "On what the rate of interest rests",
        "Worauf der Zinssatz beruht",
    ),
    "enclosed": _own(
        lambda _, said: str(said["enclosed"]),
        "Pièces jointes : les factures qui accompagnent la lettre, rien s’il n’y en a pas",
        "Enclosures: the invoices that go with the letter, nothing where there are none",
        "Anlagen: die Rechnungen, die dem Brief beiliegen, sonst nichts",
    ),
    "charges_heading": _heading("charges", lambda said: said["charges"]),
    "not_due_heading": _heading("not_due", lambda said: said["not_due"]),
    "transfer_heading": _heading("pay_to", lambda said: said["transfer"]),
    "bank_details": _own(
        lambda data, _: "\n".join(f"{label}\t{value}" for label, value in claimed.transfer(data)),
        "Coordonnées bancaires, ligne à ligne ; rien sans IBAN",
        "Bank details, line by line; nothing without an IBAN",
        "Bankverbindung, Zeile für Zeile; nichts ohne IBAN",
    ),
    "slip_heading": _heading("slip", lambda said: said["slip"]),
    "signed": _own(
        lambda _, said: "\n".join(said["signature"]),
        "Qui signe, ligne à ligne ; le texte du pied s’arrête alors avant",
        "Who signs, line by line; the text of the footer then ends before it",
        "Wer unterzeichnet, Zeile für Zeile; der Fußtext endet dann davor",
    ),
    "periods_heading": _heading("charge_periods", lambda said: said["periods"]),
    "company_address": _own(
        lambda data, _: "\n".join(data["company"]["address"]),
        "Adresse de votre société, ligne à ligne",
        "Your company's address, line by line",
        "Anschrift Ihrer Firma, Zeile für Zeile",
    ),
    "company_identity": _own(
        lambda _, said: str(said["company"]["identity"]),
        "Mentions légales de votre société, sur une ligne",
        "Your company's particulars, on one line",
        "Angaben zu Ihrer Firma, in einer Zeile",
    ),
    "siren": _own(lambda data, _: str(data["company"]["siren"]), "SIREN de votre société", "Your company's SIREN", "SIREN Ihrer Firma"),
    "vat_number": _own(
        lambda data, _: str(data["company"]["vat_number"]),
        "Numéro de TVA de votre société",
        "Your company's VAT number",
        "Umsatzsteuer-Identifikationsnummer Ihrer Firma",
    ),
}

# Words that a picture stands for; nothing where there is none.
PICTURE_SAYS: dict[str, dict[str, str]] = {
    "logo": {"fr": "Logo de votre société", "en": "Your company's logo", "de": "Logo Ihrer Firma"},
    "signature": {"fr": "Image de la signature", "en": "Picture of the signature", "de": "Bild der Unterschrift"},
    "qr_code": {
        "fr": "Code QR du virement, au montant exact",
        "en": "QR code of the transfer, for the exact amount",
        "de": "QR-Code der Überweisung über den genauen Betrag",
    },
}

# Rows that follow one another in the document are filled together, in the order of the letter: lines, their subtotals, credits, the total.
SEQUENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "claim": {
        "line": ("document", "label", "date", "due_date", "days_overdue", "amount", "paid", "open", "interest", "currency"),
        "subtotal": ("due_date", "open", "currency"),
        "credit": ("label", "open", "currency"),
        "total": ("amount", "currency"),
    },
    "charges": {"charge": ("label", "amount")},
    "transfer": {"transfer": ("label", "value")},
    "slip": {"slip": ("label", "value")},
    "periods": {"period": ("document", "period", "days", "rate", "base", "interest")},
    "not_due": {"not_due": ("document", "due", "open")},
    "header": {"header": ("",)},
    "footer": {"footer": ("",)},
}
SEQUENCE_OF = {kind: sequence for sequence, kinds in SEQUENCES.items() for kind in kinds}
PARAGRAPHS = ("header", "footer")  # a text of several paragraphs repeats the paragraph that it stands in, never a row
WORDS = (
    *PLACEHOLDERS,
    *OWN,
    *PICTURES,
    *(f"{kind}.{name}" if name else kind for kinds in SEQUENCES.values() for kind, names in kinds.items() for name in names),
)


class Item(NamedTuple):
    """One of the things that a row is repeated for."""

    kind: str
    values: dict[str, str]


class Facts:
    """What the words stand for on one letter; found as they are asked for."""

    def __init__(self, data: Data, words: Collection[str] = ()) -> None:
        """``words`` are those of the template: where it says itself who signs, the footer ends before that."""
        self._data, self._page = data, page(data)
        if "signed" not in words:
            self._page |= {"footer": [*self._page["footer"], self._page["signature"]]}
        self._items: dict[str, list[Item]] = {}
        self._pictures: dict[str, Inlaid | None] = {}

    @property
    def title(self) -> str:
        """What the letter is called."""
        return str(self._page["title"])

    @property
    def mark(self) -> str:
        """What is printed across every page: that the letter is a draft, or a duplicate; mostly nothing."""
        said = self._page["words"]
        return str(said["draft"] if self._data["provisional"] else said["duplicate"] if self._data["duplicate"] else "")

    def word(self, name: str) -> str:
        """What a word without a dot stands for."""
        return OWN[name].fact(self._data, self._page) if name in OWN else PLACEHOLDERS[name].fact(self._data)

    def picture(self, name: str) -> Inlaid | None:
        """The picture that a word stands for."""
        if name not in self._pictures:
            self._pictures[name] = PICTURES[name](self._data)
        return self._pictures[name]

    @property
    def files(self) -> dict[str, bytes]:
        """The pictures that were asked for, by their names."""
        return {one.name: one.content for one in self._pictures.values() if one}

    def items(self, sequence: str) -> list[Item]:
        """What the rows of a sequence are repeated for, in the order of the letter."""
        if sequence not in self._items:
            self._items[sequence] = list(_ITEMS[sequence](self._data, self._page))
        return self._items[sequence]


def kind_of(word: str) -> str:
    """The kind of row that a word belongs to; empty for one that stands anywhere."""
    kind = word.partition(".")[0]
    return kind if kind in SEQUENCE_OF else ""


def _claim(_: Data, said: Data) -> Iterator[Item]:
    for table in said["tables"]:
        currency = {"currency": table["currency"]}
        for row in table["rows"]:
            if "credit" in row:
                yield Item("credit", {"label": row["credit"], "open": row["open"]} | currency)
            elif "subtotal" in row:
                yield Item("subtotal", {"due_date": row["subtotal"], "open": row["open"]} | currency)
            else:
                yield Item("line", {name: row[name] for name in SEQUENCES["claim"]["line"] if name in row} | currency)
        yield Item("total", {"amount": table["total"]} | currency)


def _pairs(kind: str, second: str, pairs: list[tuple[str, str]]) -> Iterator[Item]:
    return (Item(kind, {"label": label, second: value}) for label, value in pairs)


def _not_due(rows: list[Data]) -> Iterator[Item]:
    return (Item("not_due", {"document": what, "due": ", ".join(due), "open": amount}) for what, due, amount in rows)


def _periods(periods: Data | None) -> Iterator[Item]:
    names = SEQUENCES["periods"]["period"]
    return (Item("period", dict(zip(names, row, strict=True))) for row in (periods or {"rows": []})["rows"])


def _paragraphs(kind: str, paragraphs: list[list[str]]) -> Iterator[Item]:
    return (Item(kind, {"": "\n".join(lines)}) for lines in paragraphs)


_ITEMS: dict[str, Callable[[Data, Data], Iterator[Item]]] = {
    "claim": _claim,
    "charges": lambda data, _: _pairs("charge", "amount", claimed.charges(data)),
    "transfer": lambda data, _: _pairs("transfer", "value", claimed.transfer(data)),
    "slip": lambda _, said: _pairs("slip", "value", said["slip"] or []),
    "periods": lambda _, said: _periods(said["periods"]),
    "not_due": lambda _, said: _not_due(said["not_due"]),
    "header": lambda _, said: _paragraphs("header", said["header"]),
    "footer": lambda _, said: _paragraphs("footer", said["footer"]),
}
