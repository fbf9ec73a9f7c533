"""How does a file come in by a call, and go out? As the body, read as a file; as the answer, from one that is deleted once it is sent."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import FileResponse

from relance.api import shapes
from relance.api.access import Called
from relance.core.forms import ARCHIVE, JOINED, MEDIA_TYPES
from relance.steps import Refused
from relance.telling.list_file import FORMATS

ZIP = "application/zip"
LISTS = {"xlsx": FORMATS["xlsx"], "csv": FORMATS["csv"], "pdf": MEDIA_TYPES["pdf"]}  # formats of a list that is laid out
LETTERS = shapes.file_of(*(MEDIA_TYPES[form] for form in JOINED), ZIP)  # what an operation that hands letters over answers


def as_file(request: Called, name: str, read: Callable[[Path], Any]) -> Any:
    """What was sent, as the file that the steps read."""
    with written(name) as path:
        path.write_bytes(request.body)
        return read(path)


def letters_written(name: str, form: str, write: Callable[[Path], Any]) -> FileResponse:
    """The letters that ``write`` writes, in one file of a format, or each in its own in an archive. Raises Refused.

    Letters of formats that cannot be joined come in an archive, whichever is asked for.
    """
    with written(f"{name}.{form if form in JOINED else ARCHIVE}") as out:
        write(out)
        if form in JOINED and out.with_suffix(f".{ARCHIVE}").exists():
            raise Refused(f"not every letter is a {form.upper()}: ask for the ZIP")
        if not out.exists():
            raise Refused("there is no letter to show")
        return handed_over(out, MEDIA_TYPES.get(out.suffix[1:], ZIP), out.name)


@contextmanager
def written(name: str) -> Iterator[Path]:
    """Where a file of this name may stand for a while."""
    with tempfile.TemporaryDirectory(prefix="relance-api-") as folder:
        yield Path(folder) / name


def handed_over(path: Path, media_type: str, name: str) -> FileResponse:
    """The file as an answer; it stays readable when its name is gone."""
    return FileResponse(path.open("rb"), as_attachment=True, filename=name.replace("/", "-"), content_type=media_type)
