"""How are letters handed to a browser? In one file, made in a folder of its own; a PDF opens there, whatever else is kept as a file."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from relance.letters.bundle import in_one
from relance.steps import Refused


class NothingToWrite(Refused):
    """There was no letter."""


def handed_over(name: str, write: Callable[[Path], Any], *, shown: bool = True) -> HttpResponse:
    """What is written under this name; letters that could not go into a file of that format come with it, in an archive.

    A PDF is kept as a file too where it is not ``shown``. Raises NothingToWrite.
    """
    with tempfile.TemporaryDirectory(prefix="relance-") as folder:
        write(Path(folder) / name)
        out = in_one(Path(folder))
        if out is None:
            raise NothingToWrite(_("There is no letter to write."))
        name = Path(name).with_suffix(out.suffix).name
        return FileResponse(out.open("rb"), as_attachment=not shown or out.suffix != ".pdf", filename=name)  # type: ignore[return-value]
