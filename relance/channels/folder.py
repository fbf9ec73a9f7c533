"""How is a message put into a folder instead of being sent? One file per message, written whole or not at all."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult
from urllib.request import url2pathname

from relance.channels import Outcome, Unreachable


class Folder:
    """A folder of ``.eml`` files named by Message-ID: the same message written twice is one file."""

    def __init__(self, parts: SplitResult) -> None:
        self.path = Path(url2pathname(parts.path))

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unreachable(f"the mail folder {self.path} cannot be made: {error.strerror}") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def send(self, sender: str, recipients: tuple[str, ...], message: bytes, before_last_byte: Callable[[], None]) -> Outcome:
        """Write the message; its last byte is the renaming into place."""
        try:
            draft = self._write(message)
        except OSError as error:
            return Outcome("broken", f"the mail folder {self.path} cannot be written: {error.strerror}")
        try:
            before_last_byte()
            draft.rename(self.path / name_of(message))
        finally:
            draft.unlink(missing_ok=True)
        return Outcome("accepted", "written to the mail folder")

    def _write(self, message: bytes) -> Path:
        handle, name = tempfile.mkstemp(dir=self.path, prefix=".draft-")
        with os.fdopen(handle, "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        return Path(name)


def name_of(message: bytes) -> str:
    """A file name out of the Message-ID, safe on any system."""
    message_id = str(BytesHeaderParser(policy=policy.default).parsebytes(message)["Message-ID"] or hashlib.sha256(message).hexdigest())
    return re.sub(r"[^A-Za-z0-9@._-]", "", message_id)[:200] + ".eml"
