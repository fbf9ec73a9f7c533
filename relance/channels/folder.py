"""How is a message put into a folder instead of being sent? One file per message, written whole or not at all."""

import contextlib
import hashlib
import os
import re
import tempfile
from email.parser import BytesHeaderParser
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.request import url2pathname

from relance.channels.address import Address
from relance.channels.port import Mark, Outcome, Unreachable


class Folder:
    """A folder of ``.eml`` files named by Message-ID: the same message written twice is one file."""

    def __init__(self, address: Address) -> None:
        parts = address.parts
        if parts.netloc not in ("", "localhost") or not parts.path:
            raise Unreachable("RELANCE_EMAIL_URL: a folder is written file:///path/of/the/folder")
        self.path = Path(url2pathname(parts.path))

    def __repr__(self) -> str:
        return f"Folder({self.path})"

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"the mail folder {self.path} cannot be made: {error.strerror}") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def send(self, _sender: str, _recipients: tuple[str, ...], message: bytes, before_last_byte: Mark) -> Outcome:
        """Write the message, unchanged; its last byte is the renaming into place."""
        draft: Path | None = None
        try:
            draft = self._write(message)
            before_last_byte()
            return self._conclude(draft, message)
        except _Unwritten as error:
            return Outcome("broken", f"the mail folder {self.path} cannot be written: {error}")
        finally:
            if draft:
                draft.unlink(missing_ok=True)

    def _write(self, message: bytes) -> Path:
        try:
            handle, name = tempfile.mkstemp(dir=self.path, prefix=".draft-")
            with os.fdopen(handle, "wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _Unwritten(error.strerror) from error
        return Path(name)

    def _conclude(self, draft: Path, message: bytes) -> Outcome:
        """Rename the draft; the folder remembers the name across a power cut, where the system lets one ask for that."""
        try:
            draft.replace(self.path / name_of(message))
        except OSError as error:
            raise _Unwritten(error.strerror) from error
        with contextlib.suppress(OSError):
            folder = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return Outcome("accepted", "written to the mail folder")


class _Unwritten(Exception):
    """The folder did not take the file; apart from what the caller's mark raises."""


def name_of(message: bytes) -> str:
    """A file name out of the Message-ID, safe on any system."""
    message_id = BytesHeaderParser().parsebytes(message)["Message-ID"]
    return re.sub(r"[^A-Za-z0-9@._-]", "", str(message_id or hashlib.sha256(message).hexdigest())).lstrip(".")[:200] + ".eml"
