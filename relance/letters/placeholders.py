"""Which words of a text stand for facts, and what do they stand for? A closed list; a text can do nothing else."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from relance.letters import formats

Data = dict[str, Any]
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

PLACEHOLDERS: dict[str, Callable[[Data], str]] = {
    "customer": lambda data: str(data["customer"]["name"]),
    "customer_code": lambda data: str(data["customer"]["code"]),
    "company": lambda data: str(data["company"]["name"]),
    "sender_email": lambda data: str(data["company"]["sender_email"]),
    "number": lambda data: str(data["number"]),
    "level": lambda data: str(data["level"]),
    "date": lambda data: formats.long_day(data["date"], data["language"]),
    "deadline": lambda data: formats.long_day(data["pay_before"] or data["date"], data["language"]),
    "previous_date": lambda data: formats.long_day(data["previous_on"], data["language"]) if data["previous_on"] else "–",
    "oldest_due_date": lambda data: formats.long_day(min(line["due_date"] for line in data["lines"]), data["language"]),
    "total": lambda data: totals(data),
    "documents": lambda data: ", ".join(dict.fromkeys(line["document"] for line in data["lines"])),
}


class TextProblem(NamedTuple):
    """What is wrong with a text, and where: the first character is at 0."""

    place: int
    message: str


def fill(text: str, data: Data) -> str:
    """The text with its placeholders filled in. A word in braces that is none is left as it stands."""
    return _PLACEHOLDER.sub(lambda match: PLACEHOLDERS[match[1]](data) if match[1] in PLACEHOLDERS else match[0], text)


def check_text(text: str) -> list[TextProblem]:
    """Unknown placeholders and unpaired braces, with their places."""
    problems = [
        TextProblem(match.start(), f'unknown placeholder "{{{match[1]}}}"')
        for match in _PLACEHOLDER.finditer(text)
        if match[1] not in PLACEHOLDERS
    ]
    rest = _PLACEHOLDER.sub(lambda match: " " * len(match[0]), text)
    problems += [TextProblem(place, f'"{sign}" without its pair') for place, sign in enumerate(rest) if sign in "{}"]
    return sorted(problems)


def totals(data: Data) -> str:
    """What is claimed, currency by currency; amounts of different currencies are never added."""
    return " + ".join(formats.amount(total, currency, data["language"]) for currency, total in sorted(data["totals"].items()))
