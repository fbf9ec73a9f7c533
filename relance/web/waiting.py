"""Where does an uploaded file wait between being looked at and being applied? In the data folder, under its SHA-256, for a day."""

import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from relance.models.company import Company

_A_DAY = 86_400  # seconds
_LONGEST_NAME = 80  # letters, four bytes each at most: file systems take 255 bytes
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def keep(company: Company, upload: UploadedFile) -> str:
    """Write the file piece by piece, whatever its size; return the SHA-256 by which it is found again. Files of yesterday go."""
    forget_old()
    folder = _folder(company)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".draft-", delete=False) as draft:
        for chunk in upload.chunks():
            digest.update(chunk)
            draft.write(chunk)
    forget(company, digest.hexdigest())
    place = folder / digest.hexdigest()
    place.mkdir(exist_ok=True)
    Path(draft.name).replace(place / _name(upload.name or ""))
    return digest.hexdigest()


def waiting(company: Company, sha256: str) -> Path | None:
    """The file that waits under this SHA-256, by the name that it came with."""
    if not _SHA256.fullmatch(sha256):
        return None
    return next(iter(sorted(_files(_folder(company) / sha256))), None)


def forget(company: Company, sha256: str) -> None:
    """Let a file go that was applied, or is not wanted."""
    if _SHA256.fullmatch(sha256):
        shutil.rmtree(_folder(company) / sha256, ignore_errors=True)


def forget_old() -> None:
    """Let go of what has waited for more than a day, of every company: the files hold personal data."""
    for place in (settings.RELANCE_HOME / "uploads").glob("*/*"):
        with suppress(FileNotFoundError):  # somebody else lets go of it at the same time
            if place.stat().st_mtime < time.time() - _A_DAY:
                shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink()


def _folder(company: Company) -> Path:
    return Path(settings.RELANCE_HOME) / "uploads" / str(company.pk)


def _files(place: Path) -> Iterator[Path]:
    return place.iterdir() if place.is_dir() else iter(())


def _name(said: str) -> str:
    """The name the file came with, as any file system takes it."""
    stem, dot, suffix = said.rpartition(".")
    shown = "".join(letter if letter.isprintable() and letter not in "/\\:" else "_" for letter in stem or suffix)
    return (shown[:_LONGEST_NAME] + (dot + suffix[:8] if stem else "")).lstrip(".") or "file"
