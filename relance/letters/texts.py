"""What does a notice say where the company has written nothing? Subject, header and footer by rank and language.

The first reminder never threatens; the second recalls what the law adds by itself; the formal notice (mise en demeure) says so in its
title, sets a date and names only steps that the sender may take. A consumer owes neither interest nor indemnity by itself, so the
texts for him speak of neither (legal facts, sections 5, 6 and 13).
"""

from typing import Any, NamedTuple

from relance.letters.placeholders import Data, fill


class Text(NamedTuple):
    """The words around the table; paragraphs are separated by an empty line."""

    subject: str
    header: str
    footer: str


_FR_CLOSING = "Si votre règlement nous est parvenu entre-temps, nous vous prions de ne pas tenir compte de ce message."
_EN_CLOSING = "If you have already paid, please disregard this message."
_FR_LAW = (
    "Nous vous rappelons que tout retard de paiement entraîne de plein droit des pénalités et une indemnité forfaitaire de 40 € par facture "
    "pour frais de recouvrement (articles L441-10 et D441-5 du Code de commerce)."
)
_EN_LAW = (
    "Please note that under French law late payment gives rise to interest and to a fixed indemnity of €40 per invoice for recovery costs, "
    "without any reminder being necessary (Code de commerce, articles L441-10 and D441-5)."
)

_TEXTS: dict[tuple[str, str], Text] = {
    ("fr", "pre_due"): Text(
        "Vos prochaines échéances – {company}",
        "Madame, Monsieur,\n\nNous vous rappelons que les factures ci-dessous arrivent prochainement à échéance.",
        "Si un document vous manque pour les régler, nous vous l'adresserons volontiers.\n\n"
        "Nous vous remercions de votre confiance et vous prions d'agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("fr", "first"): Text(
        "Rappel : factures échues – {company}",
        "Madame, Monsieur,\n\nSauf erreur ou omission de notre part, les factures ci-dessous, échues depuis le {oldest_due_date}, "
        "ne nous ont pas encore été réglées.",
        "Nous vous remercions de bien vouloir procéder à leur règlement, ou de nous indiquer ce qui y ferait obstacle.\n\n"
        f"{_FR_CLOSING}\n\nNous vous prions d'agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("fr", "second"): Text(
        "Deuxième rappel : {total} à régler – {company}",
        "Madame, Monsieur,\n\nMalgré notre précédent rappel, les factures ci-dessous restent impayées. "
        "Nous vous demandons de nous régler la somme de {total} avant le {deadline}.",
        f"{_FR_LAW}\n\nSi vous rencontrez une difficulté, prenez contact avec nous avant cette date : nous chercherons une solution ensemble.\n\n"
        f"{_FR_CLOSING}\n\nNous vous prions d'agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("fr", "final"): Text(
        "MISE EN DEMEURE DE PAYER – {company}",
        "Madame, Monsieur,\n\nNos rappels étant restés sans effet, nous vous mettons en demeure, au sens de l'article 1344 du Code civil, "
        "de nous payer la somme de {total}, dont le détail suit, au plus tard le {deadline}.",
        f"{_FR_LAW}\n\nÀ défaut de paiement à cette date, nous nous réservons le droit d'en poursuivre le recouvrement par voie judiciaire, "
        "notamment par une requête en injonction de payer, sans autre avis.\n\n"
        "Nous vous prions d'agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("en", "pre_due"): Text(
        "Invoices falling due soon – {company}",
        "Dear Sir or Madam,\n\nThis is a courtesy reminder that the invoices below will fall due shortly.",
        "If you need a copy of any of them, we will gladly send it.\n\nThank you for your business.\n\nYours faithfully,",
    ),
    ("en", "first"): Text(
        "Reminder: overdue invoices – {company}",
        "Dear Sir or Madam,\n\nAccording to our records the invoices below, due since {oldest_due_date}, have not been paid yet. "
        "This is probably an oversight.",
        f"We would be grateful for your payment, or for a word if anything stands in its way.\n\n{_EN_CLOSING}\n\nYours faithfully,",
    ),
    ("en", "second"): Text(
        "Second reminder: {total} outstanding – {company}",
        "Dear Sir or Madam,\n\nDespite our earlier reminder the invoices below remain unpaid. Please pay {total} by {deadline}.",
        f"{_EN_LAW}\n\nIf you are facing a difficulty, please contact us before that date so that we can find a solution.\n\n"
        f"{_EN_CLOSING}\n\nYours faithfully,",
    ),
    ("en", "final"): Text(
        "FINAL DEMAND (formal notice to pay) – {company}",
        "Dear Sir or Madam,\n\nOur reminders having remained without effect, we hereby give you formal notice (article 1344 of the French "
        "Civil Code) to pay {total}, as detailed below, no later than {deadline}.",
        f"{_EN_LAW}\n\nFailing payment by that date we reserve the right to recover the debt through the courts without further notice.\n\n"
        "Yours faithfully,",
    ),
}


def text_of(data: Data) -> Text:
    """The words of a notice, filled in: the company's own where it has written some, else the default of the rank and language."""
    own: dict[str, Any] = data["texts"]
    default = default_text(data["rank"], data["language"], data["customer"]["kind"])
    return Text(*(fill(own.get(part) or getattr(default, part), data) for part in Text._fields))


def default_text(rank: str, language: str, customer_kind: str = "business") -> Text:
    """The words of a rank; in English where the language has none of its own."""
    text = _TEXTS.get((language, rank)) or _TEXTS["en", rank]
    if customer_kind != "consumer":
        return text
    return text._replace(footer="\n\n".join(part for part in text.footer.split("\n\n") if part not in (_FR_LAW, _EN_LAW)))
