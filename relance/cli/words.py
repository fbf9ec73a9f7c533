"""How are tables worded? In French or English: the company's language, else that of the terminal."""

import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from relance.cli.french import FRENCH, REASONS

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: its words, and how it writes amounts and dates."""

    language: str

    def __call__(self, words: str, **filled: object) -> str:
        """The words in this language, with what they speak of; words it has not are given back, without their underlines."""
        said = FRENCH.get(words, words) if self.language == "fr" else words
        return said.format(**filled) if filled else said.replace("_", " ")

    def reason(self, code: str) -> str:
        """Why a due item is left out."""
        english, french = REASONS[code]
        return french if self.language == "fr" else english

    def figure(self, amount: int | str, currency: str) -> str:
        """An amount, in minor units or as answers write it, without its currency: ``1 234,50``."""
        from relance.core import money
        from relance.letters.formats import number

        return number(money.parse(amount, currency) if isinstance(amount, str) else amount, currency, self.language)

    def amount(self, amount: int | str, currency: str) -> str:
        """An amount with its currency."""
        from relance.core import money
        from relance.letters import formats

        return formats.amount(money.parse(amount, currency) if isinstance(amount, str) else amount, currency, self.language)

    def day(self, on: date | str | None) -> str:
        """A date, or its ISO form, in figures."""
        from relance.letters.formats import day

        return day(str(on), self.language) if on else ""

    def value(self, value: Any, what: str = "") -> str:
        """What stood in a field, or stands there now; ``what`` is its name, where it may be an amount."""
        if isinstance(value, bool):
            return self("yes" if value else "no")
        if isinstance(value, str) and _ISO_DAY.fullmatch(value):
            return self.day(value)
        if isinstance(value, str) and what:
            from relance.telling.figures import FIGURES, said_figure

            if what in FIGURES:
                return said_figure(value, self.language)
        if self.language == "fr" and isinstance(value, str):
            return FRENCH.get(value, value)
        return "" if value is None else str(value)

    def instant(self, at: str) -> str:
        """When something happened, to the minute, by the clock on the wall; ``at`` is ISO with its offset."""
        from django.utils.timezone import localtime

        on_the_wall = localtime(datetime.fromisoformat(at))
        return f"{self.day(on_the_wall.date())} {on_the_wall:%H:%M}"

    def rate(self, hundredths: int) -> str:
        """A yearly rate in percent."""
        return f"{self.figure(hundredths, 'EUR')} %"


def terminal_speech() -> Speech:
    """The language that the terminal asks for, French or English."""
    asked = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Speech("fr" if asked.startswith("fr") else "en")


def speech_of(language: str) -> Speech:
    """The speech of a company: French or English."""
    return Speech("fr" if language == "fr" else "en")
