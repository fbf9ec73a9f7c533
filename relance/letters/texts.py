"""What does a notice say where the company has written nothing? Subject, header and footer by rank, language and kind of customer.

The first reminder never threatens; the second recalls what the law adds by itself and sets a date; the formal notice (mise en demeure)
says so in its title, sets a date and names only steps that the sender may take. A consumer owes neither interest nor indemnity by itself,
so what he reads speaks of neither; a public body owes both under its own code (legal facts, sections 1, 5, 6 and 13). The texts speak of
an account and its balance, which is right for one invoice and for forty.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from relance.letters import formats
from relance.letters.headers import one_line
from relance.letters.placeholders import Data, fill


class Text(NamedTuple):
    """The words around the table; paragraphs are separated by an empty line."""

    subject: str
    header: str
    footer: str


def text_of(data: Data) -> Text:
    """The words of a notice, filled in: the company's own where it has written some, else the default of the rank and language."""
    return Text._make(fill(part, data) for part in _unfilled(data))


def subject_of(data: Data) -> str:
    """The subject alone, as it will read: on one line, since what follows a line break in a header would be another header."""
    return one_line(fill(_unfilled(data).subject, data))


def _unfilled(data: Data) -> Text:
    own: dict[str, Any] = data["texts"]
    default = default_text(
        data["rank"],
        data["language"],
        data["customer"]["kind"],
        country=data["company"]["country"],
        preceded=data["previous_on"] is not None,
        letter=data["kind"] == "letter",
    )
    return Text(*(own.get(part) or getattr(default, part) for part in Text._fields))


@lru_cache
def default_text(
    rank: str, language: str, customer_kind: str = "business", *, country: str = "FR", preceded: bool = True, letter: bool = False
) -> Text:
    """The words of a rank, in English where the language has none of its own; placeholders are not filled in yet.

    ``country`` is the creditor's: French law is quoted by French creditors alone. ``preceded`` says whether there was a reminder to refer
    to. The subject of an e-mail names the company; a letter's need not, under its letterhead.
    """
    spoken = language if (language, rank) in _TEXTS else "en"
    text = _TEXTS[spoken, rank]
    header = text.header if preceded else _UNPRECEDED.get((spoken, rank), text.header)
    who = customer_kind if country == "FR" else "abroad"
    law, basis = _LAW.get((spoken, who), ""), _BASIS.get((spoken, who), "")
    return Text(
        formats.unbroken(text.subject if letter else f"{text.subject} – {{company}}", spoken),
        formats.unbroken(header.replace("{basis}", basis), spoken),
        formats.unbroken(_filled(text.footer, law), spoken),
    )


