"""In which alphabet is a text file written? Judged by all its bytes, because nothing in the file says it.

ASCII and UTF-8 prove themselves. The alphabets of one byte a letter (ISO-8859-15, Windows-1252, DOS code page 850) give a meaning to every
byte: the one under which the bytes read as French wins. Where few bytes speak, or two readings are nearly as good, the answer says so.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_ASCII = bytes(range(128))
_BROKEN = "\N{REPLACEMENT CHARACTER}"
_ENOUGH = 200  # broken letters, after which nobody need look for more
_FEW = 10

# What a letter speaks for, by how common it is in French accounts. Any other letter speaks against; line drawings and controls loudest.
_SPEAKS_FOR = (
    dict.fromkeys("éèàêçôîâûù", 4)
    | dict.fromkeys("ÉÈÀÊÇ°ëïœ’", 3)
    | dict.fromkeys("ÔÎÂÛÙËÏ\u00a0€«»–…²Œ", 2)
    | dict.fromkeys("üöäÜÖÄñáíóúÑÁÓß§£·½µ‘“”³", 0)
)
_ONE_BYTE = {"iso8859-15": "ISO-8859-15", "cp1252": "Windows-1252", "cp858": "DOS code page 850"}  # 858 is 850 with the euro


class Alphabet(NamedTuple):
    """``codec`` for ``bytes.decode``, ``name`` for a user, ``doubt``: where there is one, why it may be another."""

    codec: str
    name: str
    doubt: str = ""


ASCII = Alphabet("utf-8", "ASCII")


class ByteCensus:
    """Counts what tells alphabets apart. Feed it whole lines."""

    def __init__(self) -> None:
        self._high: Counter[int] = Counter()
        self._broken = 0
        self._may_be_utf8 = True

    def add(self, lines: bytes) -> None:
        """Count these lines; almost free where they are ASCII."""
        if lines.isascii():
            return
        high = lines.translate(None, _ASCII)
        for byte in set(high):
            self._high[byte] += high.count(byte)
        if self._may_be_utf8:
            self._broken += lines.decode("utf-8", "replace").count(_BROKEN)
            self._may_be_utf8 = self._broken < _ENOUGH or self._is_mostly_utf8()

    def alphabet(self) -> Alphabet:
        """The alphabet of all that was counted."""
        if not self._high:
            return ASCII
        if not self._broken:
            return Alphabet("utf-8", "UTF-8")
        if self._may_be_utf8 and self._is_mostly_utf8():
            return Alphabet("utf-8", "UTF-8", f"{_letters(self._broken)} broken")
        return self._best_of_one_byte()

    def _is_mostly_utf8(self) -> bool:
        return self._broken * 5 < self._high.total()

    def _best_of_one_byte(self) -> Alphabet:
        best = max(_ONE_BYTE, key=lambda codec: self._mark(codec, self._high))
        return Alphabet(best, _ONE_BYTE[best], self._doubt(best))

    def _mark(self, codec: str, high: Iterable[int]) -> int:
        return sum(self._high[byte] * _speaks_for(byte, codec) for byte in high)

    def _doubt(self, best: str) -> str:
        if self._mark(best, self._high) <= 0:
            return "it reads as French in no alphabet known here"
        if self._high.total() < _FEW:
            return f"only {_letters(self._high.total())} beyond ASCII to judge by"
        rivals = [name for codec, name in _ONE_BYTE.items() if self._could_be(codec, best)]
        return f"it could be {' or '.join(rivals)}" if rivals else ""

    def _could_be(self, codec: str, best: str) -> bool:
        """Whether the bytes that the two read differently speak for this one nearly as much as for the best."""
        disputed = [byte for byte in self._high if _letter(byte, codec) != _letter(byte, best)]
        mark = self._mark(codec, disputed)
        return mark > 0 and mark * 2 > self._mark(best, disputed)


def _speaks_for(byte: int, codec: str) -> int:
    letter = _letter(byte, codec)
    if letter in _SPEAKS_FOR:
        return _SPEAKS_FOR[letter]
    return -1 if letter.isalpha() else -4


def _letter(byte: int, codec: str) -> str:
    return bytes([byte]).decode(codec, "replace")


def _letters(count: int) -> str:
    return f"{count} letter" if count == 1 else f"{count} letters"
