"""What does a mail server do to us? A real SMTP server on the loopback that accepts, refuses, or hangs up without a word."""

import email
import email.policy
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from aiosmtpd.controller import Controller

ACCEPTED = "250 Message accepted for delivery"


class PostOffice:
    """Accepts messages and keeps them; some addresses are refused, some make it hang up after the message."""

    def __init__(self) -> None:
        self.refused: set[str] = set()  # refused at RCPT
        self.rejected: set[str] = set()  # refused after the message was read
        self.mute: set[str] = set()  # the message is kept, and the line cut without an answer
        self.before_answer: Callable[[int], None] = lambda _count: None
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.lock = threading.Lock()
        self.url = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (the server calls it by this name)
        """Answer whether an address is known."""
        if address in self.refused:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        """Take a whole message."""
        if self.rejected & set(envelope.rcpt_tos):
            return "554 5.7.1 Message refused"
        with self.lock:
            self.received.append((list(envelope.rcpt_tos), email.message_from_bytes(envelope.content, policy=email.policy.default)))
            count = len(self.received)
        if self.mute & set(envelope.rcpt_tos):
            server.transport.abort()
        self.before_answer(count)
        return ACCEPTED

    def addresses(self) -> Counter[str]:
        """How many messages each address received."""
        with self.lock:
            return Counter(address for recipients, _ in self.received for address in recipients)

    def message_ids(self) -> Counter[str]:
        """How many times each Message-ID was received."""
        with self.lock:
            return Counter(str(message["Message-ID"]) for _, message in self.received)


class Office(Controller):
    """Listens on a port that it has taken itself, and is patient on a slow machine: the library gives itself a second to begin."""

    def __init__(self, handler: object, **said: object) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, hostname="127.0.0.1", port=self._door.getsockname()[1], ready_timeout=60, **said)

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self._door, ssl=self.ssl_context)

    def _trigger_server(self) -> None:
        for _ in range(60):
            with suppress(TimeoutError):
                return super()._trigger_server()
        raise TimeoutError


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """A post office on a free port of the loopback, until the block ends."""
    office = PostOffice()
    controller = Office(office)
    controller.start()
    office.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield office
    finally:
        time.sleep(0.05)
        controller.stop()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else can take until the block ends."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        yield int(door.getsockname()[1])
