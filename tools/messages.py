"""Which words do the pages say, and the help of the command line, and is each of them in the catalogs?

``python tools/messages.py`` (``make messages``) brings ``relance/locale/*/LC_MESSAGES/django.po`` up to date: what pages say anew stands
there without a translation until somebody writes it, what they no longer say is taken out.
"""

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SAID_IN = [ROOT / "relance" / room for room in ("api", "telling", "web")]
CATALOGS = sorted((ROOT / "relance" / "locale").glob("*/LC_MESSAGES/django.po"))
_PAGES = (".html", ".txt")  # and the messages of pages, and mails
_KEYWORDS = ("_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy")
_OF_TEMPLATES = [*_KEYWORDS, "gettext_noop", "npgettext"]

Message = tuple[str | None, str | tuple[str, str]]  # context, and what is said (of one, of several)


def said() -> set[Message]:
    """Everything that pages say, in templates and in code, and what the help of each command says."""
    paths = [path for room in SAID_IN for path in sorted(room.rglob("*")) if path.suffix in (".py", *_PAGES)]
    return {message for path in paths for message in _said_in(path)} | set(_said_in_help())


def _said_in_help() -> Iterator[Message]:
    from typer.main import get_command

    from relance.cli.app import app
    from relance.cli.speaking import texts_of

    waiting: list[Any] = [get_command(app)]
    while waiting:
        command = waiting.pop()
        waiting += getattr(command, "commands", {}).values()
        with command.make_context(command.name, [], resilient_parsing=True) as context:
            yield from ((text.context, text.words) for text in texts_of(command, context) if text.words)


def _said_in(path: Path) -> Iterator[Message]:
    return _in_page(path.read_text()) if path.suffix in _PAGES else _in_code(path.read_text())


def _in_page(text: str) -> Iterator[Message]:
    source = "\n".join(map(str.strip, templatize(text).splitlines()))  # indentation would be read as code's
    for _, function, words, _ in extract_python(io.BytesIO(source.encode()), _OF_TEMPLATES, [], {}):
        yield from _message(function, list(words) if isinstance(words, tuple) else [words])


def _in_code(text: str) -> Iterator[Message]:
    """What code says, inside of f-strings too, where the extractor of babel does not look."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS:
            said = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            yield from _message(node.func.id, said)


def _message(function: str, parts: list[str]) -> Iterator[Message]:
    several = function.startswith(("ngettext", "npgettext"))
    context = parts.pop(0) if parts and function.startswith(("pgettext", "npgettext")) else None
    if parts and parts[0]:
        yield context, (parts[0], parts[1]) if several else parts[0]


def read(path: Path) -> Catalog:
    """A catalog."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def bring_up_to_date(path: Path) -> int:
    """Write the catalog with what is said now; return how many messages have no translation."""
    before, after = read(path), Catalog(locale=path.parts[-3], header_comment="", project="Relance", version="", fuzzy=False)
    for context, words in sorted(said(), key=str):
        known = before.get(words[0] if isinstance(words, tuple) else words, context)
        after.add(words, known.string if known and not known.fuzzy else None, context=context)
    out = io.BytesIO()
    write_po(out, after, width=0, no_location=True, omit_header=True, sort_output=True)
    told = ("Content-Type: text/plain; charset=utf-8", f"Language: {path.parts[-3]}", f"Plural-Forms: {after.plural_forms}")
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in told) + "\n"
    path.write_text(header + out.getvalue().decode())
    return sum(not all(message.string) if isinstance(message.string, tuple) else not message.string for message in after if message.id)


if __name__ == "__main__":
    for catalog in CATALOGS:
        print(f"{catalog.relative_to(ROOT)}: {bring_up_to_date(catalog)} to translate")
    sys.exit(0)
