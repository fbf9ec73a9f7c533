"""How is a message handed to a mail server so that we always know whether it can have been accepted?

The whole body is sent but its last line; the caller's mark is committed; only then does the end of the message leave (RFC 5321,
section 4.1.1.4: the server takes responsibility when it answers the final dot, never before). Who writes to whom is said in one breath
where the server listens to that (PIPELINING, RFC 2920), as nearly all do.
"""

import contextlib
import re
import selectors
import smtplib
import ssl
from smtplib import quoteaddr
from types import TracebackType
from typing import Self

from relance.channels.address import Address
from relance.channels.port import Mark, Outcome
from relance.channels.smtp_door import Door, answered, words

PATIENCE = 10  # times the timeout: RFC 5321 (4.5.3.2.6) gives a server ten minutes to answer the end of a message
_LOST = (smtplib.SMTPException, OSError)
_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)  # one system call, where the default takes four
_Reply = tuple[int, bytes]
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Smtp:
    """One connection to one mail server, made when it is entered and again after each time the server hangs up."""

    def __init__(self, address: Address) -> None:
        self._door = Door(address)
        self._timeout = address.timeout
        self._server: smtplib.SMTP | None = None

    def __repr__(self) -> str:
        return f"Smtp({self._door.place})"

    def __enter__(self) -> Self:
        self._server = self._door.enter()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()

    def send(self, sender: str, recipients: tuple[str, ...], message: bytes, before_last_byte: Mark) -> Outcome:
        """Hand a message over; see the port. Raises Unreachable when the server has hung up and cannot be reached again."""
        try:
            try:
                server, refused = self._offer(sender, recipients, message)
            except _Declined as no:
                return self._declined(no)
            except _LOST as error:
                self._drop()
                return Outcome("broken", f"the connection to {self._door.place} was lost before the end of the message: {words(error)}")
            before_last_byte()
            return self._conclude(server, refused)
        except BaseException:
            self._drop()  # in the middle of a message: only hanging up keeps the server from accepting it
            raise

    def _offer(self, sender: str, recipients: tuple[str, ...], message: bytes) -> tuple[smtplib.SMTP, dict[str, str]]:
        """Everything but the end of the message; the recipients that were refused, each with why."""
        server, answers = self._address(sender, recipients)
        code, answer = answers[-1]
        refused = {one: reply for one, reply in zip(recipients, answers, strict=False) if reply[0] not in (250, 251, 252)}
        said = {recipient: answered(*reply) for recipient, reply in refused.items()}
        if len(refused) == len(recipients):  # the mildest of the answers speaks: one that is temporary is worth another try
            if code == 354:
                self._drop()  # it would take the message, for nobody
            raise _Declined(*min(refused.values()), said)
        if code != 354:
            raise _Declined(code, answer, said)
        server.send(quoted(message))
        if _has_spoken(server):
            code, answer = server.getreply()
            self._drop()
            raise _Declined(code, answer, said)
        return server, said

    def _address(self, sender: str, recipients: tuple[str, ...]) -> tuple[smtplib.SMTP, list[_Reply]]:
        """A server that takes a message of this sender, with its answers to each recipient and, last, to that the message follows.

        One that hung up after the message before is gone to again, once.
        """
        commands = [f"MAIL FROM:{quoteaddr(sender)}", *(f"RCPT TO:{quoteaddr(one)}" for one in recipients), "DATA"]
        if self._server:
            with contextlib.suppress(*_LOST):
                said, *others = _told(self._server, commands)
                if said[0] != 421:
                    return self._server, self._welcome(said, others)
            self._drop()
        self._server = self._door.enter()
        said, *others = _told(self._server, commands)
        return self._server, self._welcome(said, others)

    def _welcome(self, said: _Reply, others: list[_Reply]) -> list[_Reply]:
        """The other answers, where the sender is taken."""
        if said[0] == 250:
            return others
        if others and others[-1][0] == 354:
            self._drop()
        raise _Declined(*said, {})

    def _conclude(self, server: smtplib.SMTP, refused: dict[str, str]) -> Outcome:
        """The last bytes, and the answer that decides."""
        try:
            if server.sock:
                server.sock.settimeout(self._timeout * PATIENCE)
            server.send(b".\r\n")
            code, answer = server.getreply()
            if server.sock:
                server.sock.settimeout(self._timeout)
        except _LOST as error:
            self._drop()
            return Outcome("unknown", f"the answer of {self._door.place} to the end of the message was not heard: {words(error)}", refused)
        if 200 <= code < 300:
            return Outcome("accepted", answered(code, answer), refused)
        if 400 <= code < 600:
            return self._declined(_Declined(code, answer, refused))
        self._drop()
        return Outcome("unknown", f"{self._door.place} answered the end of the message with {answered(code, answer)}", refused)

    def _declined(self, no: "_Declined") -> Outcome:
        """The server said no to the message. After "not now" the next try is a new connection: some limit what one may carry."""
        for_good = 500 <= no.code < 600
        try:
            if not for_good or not self._server or self._server.rset()[0] != 250:
                self._leave()
        except _LOST:
            self._drop()
        return Outcome("refused" if for_good else "postponed", answered(no.code, no.answer), no.refused)

    def _leave(self) -> None:
        """Take leave of the server, as far as it listens."""
        if self._server:
            with contextlib.suppress(*_LOST):
                self._server.quit()
        self._drop()

    def _drop(self) -> None:
        if self._server:
            self._server.close()
            self._server = None


