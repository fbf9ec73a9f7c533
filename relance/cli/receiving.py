"""How do files come in by themselves: from a folder that is watched, from a pipe, whatever their kind?

A folder is worked through once a call, the oldest file first. A file that was applied moves to ``done/``; one that was refused to
``refused/``, with a text beside it that says why. Killed between applying and moving, the next call finds that the file changes nothing.
"""

import fcntl
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, user
from relance.cli.speaking import told
from relance.cli.verb import FAILED, say, what_failed

if TYPE_CHECKING:
    from relance.models.company import Company

DONE, REFUSED = "done", "refused"
_LOCK = ".relance.lock"
_UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".partial", ".swp", "~")
_SETTLED = 10  # seconds since a file was last written to
Places = Annotated[list[str], typer.Argument(metavar="PATH…", help="Folders, files, or - for standard input.")]


class _Taken(NamedTuple):
    """What came of one file; ``why`` it was refused, else nothing."""

    file: str
    kind: str
    counts: dict[str, Any]
    why: str


class _Asked(NamedTuple):
    """What is said of every file of a call."""

    company: "Company"
    source: str
    by: str


def auto(
    places: Places,
    company: CompanyCode,
    source: Annotated[str, typer.Option("--source", metavar="NAME", help="Whose lists these are, where several programs make some.")] = "",
    settled: Annotated[
        int, typer.Option("--settled", metavar="SECONDS", min=0, help="A file of a folder is taken when it was not written to for so long.")
    ] = _SETTLED,
    *,
    as_json: AsJson = False,
) -> None:
    """Import whatever lies in a folder, in a file or on standard input, its kind recognised; silent where nothing is wrong."""
    from relance.models.finding import find_company

    asked = _Asked(find_company(company), source, user())
    taken = [one for place in places for one in _take(place, asked, settled)]
    if as_json:
        print_json({"company": company, "files": [_answer(one) for one in taken]})
    if any(one.why for one in taken):
        raise typer.Exit(FAILED)


def _take(place: str, asked: _Asked, settled: int) -> list[_Taken]:
    if place == "-":
        return [_take_input(asked)]
    path = Path(place)
    return list(_take_folder(path, asked, settled)) if path.is_dir() else [_apply(path, path.name, asked)]


def _take_input(asked: _Asked) -> _Taken:
    """What comes by a pipe, kept in a file that goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="relance-") as folder:
        path = Path(folder) / "standard-input"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        return _apply(path, path.name, asked)


def _take_folder(folder: Path, asked: _Asked, settled: int) -> Iterator[_Taken]:
    """Every file that is whole; nothing while another call is at it."""
    with _alone_in(folder) as alone:
        for path in _whole(folder, settled) if alone else ():
            try:
                taken = _apply(path, path.name, asked)
            except Exception as error:  # noqa: BLE001 - what the program cannot cope with stays where it is, and stands in no other's way
                why = what_failed(error, "relance import auto")
                say(f"{path.name}: {why}")
                yield _Taken(path.name, "", {}, why)
                continue
            if taken.why:
                moved = _move(path, folder / REFUSED)
                moved.with_name(f"{moved.name}.txt").write_text(f"{told(taken.why)}\n", encoding="utf-8")
            else:
                _move(path, folder / DONE)
            yield taken


def _apply(path: Path, name: str, asked: _Asked) -> _Taken:
    """Import one file; a refusal is told, and stops no other file."""
    from relance.steps import Refused

    kind = ""
    try:
        kind = _kind_of(path)
        return _Taken(name, kind, _IMPORTERS[kind](path, asked), "")
    except Refused as refusal:
        say(f"{name}: {str(refusal).removeprefix(f'{name}: ')}")
        return _Taken(name, kind, {}, str(refusal))


def _kind_of(path: Path) -> str:
    from relance.importers.recognising import recognise_file
    from relance.steps import Refused

    try:
        with path.open("rb") as file:
            return recognise_file(file)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Whether no other call works through this folder; the lock goes with the process, however it ends."""
    with (folder / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def _whole(folder: Path, settled: int) -> list[Path]:
    """The files that nobody writes to any more, the oldest first."""
    found = []
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED) or not path.is_file():
            continue
        written = path.stat().st_mtime
        if time.time() - written >= settled:
            found.append((written, path.name, path))
    return [path for _, _, path in sorted(found)]


def _move(path: Path, folder: Path) -> Path:
    """Put the file into a folder, under a name that is free there."""
    folder.mkdir(exist_ok=True)
    place, number = folder / path.name, 1
    while place.exists():
        number += 1
        place = folder / f"{path.stem} ({number}){path.suffix}"
    return path.rename(place)


# -- one line for each kind


def _fec(path: Path, asked: _Asked) -> dict[str, Any]:
    from relance.steps.uploading import import_fec

    return _plain(import_fec(asked.company, path, asked.by).counts)


def _bank(path: Path, asked: _Asked) -> dict[str, Any]:
    from relance.steps.banking import import_bank

    return _plain(import_bank(asked.company, path, asked.by).counts)


def _einvoice(path: Path, asked: _Asked) -> dict[str, Any]:
    from relance.steps.einvoicing import import_einvoice

    return _plain(import_einvoice(asked.company, path, asked.by).counts)


def _items(path: Path, asked: _Asked) -> dict[str, Any]:
    """A list is of the day on which it was written."""
    from relance.steps.taking_over import take_over

    written_on = date.fromtimestamp(path.stat().st_mtime)  # noqa: DTZ012  the day on the wall where the file was written
    return _plain(take_over(asked.company, path, written_on, by=asked.by, source=asked.source).counts)


def _list(kind: Any) -> Callable[[Path, _Asked], dict[str, Any]]:
    def take_in_list(path: Path, asked: _Asked) -> dict[str, Any]:
        from relance.steps.taking_in import take_in

        return _plain(take_in(asked.company, kind, path, by=asked.by, source=asked.source).counts)

    return take_in_list


def _dossier(path: Path, asked: _Asked) -> dict[str, Any]:
    from relance.steps.bringing_in import bring_in

    report = bring_in(asked.company, path, by=asked.by)
    return {noun: {"created": one.created, "changed": one.updated, "same": one.unchanged} for noun, one in report.counts.items()}


_IMPORTERS: dict[str, Callable[[Path, _Asked], dict[str, Any]]] = {
    "fec": _fec,
    "bank": _bank,
    "einvoice": _einvoice,
    "items": _items,
    "customers": _list("customers"),
    "contacts": _list("contacts"),
    "payments": _list("payments"),
    "dossier": _dossier,
}


def _plain(counts: Any) -> dict[str, Any]:
    return {noun: dict(counted) for noun, counted in counts.items()}


def _answer(taken: _Taken) -> dict[str, Any]:
    told = {"file": taken.file, "kind": taken.kind, "applied": not taken.why, "counts": taken.counts}
    return told | ({"why": taken.why.splitlines()} if taken.why else {})
