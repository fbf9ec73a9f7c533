"""What do notices say where a company has written nothing? One module per language; ``relance/letters/texts.py`` puts them together."""

from relance.letters.wording.english import ENGLISH
from relance.letters.wording.french import FRENCH
from relance.letters.wording.german import GERMAN
from relance.letters.wording.text import Text, Wording

__all__ = ["WORDINGS", "Text", "Wording"]

WORDINGS: dict[str, Wording] = {"fr": FRENCH, "en": ENGLISH, "de": GERMAN}
