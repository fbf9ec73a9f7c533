"""How is something shown to a person: tables on standard output, progress on standard error?"""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_WIDTH_OF_A_FILE = 200  # where nobody looks, nothing needs to be folded
_PATIENCE = 0.7  # seconds of work before a bar is worth showing


def screen() -> "Console":
    """Standard output for people."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _WIDTH_OF_A_FILE
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def show(text: str = "", style: str | None = None) -> None:
    """Write a line on standard output."""
    screen().print(text, style=style)


def show_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str | None = None,
    right: Sequence[str] = (),
    totals: Iterable[Sequence[str]] = (),
) -> None:
    """Write a table; ``right`` names the columns of figures, ``totals`` are rows that close it."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column in columns:
        figures = column in right
        table.add_column(column, justify="right" if figures else "left", no_wrap=figures, overflow="fold")
    for row in rows:
        table.add_row(*map(_cell, row))
    closing = list(totals)
    if closing:
        table.add_section()
    for row in closing:
        table.add_row(*map(_cell, row), style="bold")
    screen().print(table)


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


def _cell(value: Any) -> Any:
    from rich.text import Text

    return Text("" if value is None else str(value))
