"""How is a message handed to a mail server so that we always know whether it can have been accepted?

The whole body is sent but its last line; the caller's mark is committed; only then does the end of the message leave (RFC 5321,
section 4.1.1.4: the server takes responsibility when it answers the final dot, never before).
"""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, unquote

from relance.channels import Outcome, Unreachable

_PORTS = {"smtp": 25, "smtps": 465}


class Smtp:
    """One connection to one mail server, made when it is needed and again after each time the server hangs up."""

    def __init__(self, parts: SplitResult, *, timeout: float) -> None:
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or _PORTS[parts.scheme]
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._timeout = timeout
        self._server: smtplib.SMTP | None = None

    def __repr__(self) -> str:
        return f"Smtp({self._host}:{self._port})"

    def __enter__(self) -> Self:
        self._server = self._connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._server.quit()
            self._drop()

    def send(self, sender: str, recipients: tuple[str, ...], message: bytes, before_last_byte: Callable[[], None]) -> Outcome:
        """Hand a message over; see the port. Raises Unreachable when the server has hung up and cannot be reached again."""
        server = self._server or self._connect()
        self._server = server
        try:
            return self._offer(server, sender, recipients, message, before_last_byte)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            return Outcome("broken", f"the connection to {self._host} was lost before the end of the message: {_words(error)}")
        except BaseException:
            self._drop()  # in the middle of a message: only hanging up keeps the server from accepting it
            raise

    def _offer(
        self, server: smtplib.SMTP, sender: str, recipients: tuple[str, ...], message: bytes, before_last_byte: Callable[[], None]
    ) -> Outcome:
        code, answer = server.mail(sender)
        if code != 250:
            return self._declined(server, code, answer)
        answers = {recipient: server.rcpt(recipient) for recipient in recipients}
        refused = {recipient: _answer(*reply) for recipient, reply in answers.items() if reply[0] not in (250, 251)}
        if len(refused) == len(recipients):
            return self._declined(server, *min(answers.values()), refused)  # the mildest: a temporary refusal is worth another try
        code, answer = server.docmd("DATA")
        if code != 354:
            return self._declined(server, code, answer, refused)
        server.send(_quoted(message))
        before_last_byte()
        return self._conclude(server, refused)

    def _conclude(self, server: smtplib.SMTP, refused: dict[str, str]) -> Outcome:
        """The last bytes, and the answer that decides."""
        try:
            server.send(b".\r\n")
            code, answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            return Outcome("unknown", f"the answer of {self._host} to the end of the message was not heard: {_words(error)}", refused)
        if code == 250:
            return Outcome("accepted", _answer(code, answer), refused)
        if 400 <= code < 600:
            return self._declined(server, code, answer, refused)
        self._drop()
        return Outcome("unknown", f"{self._host} answered the end of the message with {_answer(code, answer)}", refused)

    def _declined(self, server: smtplib.SMTP, code: int, answer: bytes, refused: dict[str, str] | None = None) -> Outcome:
        """The server said no to the message; 421 says that it hangs up."""
        if code == 421 or code == -1:
            self._drop()
        else:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.rset()
        return Outcome("refused" if 500 <= code < 600 else "postponed", _answer(code, answer), refused or {})

    def _connect(self) -> smtplib.SMTP:
        try:
            server = self._greet()
            server.ehlo_or_helo_if_needed()
            if not self._secure and server.has_extn("starttls"):
                server.starttls(context=self._opportunistic())
                server.ehlo_or_helo_if_needed()
            if self._login:
                server.login(*self._login)
        except smtplib.SMTPAuthenticationError as error:
            raise Unreachable(f"{self._host} does not accept the user name or password ({error.smtp_code})") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"the mail server {self._host}:{self._port} cannot be reached: {_words(error)}") from error
        return server

    def _greet(self) -> smtplib.SMTP:
        if self._secure:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=ssl.create_default_context())
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout)

    def _opportunistic(self) -> ssl.SSLContext:
        """A password is only sent to a server whose certificate holds; without one, any encryption is better than none."""
        context = ssl.create_default_context()
        if not self._login:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _quoted(message: bytes) -> bytes:
    """The body as it travels: lines end in CRLF, a leading dot is doubled; the final dot is not there yet."""
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def _answer(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}".strip()


def _words(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