class _Declined(Exception):
    """The server does not take the message: its answer, and the recipients that it had refused."""

    def __init__(self, code: int, answer: bytes, refused: dict[str, str]) -> None:
        super().__init__(code, answer)
        self.code, self.answer, self.refused = code, answer, refused


def _told(server: smtplib.SMTP, commands: list[str]) -> list[_Reply]:
    """The answers to commands, said in one breath where the server listens to that; else none after one that ends the matter.

    Raises what the loss of the connection raises, unless the server had said that it would hang up.
    """
    if not server.has_extn("pipelining"):
        return _told_in_turn(server, commands)
    if any(sign in command for command in commands for sign in "\r\n"):
        raise ValueError("a line break in an address")  # as smtplib says of a single command
    server.send("".join(f"{command}\r\n" for command in commands))
    answers: list[_Reply] = []
    try:
        for _ in commands:
            answers.append(server.getreply())  # noqa: PERF401 - what was heard before the connection is lost counts
    except _LOST:
        if not answers or answers[-1][0] != 421:
            raise
        answers += [answers[-1]] * (len(commands) - len(answers))
    return answers


def _told_in_turn(server: smtplib.SMTP, commands: list[str]) -> list[_Reply]:
    mail, *recipients, data = commands
    answers = [server.docmd(mail)]
    if answers[0][0] == 250:
        answers += [server.docmd(one) for one in recipients]
        none = all(code not in (250, 251, 252) for code, _ in answers[1:])
        answers.append(answers[-1] if none else server.docmd(data))
    return answers


def _has_spoken(server: smtplib.SMTP) -> bool:
    """Whether the server has answered or hung up in the middle of the message. Under encryption that cannot be seen from outside."""
    if server.sock is None or isinstance(server.sock, ssl.SSLSocket):
        return False
    with _Selector() as selector:
        selector.register(server.sock, selectors.EVENT_READ)
        return bool(selector.select(timeout=0))


def quoted(message: bytes) -> bytes:
    """The body as it travels: lines end in CRLF, a leading dot is doubled; the final dot is not there yet."""
    if message.endswith(b"\r\n") and not message.startswith(b".") and b"\r\n." not in message:
        ends = message.count(b"\r\n")
        if ends == message.count(b"\n") == message.count(b"\r"):
            return message  # as ours are, nearly always
    lines = _LINE_END.split(message)
    if not lines[-1]:
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)
