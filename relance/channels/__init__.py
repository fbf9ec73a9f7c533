"""By what does a message leave? One table of all channels, and the narrow port behind which each of them stands.

A channel hands one message over and says what became of it. The caller commits a mark in ``before_last_byte``: until then nothing
can have been accepted, so a message that broke before it may be offered again; after it, silence is ``unknown`` and only a person can tell.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Protocol, Self
from urllib.parse import urlsplit

Kind = Literal["accepted", "refused", "postponed", "broken", "unknown"]


class Unreachable(Exception):  # noqa: N818 - it is what the server is
    """The server cannot be reached, does not greet, or does not let us in; the text says which, never with a password."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: ``text`` is the server's word; ``refused`` names the recipients it did not take, each with why."""

    kind: Kind
    text: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """Sends messages one after the other until it is closed."""

    def send(self, sender: str, recipients: tuple[str, ...], message: bytes, before_last_byte: Callable[[], None]) -> Outcome:
        """Hand a message over. What ``before_last_byte`` raises is raised, and the message is not completed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


def open_channel(url: str, *, timeout: float = 60.0) -> Channel:
    """The channel of an address: ``smtp://user:password@host:port``, ``smtps://…``, or ``file:///folder``.

    Raises Unreachable when it cannot be used at all; ValueError for an address of no known kind.
    """
    from relance.channels import folder, smtp  # they import the port above

    parts = urlsplit(url)
    kinds: dict[str, Callable[[], Channel]] = {
        "smtp": lambda: smtp.Smtp(parts, timeout=timeout),
        "smtps": lambda: smtp.Smtp(parts, timeout=timeout),
        "file": lambda: folder.Folder(parts),
    }
    if parts.scheme not in kinds:
        raise ValueError(f'RELANCE_EMAIL_URL: no channel "{parts.scheme}:"; there are smtp:, smtps: and file:')
    return kinds[parts.scheme]()
