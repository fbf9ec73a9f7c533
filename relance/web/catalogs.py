"""Where are the translations that Django reads? Made of the catalogs in ``relance/locale`` when they are newer: no tool is needed."""

import os
from pathlib import Path

WRITTEN = Path(__file__).resolve().parent.parent / "locale"


def compile_into(folder: Path) -> None:
    """Compile each catalog that is newer than what it was compiled into."""
    for catalog in WRITTEN.glob("*/LC_MESSAGES/*.po"):
        compiled = folder / catalog.relative_to(WRITTEN).with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= catalog.stat().st_mtime:
            continue
        _compile(catalog, compiled)


def _compile(catalog: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled.parent.mkdir(parents=True, exist_ok=True)
    draft = compiled.with_suffix(f".draft{os.getpid()}")  # several processes may start at once
    with catalog.open("rb") as source, draft.open("wb") as out:
        write_mo(out, read_po(source, locale=catalog.parts[-3]))
    draft.replace(compiled)
