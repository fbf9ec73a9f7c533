"""What can a mail server do to us? One that speaks SMTP line by line and does, at any point, whatever a test tells it to."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HANG, HANG_UP = "hang", "hang up"
USUAL = {"GREETING": "220 ready", "EHLO": "250 hostile", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "END": "250 queued"}
USUAL |= {"BODY": "", "RSET": "250 ok", "QUIT": "221 bye", "AUTH": "235 welcome", "STARTTLS": "220 go on"}


class Hostile:
    """Answers a verb as ``answers`` says: a text, HANG, HANG_UP, a function that returns one, or several in turn, the last for good."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = USUAL | {verb: list(said) if isinstance(said, list) else said for verb, said in answers.items()}
        self.connections = 0
        self.verbs: list[str] = []
        self.bodies: list[bytes] = []  # as they travelled, each up to its end
        self.body = b""  # what has come of the message that is on its way
        self.ended = 0  # how many ends of a message were read
        self._here = threading.local()  # what was said last on a connection
        self._stop = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Stop listening and hang up."""
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)

    def wait_for_body(self, part: bytes) -> None:
        """Return when this part of a message has been read."""
        for _ in range(6000):
            if part in self.body:
                return
            self._stop.wait(0.01)
        raise AssertionError(f"{part!r} never came")

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines, contextlib.suppress(OSError):
            connection.settimeout(60)
            going_on = self._answer(connection, "GREETING")
            while going_on and (line := lines.readline()):
                verb = line.split()[0].decode().upper()
                self.verbs.append(verb)
                going_on = self._answer(connection, verb)
                if verb == "DATA" and going_on and self._here.said.startswith("354"):
                    going_on = self._read_message(connection, lines)

    def _read_message(self, connection: socket.socket, lines: Any) -> bool:
        body = b""
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return False
            body += line
            self.body = body
            if self.answers["BODY"] and not self._answer(connection, "BODY"):
                return False
        self.ended += 1
        self.bodies.append(body)
        return self._answer(connection, "END")

    def _answer(self, connection: socket.socket, verb: str) -> bool:
        """Whether the conversation goes on."""
        answer = self.answers.get(verb, "500 what?")
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        answer = answer() if callable(answer) else answer
        self._here.said = answer
        if answer == HANG:
            self._stop.wait(60)
        if answer in (HANG, HANG_UP):
            return False
        if answer:
            connection.sendall(answer.replace("\n", "\r\n").encode() + b"\r\n")
        return not answer.startswith("421")


@contextmanager
def hostile(**answers: Any) -> Iterator[Hostile]:
    """A server on the loopback, until the block ends."""
    server = Hostile(answers)
    try:
        yield server
    finally:
        server.close()
