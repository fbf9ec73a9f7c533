"""At which address is a file that pages need? At one that changes with its content, so that browsers may keep it."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class Marked(StaticFilesStorage):
    """Static files where they stand, each address with a mark of its content."""

    def url(self, name: str | None) -> str:
        """The address of a file."""
        address = super().url(name)
        return f"{address}?{_mark(name)}" if name else address


@cache
def _mark(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8] if isinstance(found, str) else ""
