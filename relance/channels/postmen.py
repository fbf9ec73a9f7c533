"""How are many messages handed over at once? Postmen, each with a connection of its own, and one clerk who keeps the book.

A postman touches no database. Before the last byte of a message he asks the clerk, who answers once the mark is committed: many who ask
at the same time wait for one commit. A postman who cannot get in goes home; the others carry on.
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, NamedTuple, Self

from relance.channels import Address, Channel, Outcome, Unreachable, open_channel

_LEAVE = 5.0  # seconds that postmen have to come home when the clerk has been stopped


class Errand(NamedTuple):
    """One message to hand over, named by its key."""

    key: int
    sender: str
    recipients: tuple[str, ...]
    message: bytes


@dataclass(frozen=True, slots=True)
class Asks:
    """Everything of a message has left but its last byte: may that leave too? The postman waits for the answer."""

    key: int
    answer: "SimpleQueue[bool]" = field(default_factory=SimpleQueue)


class Told(NamedTuple):
    """What became of a message; None: it was held back."""

    key: int
    outcome: Outcome | None


class Lost(NamedTuple):
    """A postman could not get in and has gone home; the errand he had, if any, is to be given to another."""

    errand: Errand | None
    why: Unreachable


class Failed(NamedTuple):
    """A fault of the program on a postman's way."""

    error: BaseException


class Word(NamedTuple):
    """What somebody else has to tell the clerk."""

    said: Any


News = Asks | Told | Lost | Failed | Word


class _HeldBack(Exception):
    """The clerk has said no: the message must not be completed."""


class Postmen:
    """At most so many connections to one address, made when there are messages for them, until the block is left."""

    def __init__(self, address: Address, most: int) -> None:
        self._address, self._most = address, most
        self._errands: SimpleQueue[Errand | None] = SimpleQueue()
        self._news: SimpleQueue[News] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lost = 0
        self.dismissed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.dismiss()
        for _ in self._threads:
            self._errands.put(None)
        until = time.monotonic() + (_LEAVE if kind else threading.TIMEOUT_MAX)
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < until:
            for one in self.news(0.02):
                if isinstance(one, Asks):
                    one.answer.put(item=False)

    @property
    def number(self) -> int:
        """How many are at work."""
        return len(self._threads) - self._lost

    def hand_out(self, errand: Errand) -> None:
        """Give an errand to whoever is free; one more postman is engaged as long as there may be more."""
        self._errands.put(errand)
        if len(self._threads) < self._most:
            thread = threading.Thread(target=self._walk, name=f"postman {len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def news(self, patience: float) -> list[News]:
        """What has happened: waits for the first, so many seconds at most. Whatever comes while it is written down is the next news."""
        found: list[News] = []
        with suppress(Empty):
            found.append(self._news.get(timeout=patience))
            while len(found) < 2 * self.number:
                found.append(self._news.get_nowait())
        self._lost += sum(isinstance(one, Lost) for one in found)
        return found

    def tell(self, said: Any) -> None:
        """Somebody who is no postman has news for the clerk."""
        self._news.put(Word(said))

    def dismiss(self) -> None:
        """Nothing more is begun or completed: every errand comes back, told as held back unless its last byte has left already."""
        self.dismissed = True

    def _walk(self) -> None:
        errand: Errand | None = None
        try:
            with open_channel(self._address) as channel:
                while (errand := self._errands.get()) is not None:
                    outcome = None if self.dismissed else self._hand_over(channel, errand)
                    self._news.put(Told(errand.key, outcome))
        except Unreachable as error:
            self._news.put(Lost(errand, error))
        except BaseException as error:  # noqa: BLE001 - told to the clerk, who raises it
            self._news.put(Failed(error))

    def _hand_over(self, channel: Channel, errand: Errand) -> Outcome | None:
        def before_last_byte() -> None:
            asks = Asks(errand.key)
            self._news.put(asks)
            if self.dismissed or not asks.answer.get():
                raise _HeldBack

        try:
            return channel.send(errand.sender, errand.recipients, errand.message, before_last_byte)
        except _HeldBack:
            return None
