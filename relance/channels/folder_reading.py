"""What has been put into the mail folder? Its messages, the newest first, each by the name of its file."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from typing import NamedTuple

_NAME = re.compile(r"[A-Za-z0-9@_-][A-Za-z0-9@._-]{0,203}\.eml", re.ASCII)  # as ``folder.name_of`` makes them


class Kept(NamedTuple):
    """One message of the folder, by its head."""

    name: str
    at: datetime
    subject: str
    to: str


def kept_messages(folder: Path, start: int, count: int) -> tuple[list[Kept], bool]:
    """So many messages behind the first ``start``, the newest first, and whether there are more. Only their heads are read."""
    files = [(entry.stat().st_mtime, entry.name) for entry in _entries(folder)]
    files.sort(reverse=True)
    shown = files[start : start + count]
    return [_kept(folder, name, at) for at, name in shown], len(files) > start + count


def count_messages(folder: Path) -> int:
    """How many messages there are."""
    return len(_entries(folder))


def kept_message(folder: Path, name: str) -> bytes | None:
    """The message in a file of this name; None where there is none, or where no message is called so."""
    path = folder / name
    return path.read_bytes() if _NAME.fullmatch(name) and path.is_file() and not path.is_symlink() else None


def _entries(folder: Path) -> list[Path]:
    return [one for one in folder.iterdir() if _NAME.fullmatch(one.name) and one.is_file()] if folder.is_dir() else []


def _kept(folder: Path, name: str, at: float) -> Kept:
    with (folder / name).open("rb") as file:
        head = BytesHeaderParser(policy=default).parse(file)
    return Kept(name, datetime.fromtimestamp(at, UTC), str(head["Subject"] or ""), recipients(head))


def recipients(head: EmailMessage) -> str:
    """Whom a message goes to, openly: addresses and commas."""
    found: list[Mailbox] = [one for field in ("To", "Cc") for header in head.get_all(field, []) for one in header.addresses]
    return ", ".join(one.addr_spec for one in found)
