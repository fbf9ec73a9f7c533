"""How are the letters of a run handed over? As one file in the order of the run, as one file for each customer, or as an archive of those.

What is written is whole or not there at all.
"""

import os
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path
from typing import NamedTuple

from relance.core.forms import ARCHIVE, JOINED, form_of_file
from relance.letters.binding import merge
from relance.letters.letter_html import join_html, joins

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same letters make the same archive
_Add = Callable[[str, Path], None]


class Letter(NamedTuple):
    """A letter to hand over, and whose it is."""

    customer: str
    form: str
    content: bytes
    enclosed: bool = False  # an invoice that goes with the letter before it


class Written(NamedTuple):
    """How many letters were written, in which formats; and where those are that do not go into a file of the format asked for."""

    letters: int = 0
    forms: frozenset[str] = frozenset()
    beside: Path | None = None


def is_folder(out: Path) -> bool:
    """Whether letters go into a folder: one that is there, or a name without an ending."""
    return out.is_dir() or not out.suffix


def fits(out: Path, count: int) -> bool:
    """Whether so many letters can be written there: a document of a word processor holds only one."""
    return count <= 1 or is_folder(out) or form_of_file(out.name) in (ARCHIVE, *JOINED)


def write(letters: Iterable[Letter], out: Path) -> Written:
    """Write letters, those of a customer following one another, to a file, an archive (.zip) or a folder. Raises OSError."""
    waiting = iter(letters)
    first = next(waiting, None)
    if first is None:
        return Written()
    everything = _Counted(chain([first], waiting))
    if is_folder(out):
        out.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".letters.") as folder:
            made: list[str] = []
            _by_customer(everything, Path(folder), lambda name, path: made.append(name))
            for name in made:
                (Path(folder) / name).replace(out / name)
        return everything.written()
    if form_of_file(out.name) == ARCHIVE:
        whole(out, lambda draft: _archive(everything, draft))
        return everything.written()
    return _one_file(everything, out)


class _Counted:
    """Counts what goes through."""

    def __init__(self, letters: Iterator[Letter]) -> None:
        self._letters, self._count, self._forms = letters, 0, set[str]()

    def __iter__(self) -> Iterator[Letter]:
        for letter in self._letters:
            if not letter.enclosed:
                self._count += 1
                self._forms.add(letter.form)
            yield letter

    def written(self, beside: Path | None = None) -> Written:
        """What has gone through."""
        return Written(self._count, frozenset(self._forms), beside)


def _one_file(letters: _Counted, out: Path) -> Written:
    """Letters of the file's format in it; others, which were made without LibreOffice or by a template, in an archive beside it."""
    form = form_of_file(out.name)
    beside = out.with_suffix(f".{ARCHIVE}")
    with tempfile.TemporaryDirectory(prefix="relance-letters-") as folder:
        others = _Kept(Path(folder))
        inside = (letter.content for letter in letters if _goes_into(letter, form) or others.keep(letter))
        whole(out, lambda draft: _join(inside, form, draft))
        if others.count:
            whole(beside, lambda draft: _archive(others, draft))
    return letters.written(beside if others.count else None)


class _Kept:
    """Letters put aside on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._whose, self.count = folder, list[tuple[str, str]](), 0

    def keep(self, letter: Letter) -> bool:
        (self._folder / str(self.count)).write_bytes(letter.content)
        self._whose.append((letter.customer, letter.form))
        self.count += 1
        return False

    def __iter__(self) -> Iterator[Letter]:
        for number, whose in enumerate(self._whose):
            yield Letter(*whose, (self._folder / str(number)).read_bytes())


def _goes_into(letter: Letter, form: str) -> bool:
    return letter.form == form and (form != "html" or joins(letter.content))


def _join(letters: Iterator[bytes], form: str, draft: Path) -> int:
    """The letters in one file; how many."""
    if form == "pdf":
        return merge(letters, draft).letters
    found = list(letters)
    if found:
        draft.write_bytes(join_html(found) if form == "html" and joins(found[0]) else found[0])
    return len(found)


def _archive(letters: Iterable[Letter], draft: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="relance-letters-") as folder, zipfile.ZipFile(draft, "w") as archive:

        def add(name: str, path: Path) -> None:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
            path.unlink()

        return _by_customer(letters, Path(folder), add)


def _by_customer(letters: Iterable[Letter], folder: Path, add: _Add) -> int:
    """A file for each customer, numbered in the order of the run; letters that cannot be joined are files of their own."""
    place = 0
    for place, (customer, group) in enumerate(groupby(letters, key=lambda letter: letter.customer), 1):
        name = f"{place:04d}-{re.sub(r'[^A-Za-z0-9_-]+', '-', customer)}"
        for number, (form, contents) in enumerate(_files(list(group)), 1):
            path = folder / f"{name}{f'-{number}' if number > 1 else ''}.{form}"
            _join(iter(contents), form, path)
            add(path.name, path)
    return place


def _files(letters: list[Letter]) -> Iterator[tuple[str, list[bytes]]]:
    for form in dict.fromkeys(letter.form for letter in letters):
        contents = [letter.content for letter in letters if letter.form == form]
        if form in JOINED and all(form == "pdf" or joins(content) for content in contents):
            yield form, contents
        else:
            yield from ((form, [content]) for content in contents)


def in_one(folder: Path) -> Path | None:
    """The only file of a folder; where letters had to go beside it, an archive of them all, which is then the only one."""
    made = sorted(folder.iterdir())
    if len(made) < 2:
        return made[0] if made else None
    out = made[0].with_suffix(f".all.{ARCHIVE}")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in made:
            if path.suffix == f".{ARCHIVE}":
                with zipfile.ZipFile(path) as inside:
                    for name in inside.namelist():
                        archive.writestr(zipfile.ZipInfo(name, _EPOCH), inside.read(name), zipfile.ZIP_DEFLATED)
            else:
                archive.writestr(zipfile.ZipInfo(path.name, _EPOCH), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return out


def whole(out: Path, make: Callable[[Path], int]) -> None:
    """A file that is made beside its place and then put there; none where there is nothing for it."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    os.close(handle)
    draft = Path(name)
    try:
        if make(draft):
            draft.chmod(0o644)
            draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
