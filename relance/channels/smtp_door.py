"""How does one get into a mail server? Connection, greeting, encryption, password or token: all of it, or Unreachable saying what lacks."""

import base64
import contextlib
import ipaddress
import smtplib
import socket
import ssl
from dataclasses import replace
from functools import cached_property
from urllib.parse import unquote

from relance.channels.address import Address
from relance.channels.oauth import Purse
from relance.channels.port import Unreachable

_PORTS = {"smtp": 25, "smtps": 465}


class Door:
    """The way into the server of an address. STARTTLS is used whenever it is offered; ``?starttls=1`` demands it, ``=0`` does without.

    The certificate must hold wherever encryption is demanded or a password is sent. Otherwise any encryption is better than none.
    """

    def __init__(self, address: Address) -> None:
        parts = address.parts
        self._host, self._wish = parts.hostname or "", address.starttls
        if not self._host or parts.path not in ("", "/") or parts.fragment:
            raise Unreachable(
                f"RELANCE_EMAIL_URL: a mail server is written {parts.scheme}://user:password@host:port, "
                "signs such as / # @ in a password as %2F %23 %40, and perhaps ?starttls=1"
            )
        self._secure, self._port, self._timeout = parts.scheme == "smtps", parts.port or _PORTS[parts.scheme], address.timeout
        self._purse = address.purse
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self.place = f"{self._host}:{self._port}"

    def __repr__(self) -> str:
        return f"Door({self.place})"

    def enter(self) -> smtplib.SMTP:
        """A server that has greeted us and let us in. Raises Unreachable."""
        try:
            server = self._greeted()
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"the mail server {self.place} cannot be reached: {words(error)}") from error
        try:
            self._let_in(server)
        except smtplib.SMTPAuthenticationError as error:
            server.close()
            raise Unreachable(self._not_accepted(error)) from None
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            raise Unreachable(f"the mail server {self.place} does not let us in: {words(error)}") from error
        except BaseException:
            server.close()
            raise
        return server

    def _greeted(self) -> smtplib.SMTP:
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=self._encryption)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        if server.sock:  # else the last line, which leaves alone, would wait for the server's word on what went before: 40 ms a message
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server

    def _let_in(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if not self._secure and self._wish is not False and (self._wish or server.has_extn("starttls")):
            server.starttls(context=self._encryption)
            server.ehlo_or_helo_if_needed()
        if self._login:
            if not isinstance(server.sock, ssl.SSLSocket) and self._wish is None and not _is_this_machine(self._host):
                raise Unreachable(
                    f"the mail server {self.place} offers no encryption, so the password is not sent (?starttls=0 sends it all the same)"
                )
            if self._purse:
                self._show_token(server, self._login[0], self._purse)
            else:
                self._show_password(server, *self._login)

    def _show_token(self, server: smtplib.SMTP, user: str, purse: Purse) -> None:
        """XOAUTH2, as Google and Microsoft speak it; a token that is refused is replaced once."""
        if not server.has_extn("auth") or "XOAUTH2" not in server.esmtp_features["auth"].upper().split():
            raise Unreachable(f"the mail server {self.place} takes no tokens (XOAUTH2)")
        token = purse.token()
        code, answer = _show(server, user, token)
        if code == 535:
            code, answer = _show(server, user, purse.token(refused=token))
        if code != 235:
            raise smtplib.SMTPAuthenticationError(code, answer)

    def _not_accepted(self, error: smtplib.SMTPAuthenticationError) -> str:
        """Why we are not let in, as far as the server's answer tells more than that."""
        said = answered(error.smtp_code, error.smtp_error)
        if "5.7.139" in said or "basic authentication is disabled" in said.lower() or "SmtpClientAuthentication is disabled" in said:
            return (
                f"the mail server {self.place} takes no passwords any more ({error.smtp_code}): Microsoft 365 has switched basic "
                "authentication off, or SMTP AUTH is not allowed for this mailbox; sign in with OAuth2"
            )
        if "5.7.9" in said or "application-specific password" in said.lower():
            return f"the mail server {self.place} wants a password made for applications, or OAuth2 ({error.smtp_code})"
        if self._purse:
            return f"the mail server {self.place} does not accept the token ({error.smtp_code}): may the application send for this mailbox?"
        return f"the mail server {self.place} does not accept the user name or password ({error.smtp_code})"

    def _show_password(self, server: smtplib.SMTP, user: str, password: str) -> None:
        try:
            code, answer = server.login(user, password)
        except UnicodeError:  # its own words would show the password
            raise Unreachable(f"the user name or password for {self.place} cannot be told to the server: only ASCII can") from None
        if code != 235:  # 503, "already authenticated", is nobody's welcome here
            raise smtplib.SMTPAuthenticationError(code, answer)

    @cached_property
    def _encryption(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not (self._secure or self._wish or self._login):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def knock(address: Address, sender: str, timeout: float) -> str:
    """Get in and name the sender, then leave: why the sender is refused, empty where it is not. Nothing is sent. Raises Unreachable."""
    door = Door(replace(address, timeout=timeout))
    server = door.enter()
    try:
        code, answer = server.mail(sender) if sender else (250, b"")
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.rset()
            server.quit()
    except (smtplib.SMTPException, OSError) as error:
        return f"the mail server {door.place} hung up when the sender was named: {words(error)}"
    finally:
        server.close()
    return "" if code == 250 else f"the mail server {door.place} does not let {sender} send: {answered(code, answer)}"


def words(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        return answered(error.smtp_code, error.smtp_error)
    if isinstance(error, socket.gaierror):
        return "no server has this name; is it spelt right?"
    if isinstance(error, ssl.SSLError) and "WRONG_VERSION_NUMBER" in str(error):
        return "it does not speak TLS from the first byte on this port; perhaps STARTTLS, on port 587"
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())


def answered(code: int, text: bytes | str) -> str:
    """A server's answer, in one line."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(f"{code} {said}".split()) if code > 0 else "words that are not SMTP"


def _show(server: smtplib.SMTP, user: str, token: str) -> tuple[int, bytes]:
    """The server's answer to a token; its explanation of a refusal must be answered before it refuses."""
    shown = base64.b64encode(f"user={user}\x01auth=Bearer {token}\x01\x01".encode()).decode()
    code, answer = server.docmd("AUTH", f"XOAUTH2 {shown}")
    return server.docmd("") if code == 334 else (code, answer)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
