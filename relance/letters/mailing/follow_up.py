"""What do the e-mails of the arrears follow-up say? To contacts of the customer, to the managers of its invoices, to colleagues.

They claim nothing and threaten nothing: they ask, or tell. Each part is a text of its own, so that no default of a level stands in.
"""

from relance.letters import formats
from relance.letters.texts import Text

_TEXTS: dict[tuple[str, str], Text] = {
    ("fr", "contacts"): Text(
        "Point sur votre compte – {company}",
        "Madame, Monsieur,\n\nLes factures ci-dessous restent ouvertes à ce jour sur votre compte, pour un total de {total}.",
        "Pourriez-vous nous indiquer la date à laquelle leur règlement est prévu, ou ce qui y ferait obstacle ?\n\n"
        "Si votre règlement nous est parvenu entre-temps, nous vous prions de ne pas tenir compte de ce message.\n\n"
        "Bien cordialement,",
    ),
    ("fr", "managers"): Text(
        "Factures impayées de {customer} : vous en êtes responsable",
        "Bonjour,\n\nVous êtes responsable des factures ci-dessous, adressées à {customer} ({customer_code}) et impayées à ce jour, "
        "pour un total de {total}.",
        "Merci de nous dire ce que vous savez de leur règlement : paiement annoncé, litige, avoir à établir.",
    ),
    ("fr", "colleagues"): Text(
        "Arriéré de {customer} au {date}",
        "Bonjour,\n\nVoici où en est l’arriéré de {customer} ({customer_code}) au {date}, soit {total}.",
        "Ce message est interne : il ne relance pas le client et ne change aucun niveau.",
    ),
    ("en", "contacts"): Text(
        "Your account with {company}",
        "Dear Sir or Madam,\n\nThe invoices below are still open on your account, {total} in all.",
        "Could you let us know when their payment is planned, or what stands in its way?\n\n"
        "If you have paid in the meantime, please disregard this message.\n\n"
        "Kind regards,",
    ),
    ("en", "managers"): Text(
        "Unpaid invoices of {customer} that you are responsible for",
        "Hello,\n\nYou are responsible for the invoices below, addressed to {customer} ({customer_code}) and unpaid to this day, "
        "{total} in all.",
        "Please tell us what you know of their payment: announced, disputed, a credit note to come.",
    ),
    ("en", "colleagues"): Text(
        "Arrears of {customer} on {date}",
        "Hello,\n\nThis is how the arrears of {customer} ({customer_code}) stand on {date}: {total}.",
        "This message is internal: it does not remind the customer and changes no level.",
    ),
    ("de", "contacts"): Text(
        "Ihr Konto bei {company}",
        "Sehr geehrte Damen und Herren,\n\ndie folgenden Rechnungen sind auf Ihrem Konto noch offen, insgesamt {total}.",
        "Würden Sie uns bitte mitteilen, wann die Zahlung vorgesehen ist oder was ihr entgegensteht?\n\n"
        "Sollten Sie inzwischen gezahlt haben, betrachten Sie diese Nachricht bitte als gegenstandslos.\n\n"
        "Mit freundlichen Grüßen",
    ),
    ("de", "managers"): Text(
        "Unbezahlte Rechnungen von {customer}, für die Sie zuständig sind",
        "Guten Tag,\n\nfür die folgenden, bis heute unbezahlten Rechnungen an {customer} ({customer_code}) über insgesamt {total} sind Sie "
        "zuständig.",
        "Bitte teilen Sie uns mit, was Sie über die Zahlung wissen: angekündigt, bestritten, Gutschrift noch zu erteilen.",
    ),
    ("de", "colleagues"): Text(
        "Rückstände von {customer} am {date}",
        "Guten Tag,\n\nso stehen die Rückstände von {customer} ({customer_code}) am {date}: {total}.",
        "Diese Nachricht ist intern: Sie mahnt den Kunden nicht und ändert keine Stufe.",
    ),
}
_NOTES: dict[str, dict[str, str]] = {
    "fr": {
        "level": "niveau {}",
        "dunned": "relancée le {}",
        "promised": "promis pour le {}",
        "expected": "règlement attendu le {}",
        "manager": "responsable : {}",
    },
    "en": {
        "level": "level {}",
        "dunned": "reminded on {}",
        "promised": "promised for {}",
        "expected": "payment expected on {}",
        "manager": "manager: {}",
    },
    "de": {
        "level": "Stufe {}",
        "dunned": "gemahnt am {}",
        "promised": "zugesagt bis {}",
        "expected": "Zahlung erwartet am {}",
        "manager": "zuständig: {}",
    },
}


def follow_up_text(kind: str, language: str, message: str = "") -> dict[str, str]:
    """Subject, header and footer of a kind of mail, in English where the language has none; ``message`` is what the sender adds."""
    spoken = language if (language, kind) in _TEXTS else "en"
    text = _TEXTS[spoken, kind]
    header = f"{text.header}\n\n{message.strip()}" if message.strip() else text.header
    return {part: formats.unbroken(said, spoken) for part, said in text._replace(header=header)._asdict().items()}


def notes(known: dict[str, str | None], language: str) -> list[str]:
    """What is known of a due item, in a few words each: level, last notice, promise, expected payment, manager, status, comment.

    Dates are ISO; what is not known is not spoken of.
    """
    spoken = language if language in _NOTES else "en"
    said = []
    for what, value in known.items():
        if value:
            shown = formats.day(value, spoken) if what in ("dunned", "promised", "expected") else value
            said.append(formats.unbroken(_NOTES[spoken].get(what, "{}").format(shown), spoken))
    return said
