"""What does a notice say where the company has written nothing? Subject, header and footer by rank, language and kind of customer.

The first reminder never threatens; the second recalls what the law adds by itself and sets a date; the formal notice (mise en demeure)
says so in its title, sets a date and names only steps that the sender may take. A consumer owes neither interest nor indemnity by itself,
so what he reads speaks of neither; a public body owes both under its own code (legal facts, sections 1, 5, 6 and 13). The texts speak of
an account and its balance, which is right for one invoice and for forty.
"""

from functools import lru_cache
from typing import Any

from relance.letters import formats
from relance.letters.mailing.headers import one_line
from relance.letters.placeholders import Data, fill
from relance.letters.wording import WORDINGS, Text

__all__ = ["Text", "default_text", "subject_of", "text_of"]


def text_of(data: Data) -> Text:
    """The words of a notice, filled in: the company's own where it has written some, else the default of the rank and language."""
    return Text._make(fill(part, data) for part in _unfilled(data))


def subject_of(data: Data) -> str:
    """The subject alone, as it will read: on one line, since what follows a line break in a header would be another header."""
    return one_line(fill(_unfilled(data).subject, data))


def _unfilled(data: Data) -> Text:
    own: dict[str, Any] = data["texts"]
    default = default_text(
        _rank(data),
        data["language"],
        data["customer"]["kind"],
        country=data["company"]["country"],
        preceded=data["previous_on"] is not None,
        letter=data["kind"] == "letter",
    )
    return Text(*(own.get(part) or getattr(default, part) for part in Text._fields))


def _rank(data: Data) -> str:
    """A level may begin before the due date and go on after it: what is overdue is not called falling due."""
    overdue = any(line["days_overdue"] > 0 for line in data["lines"])
    return "first" if data["rank"] == "pre_due" and overdue else str(data["rank"])


@lru_cache
def default_text(
    rank: str, language: str, customer_kind: str = "business", *, country: str = "FR", preceded: bool = True, letter: bool = False
) -> Text:
    """The words of a rank, in English where the language has none of its own; placeholders are not filled in yet.

    ``country`` is the creditor's: French creditors quote French law, German ones German law, others none. ``preceded`` says whether there
    was a reminder to refer to. The subject of an e-mail names the company; a letter's need not, under its letterhead.
    """
    spoken = language if language in WORDINGS else "en"
    wording = WORDINGS[spoken]
    text = wording.texts[rank]
    header = text.header if preceded else wording.unpreceded.get(rank, text.header)
    law, basis = (said.get((country, customer_kind), "") for said in (wording.law, wording.basis))
    return Text(
        formats.unbroken(text.subject if letter else f"{text.subject} – {{company}}", spoken),
        formats.unbroken(header.replace("{basis}", basis), spoken),
        formats.unbroken(_filled(text.footer, law), spoken),
    )


def _filled(footer: str, law: str) -> str:
    """The footer with its paragraph on the law, or without one."""
    paragraphs = (law if paragraph == "{law}" else paragraph for paragraph in footer.split("\n\n"))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
