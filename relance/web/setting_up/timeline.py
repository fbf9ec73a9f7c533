"""How is a policy drawn? A bar of days from left to right, wide as the logarithm of how many they are: a week is seen beside two years."""

from collections.abc import Sequence
from math import log2
from typing import NamedTuple

from relance.core.facts import NA, Clock, LevelRow
from relance.core.policies import Span, name_of, timeline

_TONES = {None: "none", NA: "muted", 1: "info", 2: "warn"}
_ENDLESS = 3.0  # as wide as a week: where a span has no beginning or no end


class Part(NamedTuple):
    """One span as it is drawn: from where, how wide, in which tone, what is written in it, and the day at its left end."""

    x: int
    width: int
    tone: str
    name: str
    day: str

    @property
    def middle(self) -> int:
        """Where its name stands."""
        return self.x + self.width // 2


class Drawing(NamedTuple):
    """The bar and its width."""

    width: int
    parts: list[Part]


def drawn(rows: Sequence[LevelRow], clock: Clock, width: int) -> Drawing:
    """What the rows of one clock say for every day, so many units wide."""
    spans = timeline(rows, clock)
    weights = [_weight(span) for span in spans]
    parts, x = [], 0.0
    for span, weight in zip(spans, weights, strict=True):
        wide = weight / sum(weights) * width
        day = "" if span.first is None else f"{span.first:+d}" if span.first else "0"
        name = "–" if span.level is None else name_of(span.level)
        parts.append(Part(round(x), round(wide), _TONES.get(span.level, "bad"), name, day.replace("-", "−")))
        x += wide
    return Drawing(width, parts)


def _weight(span: Span) -> float:
    if span.first is None or span.last is None:
        return _ENDLESS
    return max(2.0, log2(span.last - span.first + 1))
