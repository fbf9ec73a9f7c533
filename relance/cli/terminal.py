"""How is something shown to a person: tables on standard output, progress on standard error?"""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.text import Text

_WIDTH_OF_A_FILE = 200  # where nobody looks, nothing needs to be folded
_LEAST_TEXT = 16  # characters of a text that a narrow screen still shows in one line
_PATIENCE = 0.7  # seconds of work before a bar is worth showing


def screen(least: int = 0) -> "Console":
    """Standard output for people, as wide as the terminal, or as what is shown at the least."""
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    width = console.width if sys.stdout.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_FILE
    console.width = max(width, least)
    return console


def show(text: str = "", style: str | None = None) -> None:
    """Write a line on standard output."""
    screen().print(text, style=style)


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    title: str | None = None,
    right: Sequence[str] = (),
    cut: Sequence[str] = (),
    totals: Iterable[Sequence[Any]] = (),
) -> None:
    """Write a table. ``right`` names the columns of figures; ``cut`` those whose text a narrow screen may end early; ``totals`` close it.

    Long text is folded where the screen is narrow; figures and codes are whole on any screen, even past its edge.
    """
    from rich import box
    from rich.table import Table

    body, closing = [_texts(row) for row in rows], [_texts(row) for row in totals]
    widths = _widths([list(columns), *body, *closing], [column not in right for column in columns], screen().width)
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column, width in zip(columns, widths, strict=True):
        overflow: Literal["ellipsis", "fold"] = "ellipsis" if column in cut else "fold"
        table.add_column(column, justify="right" if column in right else "left", width=width, no_wrap=column in cut, overflow=overflow)
    for row in body:
        table.add_row(*map(_plain, row))
    if closing:
        table.add_section()
    for row in closing:
        table.add_row(*map(_plain, row), style="bold")
    screen(_total_width(widths)).print(table)


def _widths(rows: Sequence[Sequence[str]], elastic: Sequence[bool], room: int) -> list[int]:
    """The width of each column: what it holds; where that is too much, the widest texts give way."""
    widths = [max(max(map(len, cell.split("\n")), default=0) for cell in column) for column in zip(*rows, strict=True)]
    while _total_width(widths) > room:
        widest = max((place for place in range(len(widths)) if elastic[place]), key=widths.__getitem__)
        if widths[widest] <= _LEAST_TEXT:
            break
        widths[widest] -= 1
    return widths


def _total_width(widths: Sequence[int]) -> int:
    """Of a table with these columns: a blank on either edge, three characters between columns."""
    return sum(widths) + 3 * (len(widths) - 1) + 2


def _texts(row: Sequence[Any]) -> list[str]:
    return ["" if value is None else str(value) for value in row]


class Advance:
    """Told how far long work has come, shows a bar once it has lasted a while, if somebody is looking."""

    def __init__(self, label: str) -> None:
        self._label, self._since = label, time.monotonic()
        self._bar: Progress | None = None
        self._watched = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """So many of so many are done."""
        if self._bar is None and self._watched and time.monotonic() - self._since > _PATIENCE:
            self._bar = _bar()
            self._task = self._bar.add_task(self._label, total=total)
            self._bar.start()
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=total)

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def progress(label: str) -> Iterator[Advance]:
    """A bar on standard error while the work inside lasts."""
    advance = Advance(label)
    try:
        yield advance
    finally:
        advance.end()


def _bar() -> "Progress":
    from rich.console import Console
    from rich.progress import Progress

    return Progress(console=Console(stderr=True), transient=True)


def _plain(text: str) -> "Text":
    """Text in which nothing is markup."""
    from rich.text import Text

    return Text(text)
