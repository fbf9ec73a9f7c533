"""How is an answer written as one JSON document, however long its lists are?

A document is given key by key; a value that is an iterator is written as an array, element by element, and never stands whole in
memory. Standard output is UTF-8, whatever the terminal.
"""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

Pairs = Iterable[tuple[str, Any]]


def print_json(document: dict[str, Any] | Pairs) -> None:
    """Write the document on standard output: a line per key, and per element of a streamed list."""
    write_json(document.items() if isinstance(document, dict) else document, standard_output())


def write_json(pairs: Pairs, out: TextIO) -> None:
    """Write the document key by key; a later value may be computed from what an earlier iterator has shown."""
    opening = "{"
    for key, value in pairs:
        out.write(f"{opening}{_text(key)}: ")
        if isinstance(value, Iterator):
            _write_array(value, out)
        else:
            out.write(_text(value))
        opening = ",\n "
    out.write("{}\n" if opening == "{" else "}\n")


def standard_output() -> TextIO:
    """Standard output, set to UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    return sys.stdout


def _write_array(values: Iterator[Any], out: TextIO) -> None:
    opening = "["
    for value in values:
        out.write(f"{opening}\n  {_text(value)}")
        opening = ","
    out.write("[]" if opening == "[" else "]")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
