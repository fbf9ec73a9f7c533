"""How does a row of figures become a picture? As SVG made by the server: no script, the same on paper, told in words to who cannot see it.

Colours are classes of the style sheet. A chart is drawn twice, for a desk and for a telephone, where its text would shrink.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SERIES = ("first", "second", "third", "fourth")
_WIDE, _NARROW = (640, 210), (360, 220)
_TOP, _FOOT, _SIDE, _END = 16, 26, 58, 8
_STEPS = (1, 2, 2.5, 5, 10)

Tell = Callable[[float], str]


class Bar(NamedTuple):
    """One bar: what it is called, how high it is, and the colour it has among the series."""

    label: str
    value: float
    series: int = 0


class Line(NamedTuple):
    """One line: what it is called, and its points from left to right."""

    label: str
    values: Sequence[float]


def bars(title: str, given: Sequence[Bar], tell: Tell, brief: Tell) -> SafeString:
    """Upright bars; ``tell`` writes a value in full, ``brief`` one on the axis."""
    return _twice(lambda width, height: _bars(title, given, tell, brief, width, height))


def lines(title: str, labels: Sequence[str], given: Sequence[Line], tell: Tell, brief: Tell) -> SafeString:
    """Lines over the same days; the last value of each is written beside it."""
    return _twice(lambda width, height: _lines(title, labels, given, tell, brief, width, height))


def spark(values: Sequence[float], width: int = 96, height: int = 28) -> SafeString:
    """The course of a figure, beside it: what it says stands there in words."""
    low, high = min(values), max(values)
    points = _points(values, width, height - 6, low, high, 0, 3)
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true"><polyline class="first" points="{}"/></svg>', width, height, points
    )


def _twice(draw: Callable[[int, int], SafeString]) -> SafeString:
    return format_html('<div class="for-desk">{}</div><div class="for-phone">{}</div>', draw(*_WIDE), draw(*_NARROW))


def _bars(title: str, given: Sequence[Bar], tell: Tell, brief: Tell, width: int, height: int) -> SafeString:
    scale = _Scale([0.0, *(bar.value for bar in given)], width, height)
    step = (width - _SIDE - _END) / max(len(given), 1)
    shapes = _shapes(
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"><title>{}: {}</title></rect>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                SERIES[bar.series],
                _SIDE + step * (place + 0.16),
                min(scale.y(bar.value), scale.y(0)),
                step * 0.68,
                abs(scale.y(0) - scale.y(bar.value)),
                bar.label,
                tell(bar.value),
                _SIDE + step * (place + 0.5),
                height - 8,
                bar.label,
            )
            for place, bar in enumerate(given)
        ),
    )
    told = ", ".join(f"{bar.label}: {tell(bar.value)}" for bar in given)
    return _drawn(title, told, width, height, scale.rules(brief), shapes)


def _lines(title: str, labels: Sequence[str], given: Sequence[Line], tell: Tell, brief: Tell, width: int, height: int) -> SafeString:
    scale = _Scale([0.0, *(value for line in given for value in line.values)], width, height)
    across = width - _SIDE - _END - 8
    shapes = _shapes(
        '<polygon class="{0} area" points="{1} {2},{4} {3},{4}"/><polyline class="{0}" points="{1}"><title>{5}</title></polyline>'
        '<circle class="{0}" cx="{2}" cy="{6}" r="3.5"/>',
        (
            (
                SERIES[place],
                _points(line.values, across, scale.height, scale.low, scale.high, _SIDE, _TOP),
                _SIDE + across,
                _SIDE,
                round(scale.y(max(scale.low, 0)), 1),
                line.label,
                scale.y(line.values[-1]),
            )
            for place, line in enumerate(given)
        ),
    )
    every = max(1, round(len(labels) / (7 if width > _NARROW[0] else 4)))
    days = _shapes(
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_SIDE + across * place / (len(labels) - 1), height - 8, "end" if place == len(labels) - 1 else "middle", label)
            for place, label in enumerate(labels)
            if (len(labels) - 1 - place) % every == 0
        ),
    )
    told = ". ".join(f"{line.label}: {labels[0]} {tell(line.values[0])}, {labels[-1]} {tell(line.values[-1])}" for line in given)
    return _drawn(title, told, width, height, scale.rules(brief), format_html("{}{}", shapes, days))


def _shapes(shape: str, rows: Iterable[tuple[Any, ...]]) -> SafeString:
    """The same shape many times, lengths to a tenth."""
    return format_html_join("", shape, (tuple(round(value, 1) if isinstance(value, float) else value for value in row) for row in rows))


def _drawn(title: str, told: str, width: int, height: int, rules: SafeString, shapes: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}. {}">{}{}</svg>', width, height, title, told, rules, shapes
    )


def _points(values: Sequence[float], width: float, height: float, low: float, high: float, left: float, top: float) -> str:
    span, step = (high - low) or 1, width / max(len(values) - 1, 1)
    return " ".join(f"{left + step * place:.1f},{top + height * (high - value) / span:.1f}" for place, value in enumerate(values))


class _Scale:
    """From values to heights, with rules at round figures."""

    def __init__(self, values: Sequence[float], width: int, height: int) -> None:
        self._width, self.height = width, height - _TOP - _FOOT
        low, high = min(values), max(values)
        rough = (high - low) / 4 or 1
        power = 10.0 ** (len(str(int(rough))) - 1)
        self._step = next((power * step for step in _STEPS if power * step >= rough), power * 10)
        self.low, self.high = self._step * (low // self._step), self._step * -(-high // self._step) or self._step

    def y(self, value: float) -> float:
        """How far down a value stands."""
        return _TOP + self.height * (self.high - value) / (self.high - self.low)

    def rules(self, brief: Tell) -> SafeString:
        """Lines across, each with its value."""
        count = round((self.high - self.low) / self._step)
        return _shapes(
            '<line class="rule" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><text x="{3}" y="{4}" text-anchor="end">{5}</text>',
            (
                (_SIDE, self._width - _END, self.y(value), _SIDE - 8, self.y(value) + 3.5, brief(value))
                for value in (self.low + self._step * place for place in range(count + 1))
            ),
        )
