"""What stands in a mailbox? A real IMAP server on the loopback, into which a test puts what it likes."""

import asyncio
import contextlib
import imaplib
import re
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from imap_tools.imap_utf7 import utf7_encode
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer, ProxyProtocolReader

USER, PASSWORD = "compta@acme.example", "s3cret"


class Plain:
    """Passwords as they are: nobody attacks this server, and a slow hash would be paid at every sign-in."""

    def copy(self, **_kwargs: object) -> "Plain":
        """The same."""
        return self

    def hash(self, value: str) -> str:
        """The password itself."""
        return value

    def verify(self, value: str, digest: str) -> bool:
        """Whether it is the same."""
        return value == digest


class Mailroom:
    """A mailbox with its folders."""

    def __init__(self) -> None:
        self.port = 0

    @contextmanager
    def _open(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=60)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def folder(self, name: str) -> None:
        """Make a folder."""
        with self._open() as client:
            client.create(utf7_encode(name).decode())

    def put(self, message: bytes | EmailMessage, folder: str = "INBOX") -> None:
        """A message arrives."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        with self._open() as client:
            assert client.append(folder, "", imaplib.Time2Internaldate(time.time()), raw)[0] == "OK"

    def messages(self, folder: str = "INBOX") -> list[tuple[str, bytes]]:
        """What stands in a folder: flags and bytes."""
        with self._open() as client:
            client.select(folder, readonly=True)
            found = client.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]
        pairs = [one for one in found if isinstance(one, tuple)]
        return [(re.search(rb"FLAGS \((.*?)\)", head)[1].decode(), body) for head, body in pairs]


@contextmanager
def mailroom() -> Iterator[Mailroom]:
    """A mailbox, until the block ends."""
    room, ready, loop = Mailroom(), threading.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        said = Namespace(host="127.0.0.1", port="0", debug=False, cert=None, key=None, tls=False, passlib_cfg=None)
        said.proxy_protocol = said.inherited_sockets = None
        said.demo_data, said.demo_user, said.demo_password = False, USER, PASSWORD
        backend, config = await DictBackend.init(said, reject_insecure_auth=False, hash_context=Plain(), invalid_user_sleep=0)
        config.apply_context()
        heard = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
        async with await asyncio.start_server(heard, "127.0.0.1", 0) as server:  # on a port of the system's choice, which nobody has
            room.port = server.sockets[0].getsockname()[1]
            ready.set()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(3600)

    def run() -> None:
        asyncio.set_event_loop(loop)
        task = loop.create_task(serve())
        room.stop = lambda: loop.call_soon_threadsafe(task.cancel)
        loop.run_until_complete(task)
        left = asyncio.all_tasks(loop)
        for one in left:
            one.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield room
    finally:
        room.stop()
        thread.join(5)