def _filled(footer: str, law: str) -> str:
    """The footer with its paragraph on the law, or without one."""
    paragraphs = (law if paragraph == "{law}" else paragraph for paragraph in footer.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


_TEXTS: dict[tuple[str, str], Text] = {
    ("fr", "pre_due"): Text(
        "Vos prochaines échéances",
        "Madame, Monsieur,\n\n"
        "Nous nous permettons de vous rappeler que les sommes ci-dessous, d’un montant total de {total}, arrivent prochainement à "
        "échéance.",
        "Si une facture ne vous était pas parvenue, ou appelait une remarque de votre part, nous vous remercions de nous le signaler avant "
        "son échéance.\n\n"
        "Nous vous remercions de votre confiance et vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("fr", "first"): Text(
        "Rappel de règlement",
        "Madame, Monsieur,\n\n"
        "Sauf erreur ou omission de notre part, votre compte présente à ce jour un solde échu de {total}, dont vous trouverez le détail "
        "ci-dessous.",
        "Nous vous remercions de bien vouloir procéder à son règlement dans les meilleurs délais, ou de nous indiquer ce qui y ferait "
        "obstacle.\n\n"
        "Si votre règlement nous est parvenu entre-temps, nous vous prions de ne pas tenir compte de ce rappel.\n\n"
        "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("fr", "second"): Text(
        "Nouveau rappel – solde échu de {total}",
        "Madame, Monsieur,\n\n"
        "Malgré notre rappel du {previous_date}, votre compte présente toujours un solde échu de {total}, dont le détail suit. "
        "Nous vous demandons de nous régler cette somme au plus tard le {deadline}.",
        "{law}\n\n"
        "Si vous rencontrez une difficulté, ou si vous contestez une facture, nous vous invitons à prendre contact avec nous avant cette "
        "date.\n\n"
        "Si votre règlement nous est parvenu entre-temps, nous vous prions de ne pas tenir compte de ce rappel.\n\n"
        "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("fr", "final"): Text(
        "MISE EN DEMEURE DE PAYER",
        "Madame, Monsieur,\n\n"
        "Malgré notre rappel du {previous_date}, la somme de {total}, dont le détail suit, nous reste due.\n\n"
        "En conséquence, nous vous mettons en demeure{basis} de nous la payer au plus tard le {deadline}.",
        "{law}\n\n"
        "À défaut de paiement à cette date, nous nous réservons le droit d’en poursuivre le recouvrement par voie judiciaire, sans autre "
        "avis. Si vous contestez tout ou partie de cette somme, nous vous demandons de nous en faire connaître les motifs par écrit avant "
        "cette date.\n\n"
        "La présente est sans objet si votre règlement nous est parvenu entre-temps.\n\n"
        "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    ("en", "pre_due"): Text(
        "Payments falling due soon",
        "Dear Sir or Madam,\n\nThis is a courtesy reminder that the amounts below, {total} in all, will fall due shortly.",
        "If an invoice has not reached you, or if you have any question about one, please let us know before its due date.\n\n"
        "Thank you for your business.\n\n"
        "Yours faithfully,",
    ),
    ("en", "first"): Text(
        "Payment reminder",
        "Dear Sir or Madam,\n\nAccording to our records your account shows an overdue balance of {total}, as detailed below. "
        "This is probably an oversight.",
        "We would be grateful for your payment at your earliest convenience, or for a word if anything stands in its way.\n\n"
        "If you have already paid, please disregard this reminder.\n\n"
        "Yours faithfully,",
    ),
    ("en", "second"): Text(
        "Further reminder – {total} outstanding",
        "Dear Sir or Madam,\n\nDespite our reminder of {previous_date} your account still shows an overdue balance of {total}, as detailed "
        "below. Please pay this amount by {deadline}.",
        "{law}\n\n"
        "If you are facing a difficulty, or if you dispute an invoice, please contact us before that date.\n\n"
        "If you have already paid, please disregard this reminder.\n\n"
        "Yours faithfully,",
    ),
    ("en", "final"): Text(
        "FINAL DEMAND – FORMAL NOTICE TO PAY",
        "Dear Sir or Madam,\n\nDespite our reminder of {previous_date} the sum of {total}, as detailed below, remains unpaid.\n\n"
        "We hereby give you formal notice{basis} to pay it no later than {deadline}.",
        "{law}\n\n"
        "Failing payment by that date we reserve the right to recover the debt through the courts without further notice. "
        "If you dispute all or part of it, please give us your reasons in writing before that date.\n\n"
        "If you have already paid, this notice is without object.\n\n"
        "Yours faithfully,",
    ),
}

# Headers where the account was never reminded of anything: levels may be skipped.
_UNPRECEDED = {
    ("fr", "second"): "Madame, Monsieur,\n\n"
    "Votre compte présente à ce jour un solde échu de {total}, dont le détail suit. "
    "Nous vous demandons de nous régler cette somme au plus tard le {deadline}.",
    ("fr", "final"): "Madame, Monsieur,\n\n"
    "La somme de {total}, dont le détail suit, est échue et nous reste due.\n\n"
    "En conséquence, nous vous mettons en demeure{basis} de nous la payer au plus tard le {deadline}.",
    ("en", "second"): "Dear Sir or Madam,\n\n"
    "Your account shows an overdue balance of {total}, as detailed below. Please pay this amount by {deadline}.",
    ("en", "final"): "Dear Sir or Madam,\n\n"
    "The sum of {total}, as detailed below, is overdue and remains unpaid.\n\n"
    "We hereby give you formal notice{basis} to pay it no later than {deadline}.",
}

# What the law adds by itself to a late payment, by kind of customer; nothing for a consumer.
_LAW = {
    ("fr", "business"): "Nous vous rappelons que tout retard de paiement fait courir de plein droit, sans qu’un rappel soit nécessaire, "
    "des pénalités de retard, et rend exigible une indemnité forfaitaire de 40 € par facture pour frais de recouvrement (articles L441-10 "
    "et D441-5 du Code de commerce).",
    (
        "fr",
        "public",
    ): "Nous vous rappelons que le dépassement du délai de paiement fait courir, de plein droit et sans autre formalité, des "
    "intérêts moratoires, et donne lieu au versement d’une indemnité forfaitaire de 40 € pour frais de recouvrement (articles L2192-13 et "
    "D2192-35 du Code de la commande publique).",
    (
        "en",
        "business",
    ): "Please note that under French law late payment gives rise to interest, without any reminder being necessary, and to "
    "a fixed indemnity of €40 per invoice for recovery costs (Code de commerce, articles L441-10 and D441-5).",
    (
        "en",
        "public",
    ): "Please note that under French law late payment gives rise to interest, without any formality being necessary, and to "
    "a fixed indemnity of €40 for recovery costs (Code de la commande publique, articles L2192-13 and D2192-35).",
}

# On what the formal notice rests; a public body is not under the Civil Code.
_BASIS = {
    ("fr", "business"): ", au sens de l’article 1344 du Code civil,",
    ("fr", "consumer"): ", au sens de l’article 1344 du Code civil,",
    ("en", "business"): " (article 1344 of the French Civil Code)",
    ("en", "consumer"): " (article 1344 of the French Civil Code)",
}
