"""How does a file come in by a call, and go out? As the body, read as a file; as the answer, from one that is deleted once it is sent."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.http import FileResponse

from relance.api.access import Called


def as_file(request: Called, name: str, read: Callable[[Path], Any]) -> Any:
    """What was sent, as the file that the steps read."""
    with written(name) as path:
        path.write_bytes(request.body)
        return read(path)


@contextmanager
def written(name: str) -> Iterator[Path]:
    """Where a file of this name may stand for a while."""
    with tempfile.TemporaryDirectory(prefix="relance-api-") as folder:
        yield Path(folder) / name


def handed_over(path: Path, media_type: str, name: str) -> FileResponse:
    """The file as an answer; it stays readable when its name is gone."""
    return FileResponse(path.open("rb"), as_attachment=True, filename=name.replace("/", "-"), content_type=media_type)
