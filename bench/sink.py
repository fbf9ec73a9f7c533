"""What takes the mail of a benchmark? A server in a process of its own that accepts everything and keeps nothing, as fast as Python can.

Like nearly every mail server it listens to several commands at once, which whoever speaks line by line need not know.
``python bench/sink.py`` prints its port, and ends with its standard input.
"""

import asyncio
import sys

_ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Sink(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport, self._rest, self._in_message = transport, b"", False
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each line of the conversation, and the end of each message."""
        self._rest += data
        answers = []
        while True:
            end = b"\r\n.\r\n" if self._in_message else b"\r\n"
            found, separator, rest = self._rest.partition(end)
            if not separator:
                break
            self._rest = rest
            answer = b"250 ok\r\n" if self._in_message else _ANSWERS.get(found[:4].upper(), b"250 ok\r\n")
            self._in_message = answer.startswith(b"354")
            answers.append(answer)
        if answers:
            self._transport.write(b"".join(answers))


async def serve() -> None:
    """Listen on a free port until standard input ends."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
