"""What stands before a mailbox? A door that takes tokens (XOAUTH2) and nothing else, and can hang, or drop whoever is inside.

Behind it is the mailbox of ``mailroom``: what was let in talks to that.
"""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.channels.mailroom import PASSWORD, USER

_REFUSED = base64.b64encode(b'{"status":"400","schemes":"Bearer"}')


class Door:
    """Lets in whoever shows one of these tokens."""

    def __init__(self, behind: int, *takes: str, hangs_at: bytes, drops_at: bytes) -> None:
        self.behind, self.takes, self.hangs_at, self.drops_at = behind, takes, hangs_at, drops_at
        self.shown: list[tuple[str, str]] = []  # user and token
        self.closing = threading.Event()

    def serve(self, client: socket.socket) -> None:
        """One visitor."""
        with suppress(OSError, ValueError), client, socket.create_connection(("127.0.0.1", self.behind)) as room:
            heard, within = client.makefile("rb"), room.makefile("rb")
            client.sendall(within.readline())
            while line := heard.readline():
                tag, said = line.split(b" ", 1)
                if self._stops(said):
                    return
                if said.startswith(b"CAPABILITY"):
                    client.sendall(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n" + tag + b" OK done\r\n")
                elif not said.startswith(b"AUTHENTICATE XOAUTH2"):
                    client.sendall(tag + b" NO tokens only\r\n")
                elif self._is_let_in(client, heard):
                    room.sendall(f"x LOGIN {USER} {PASSWORD}\r\n".encode())
                    while not within.readline().startswith(b"x OK"):
                        pass
                    client.sendall(tag + b" OK come in\r\n")
                    threading.Thread(target=_carry, args=(within, client), daemon=True).start()
                    while (line := heard.readline()) and not self._stops(line.split(b" ", 1)[1]):
                        room.sendall(line)
                    return
                else:
                    client.sendall(tag + b" NO [AUTHENTICATIONFAILED] Invalid credentials\r\n")

    def _is_let_in(self, client: socket.socket, heard: object) -> bool:
        client.sendall(b"+ \r\n")
        said = base64.b64decode(heard.readline()).decode()
        assert said.endswith("\x01\x01"), "as the providers have it"
        parts = dict(part.split("=", 1) for part in said.split("\x01") if "=" in part)
        token = parts["auth"].removeprefix("Bearer ")
        self.shown.append((parts["user"], token))
        if token in self.takes:
            return True
        client.sendall(b"+ " + _REFUSED + b"\r\n")
        heard.readline()
        return False

    def _stops(self, said: bytes) -> bool:
        if self.hangs_at and said.startswith(self.hangs_at):
            self.closing.wait(60)
            return True
        return bool(self.drops_at) and said.startswith(self.drops_at)


def _carry(within: object, client: socket.socket) -> None:
    with suppress(OSError, ValueError):
        while line := within.readline():
            client.sendall(line)


@contextmanager
def mail_door(behind: int, *takes: str, hangs_at: bytes = b"", drops_at: bytes = b"") -> Iterator[tuple[Door, int]]:
    """The door and its port, until the block ends; it hangs, or drops who is there, at a command that begins so."""
    door = Door(behind, *takes, hangs_at=hangs_at, drops_at=drops_at)
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=door.serve, args=(client,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    try:
        yield door, listener.getsockname()[1]
    finally:
        door.closing.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
