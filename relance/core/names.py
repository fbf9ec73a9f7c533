"""In which order do names stand? As the language collates: É with E, œ as oe, capitals as small letters."""

import unicodedata
from functools import cache

# Letters that no normal form takes apart, written as the alphabetical lists of their languages and of their neighbours file them.
_SPELT_OUT = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ĸ": "q", "ŋ": "n", "ŧ": "t"}
)
# L'Oréal files as Loreal, S.A.R.L. as SARL; every other mark separates words.
_JOINING = {"'", "’", "ʼ", "‘", "`", "´", "."}


def collation_key(name: str) -> str:
    """A text whose order, code point by code point, is the alphabetical order of names: "Œuvres de l'Été" gives "oeuvres de lete".

    It is plain ASCII for names in Latin letters, so that a database comparing bytes gives the same order; other scripts keep their
    letters and come after. Names that differ by case, accents or punctuation alone are equal, and a name of punctuation alone is
    its own key. The key of a key is itself.
    """
    key = " ".join(name.translate(_familiar()).split())
    if key.isascii() and (key or not name):
        return key
    key = _folded(name)
    while not key.isascii() and (again := _folded(key)) != key:  # a mark that lost its letter goes too
        key = again
    return key


def _folded(name: str) -> str:
    return " ".join(_in_plain_letters(name).split()) or " ".join(name.split())


def _in_plain_letters(text: str) -> str:
    small = _accents_off(text.casefold()).translate(_SPELT_OUT)
    return "".join("" if char in _JOINING else char if _in_a_word(char) else " " for char in small)


def _accents_off(text: str) -> str:
    """Accents taken off Latin and Greek letters; in other scripts a mark makes another letter (й, が) and stays."""
    bare: list[str] = []
    for char in unicodedata.normalize("NFKD", text).casefold():
        if not (unicodedata.combining(char) and (not bare or _carries_accents(bare[-1]))):
            bare.append(char)
    return unicodedata.normalize("NFC", "".join(bare))


def _carries_accents(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "GREEK"))


def _in_a_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


@cache
def _familiar() -> dict[int, str]:
    """What each letter of Western Europe becomes, and each mark of a typewriter: most names are of nothing else, and are told in one go."""
    letters = [*map(chr, range(0x80)), *filter(str.isalpha, map(chr, range(0xC0, 0x180)))]
    return {ord(letter): _in_plain_letters(letter) for letter in letters}
