"""What does a statement of account say? All that is open, due or not, and the credits: the general letter under texts of its own."""

from relance.letters import formats
from relance.letters.texts import Text

_TEXTS = {
    "fr": Text(
        "Relevé de compte au {date}",
        "Madame, Monsieur,\n\nVoici l’état de votre compte dans nos livres au {date}. Il s’élève à {total}{overdue}.",
        "Ce relevé n’est pas une relance. S’il s’écartait de votre propre comptabilité, nous vous remercions de nous le signaler.\n\n"
        "Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.",
    ),
    "en": Text(
        "Statement of account at {date}",
        "Dear Sir or Madam,\n\nThis is how your account stands in our books at {date}. It comes to {total}{overdue}.",
        "This statement is not a reminder. Should it differ from your own books, please let us know.\n\nYours faithfully,",
    ),
    "de": Text(
        "Kontoauszug zum {date}",
        "Sehr geehrte Damen und Herren,\n\nso steht Ihr Konto in unseren Büchern zum {date}. Es beläuft sich auf {total}{overdue}.",
        "Dieser Auszug ist keine Mahnung. Sollte er von Ihren eigenen Büchern abweichen, teilen Sie uns dies bitte mit.\n\n"
        "Mit freundlichen Grüßen",
    ),
}
_OVERDUE = {
    "fr": (", dont {} échus", " avant déduction des avoirs et acomptes"),
    "en": (", of which {} overdue", " before credits"),
    "de": (", davon {} überfällig", " vor Abzug der Gutschriften"),
}
_NAMES = {"fr": "releve-de-compte", "en": "statement-of-account", "de": "kontoauszug"}


def statement_text(language: str, overdue: dict[str, int], *, credits: bool) -> dict[str, str]:
    """Subject, header and footer, in English where the language has none.

    ``overdue`` is in minor units by currency; ``credits`` says whether there are any to deduct.
    """
    spoken = language if language in _TEXTS else "en"
    amounts = " + ".join(formats.amount(amount, currency, spoken) for currency, amount in sorted(overdue.items()) if amount)
    text = _TEXTS[spoken]
    late, before = _OVERDUE[spoken]
    said = late.format(amounts) + (before if credits else "") if amounts else ""
    header = text.header.replace("{overdue}", said)
    return {part: formats.unbroken(words, spoken) for part, words in text._replace(header=header)._asdict().items()}


def statement_name(language: str, customer: str, on: str) -> str:
    """The name of its file."""
    safe = "".join(char if char.isascii() and char.isalnum() else "-" for char in customer)
    return f"{_NAMES.get(language, _NAMES['en'])}-{safe}-{on}.pdf"
