"""What does every channel promise? The narrow port behind which each of them stands.

A channel hands one message over and says what became of it. The caller commits a mark in ``before_last_byte``: until then nothing
can have been accepted, so a message that broke before it may be offered again; after it, silence is ``unknown`` and only a person can tell.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Protocol, Self

Kind = Literal["accepted", "refused", "postponed", "broken", "unknown"]
Mark = Callable[[], None]


class Unreachable(Exception):
    """The channel cannot be used: a wrong address, no connection, no greeting, not let in. The text says which, never with a password."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: ``text`` is the other side's word; ``refused`` names the recipients it did not take, each with why.

    accepted: taken for all recipients but those refused. refused: declined for good. postponed: declined for now, or by a server out
    of order. broken: the way was lost before anything can have been accepted. unknown: the end left, and no answer was understood.
    """

    kind: Kind
    text: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


class Channel(Protocol):
    """Sends messages one after the other until it is closed."""

    def send(self, sender: str, recipients: tuple[str, ...], message: bytes, before_last_byte: Mark) -> Outcome:
        """Hand a message over. What ``before_last_byte`` raises is raised, and the message is not completed. Raises Unreachable."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...
