"""Which words of a text stand for facts, and what do they stand for? A closed list; a text can do nothing else."""

import re
import unicodedata
from collections.abc import Callable
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, NamedTuple

from relance.letters import formats

Data = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NOTHING = "– \u00a0"  # what stands in a text for something that is missing
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp", "Zs")


class Placeholder(NamedTuple):
    """A word in braces: the fact it stands for, and what a person who writes a text is told of it, by language."""

    fact: Callable[[Data], str]
    says: dict[str, str]


def _said(fact: Callable[[Data], Any], french: str, english: str, german: str) -> Placeholder:
    return Placeholder(lambda data: str(fact(data)), {"fr": french, "en": english, "de": german})


PLACEHOLDERS: dict[str, Placeholder] = {
    "customer": _said(lambda data: data["customer"]["name"], "Nom du client", "Customer's name", "Name des Kunden"),
    "customer_code": _said(lambda data: data["customer"]["code"], "Code du client", "Customer's code", "Kundennummer"),
    "contact": _said(
        lambda data: data["recipient"].get("contact") or data["customer"]["name"],
        "Personne à qui l’on écrit, à défaut le nom du client",
        "Person written to, else the customer's name",
        "Ansprechpartner, sonst der Name des Kunden",
    ),
    "company": _said(lambda data: data["company"]["name"], "Nom de votre société", "Your company's name", "Name Ihrer Firma"),
    "sender": _said(
        lambda data: data["display"]["signatory"] or data["company"]["name"],
        "Signataire, à défaut le nom de votre société",
        "Who signs, else your company's name",
        "Unterzeichner, sonst der Name Ihrer Firma",
    ),
    "sender_email": _said(
        lambda data: data["company"]["sender_email"],
        "Adresse électronique de votre société",
        "Your company's e-mail address",
        "E-Mail-Adresse Ihrer Firma",
    ),
    "iban": _said(lambda data: formats.iban(data["company"]["iban"]), "IBAN de votre société", "Your company's IBAN", "IBAN Ihrer Firma"),
    "bic": _said(lambda data: data["company"]["bic"], "BIC de votre société", "Your company's BIC", "BIC Ihrer Firma"),
    "number": _said(lambda data: data["number"], "Numéro du courrier ou du mail", "Number of the notice", "Nummer des Schreibens"),
    "level": _said(lambda data: data["level"], "Niveau de relance", "Level", "Mahnstufe"),
    "date": _said(
        lambda data: formats.long_day(data["date"], data["language"]), "Date de la relance", "Date of the notice", "Datum des Schreibens"
    ),
    "deadline": _said(
        lambda data: formats.long_day(data["pay_before"] or data["date"], data["language"]),
        "Date limite de règlement",
        "Date by which to pay",
        "Zahlungsfrist",
    ),
    "previous_date": _said(
        lambda data: formats.long_day(data["previous_on"], data["language"]) if data["previous_on"] else "–",
        "Date de la relance précédente, ou un tiret",
        "Date of the last reminder, or a dash",
        "Datum der vorigen Mahnung, sonst ein Strich",
    ),
    "oldest_due_date": _said(
        lambda data: formats.long_day(min(line["due_date"] for line in data["lines"]), data["language"]),
        "Échéance la plus ancienne",
        "Oldest due date",
        "Älteste Fälligkeit",
    ),
    "days_overdue": _said(
        lambda data: max(0, *(line["days_overdue"] for line in data["lines"])),
        "Retard de la plus ancienne échéance, en jours",
        "Days that the oldest item is overdue",
        "Verzug der ältesten Fälligkeit in Tagen",
    ),
    "total": _said(
        lambda data: totals(data), "Total à régler, devise par devise", "What is claimed, by currency", "Offener Betrag je Währung"
    ),
    "interest": _said(lambda data: _charge(data, "interest"), "Pénalités de retard", "Late-payment interest", "Verzugszinsen"),
    "indemnity": _said(
        lambda data: _charge(data, "indemnity"),
        "Indemnités forfaitaires de recouvrement",
        "Fixed indemnities for recovery costs",
        "Pauschalen für Beitreibungskosten",
    ),
    "documents": _said(
        lambda data: ", ".join(_documents(data)), "Numéros des pièces", "Numbers of the documents claimed", "Nummern der Belege"
    ),
    "document_count": _said(lambda data: len(_documents(data)), "Nombre de pièces", "How many documents are claimed", "Anzahl der Belege"),
}


class TextProblem(NamedTuple):
    """What is wrong with a text, and where: the first character is at 0."""

    place: int
    message: str


def fill(text: str, data: Data) -> str:
    """The text with its placeholders filled in. A word in braces that is none is left as it stands.

    A question mark at the end of a word takes its paragraph away where there is no such fact.
    """
    if "?}" in text:
        text = "\n\n".join(paragraph for paragraph in text.split("\n\n") if not _lacks(paragraph, data))
    first, *rest = _parted(text)
    return "".join([first, *(_fact(word, data, f"{{{word}}}") + between for word, between in rest)])


@lru_cache(500)
def _parted(text: str) -> list[Any]:
    """What stands before the first word in braces, then each such word with what stands after it."""
    first, *others = _PLACEHOLDER.split(text)
    return [first, *zip(others[::2], others[1::2], strict=True)]


def _fact(word: str, data: Data, otherwise: str) -> str:
    known = PLACEHOLDERS.get(word.removesuffix("?"))
    return known.fact(data) if known else otherwise


def _lacks(paragraph: str, data: Data) -> bool:
    return any(not _fact(word, data, word).strip(NOTHING) for word in _PLACEHOLDER.findall(paragraph) if word.endswith("?"))


def check_text(text: str) -> list[TextProblem]:
    """Unknown placeholders and unpaired braces, with their places; and a text of nothing but blanks, which would print as nothing."""
    if text and all(unicodedata.category(char) in _INVISIBLE for char in text):
        return [TextProblem(0, "is blank; left empty, it is the default text")]
    problems = [
        TextProblem(match.start(), f'unknown placeholder "{{{match[1]}}}"{_perhaps(match[1])}')
        for match in _PLACEHOLDER.finditer(text)
        if match[1].removesuffix("?") not in PLACEHOLDERS
    ]
    rest = _PLACEHOLDER.sub(lambda match: " " * len(match[0]), text)
    problems += [TextProblem(place, f'"{sign}" without its pair') for place, sign in enumerate(rest) if sign in "{}"]
    return sorted(problems)


def totals(data: Data) -> str:
    """What is claimed, currency by currency; amounts of different currencies are never added."""
    return _amounts(data["totals"], data["language"])


def _charge(data: Data, kind: str) -> str:
    """What is claimed beside the totals, or a dash."""
    return _amounts((data["charges"] or {}).get(kind, {}), data["language"]) or "–"


def _amounts(totals: dict[str, int], language: str) -> str:
    return " + ".join(formats.amount(total, currency, language) for currency, total in sorted(totals.items()))


def _documents(data: Data) -> list[str]:
    return list(dict.fromkeys(line["document"] for line in data["lines"]))


def _perhaps(name: str) -> str:
    near = get_close_matches(name.strip().lower(), PLACEHOLDERS, n=1)
    return f" (perhaps {{{near[0]}}}?)" if near else ""
