"""How is a mailbox looked into without leaving a trace? Over IMAP, read-only: nothing of it is marked as read, moved or taken away.

The one thing ever written is a draft, where somebody asks for it.
"""

import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from email.message import Message
from types import TracebackType
from typing import Any, NamedTuple, Self

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from relance.channels.oauth import Purse
from relance.channels.port import Unreachable
from relance.channels.smtp_door import words
from relance.core.messaging import Account

_AT_ONCE = 50  # headers asked for at a time
_MOST_NAMED = 20  # folders that are named, where one is not there
_SENT = ("sent", "sent items", "sent messages", "sent mail", "éléments envoyés", "messages envoyés", "envoyés", "gesendet")
_DRAFTS = ("drafts", "draft", "brouillons", "entwürfe")


class Letter(NamedTuple):
    """A message in a folder: its number there, and its headers."""

    uid: int
    head: Message


class Mailbox:
    """A mailbox, open as long as it is entered."""

    def __init__(self, account: Account, timeout: float = 30.0) -> None:
        if account.problem:
            raise Unreachable(account.problem)
        self._account, self._timeout = account, timeout
        self._purse = Purse(account.grant, account.tokens) if account.grant else None
        self.place = f"{account.host}:{account.port}"
        self._box: BaseMailBox | None = None

    def __repr__(self) -> str:
        return f"Mailbox({self.place})"

    def __enter__(self) -> Self:
        with self._told("cannot be reached"):
            self._box = self._connected()
        try:
            self._let_in(self._box)
        except BaseException as error:
            self.__exit__(type(error), error, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:  # else it may not listen any more, and would be waited for once more
            with suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
                self._open.logout()
        with suppress(OSError):
            self._open.client.shutdown()

    def look_into(self, folder: str) -> int:
        """Open a folder for reading; the number that stands for its numbering (UIDVALIDITY). Raises Unreachable."""
        with self._told("does not open the folder", folder):
            self._open.folder.set(folder, readonly=True)
            answer = self._open.client.response("UIDVALIDITY")[1]
            return int(answer[0]) if answer and answer[0] else 0

    def newer(self, after: int, since: date) -> list[int]:
        """The numbers of the messages after that one, of the open folder; from the first on, only those that came since a day."""
        with self._told("cannot be searched"):
            asked = f"UID {after + 1}:*" if after else f"SINCE {_imap_day(since)}"
            return sorted(uid for uid in map(int, self._open.uids(asked)) if uid > after)

    def heads(self, uids: Iterable[int]) -> Iterator[Letter]:
        """Their headers."""
        wanted = [str(uid) for uid in uids]
        with self._told("cannot be read"):
            for start in range(0, len(wanted), _AT_ONCE):
                some = self._open.fetch(uid_list=wanted[start : start + _AT_ONCE], mark_seen=False, headers_only=True, bulk=True)
                yield from (Letter(int(one.uid), one.obj) for one in some if one.uid)

    def whole(self, uid: int) -> bytes:
        """A whole message."""
        with self._told("cannot be read"):
            found = next(iter(self._open.fetch(uid_list=[str(uid)], mark_seen=False)), None)
            return found.obj.as_bytes() if found else b""

    def holding(self, header: str, value: str) -> list[int]:
        """The messages of the open folder that have a header of this value."""
        if not re.fullmatch(r"[!#-\[\]-~]+", value):
            return []
        with self._told("cannot be searched"):
            return [int(uid) for uid in self._open.uids(f'HEADER {header} "{value}"')]

    def folder(self, mark: str, wish: str) -> str:
        r"""The folder that the user names, else that the server marks (``\Sent``, ``\Drafts``), else that is called so; empty if none."""
        if wish:
            return wish
        with self._told("does not tell its folders"):
            folders = self._open.folder.list()
        marked = next((one.name for one in folders if mark.lower() in map(str.lower, one.flags)), "")
        names = _SENT if mark == r"\Sent" else _DRAFTS
        return marked or next((one.name for one in folders if re.split(r"[./]", one.name)[-1].lower() in names), "")

    def put_draft(self, folder: str, message: bytes) -> None:
        """Add a message that is still to be sent. Raises Unreachable."""
        with self._told("takes no draft", folder):
            self._open.append(message, folder, flag_set=[r"\Draft", r"\Seen"])

    @property
    def _open(self) -> BaseMailBox:
        assert self._box is not None, "a mailbox is entered before it is looked into"
        return self._box

    def _connected(self) -> BaseMailBox:
        host, port = self._account.host, self._account.port
        if self._account.security == "tls":
            return MailBox(host, port, timeout=self._timeout, ssl_context=ssl.create_default_context())
        if self._account.security == "starttls":
            return MailBoxStartTls(host, port, timeout=self._timeout, ssl_context=ssl.create_default_context())
        return MailBoxUnencrypted(host, port, timeout=self._timeout)

    def _let_in(self, box: BaseMailBox) -> None:
        account = self._account
        try:
            if self._purse:
                self._show_token(box, self._purse)
            elif account.user:
                box.login(account.user, account.password, initial_folder=None)
        except imaplib.IMAP4.abort:
            raise Unreachable(f"the mailbox {self.place} does not let us in: it has hung up") from None
        except (imaplib.IMAP4.error, ImapToolsError):
            raise Unreachable(
                f"the mailbox {self.place} does not accept the {'token' if self._purse else 'user name or password'}"
            ) from None
        except UnicodeError:
            raise Unreachable(f"the user name or password for {self.place} cannot be told to the server: only ASCII can") from None
        except OSError as error:
            raise Unreachable(f"the mailbox {self.place} does not let us in: {words(error)}") from None

    def _show_token(self, box: BaseMailBox, purse: Purse) -> None:
        """A token that is refused is replaced once."""
        token = purse.token()
        try:
            box.xoauth2(self._account.user, token, initial_folder=None)
        except imaplib.IMAP4.abort:  # it is gone: no other token brings it back
            raise
        except (imaplib.IMAP4.error, ImapToolsError):
            box.xoauth2(self._account.user, purse.token(refused=token), initial_folder=None)

    @contextmanager
    def _told(self, what: str, folder: str = "") -> Iterator[Any]:
        """Whatever goes wrong with the server is said as such."""
        try:
            yield
        except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError, IndexError) as error:
            if folder and isinstance(error, ImapToolsError) and (others := self._others_than(folder)):
                raise Unreachable(f'the mailbox {self.place} has no folder "{folder}"; there is {others}') from None
            if isinstance(error, imaplib.IMAP4.abort):
                said = "it has hung up"
            else:
                said = words(error) if isinstance(error, OSError) else " ".join(str(error).split())[:200]
            said = f"{folder}: {said}" if folder else said
            raise Unreachable(f"the mailbox {self.place} {what}: {said}") from None

    def _others_than(self, folder: str) -> str:
        """The folders that can be opened, where this one is not among all there are; empty where it is, or none are told."""
        try:
            there = self._open.folder.list()
        except (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError, IndexError):
            return ""
        if folder in (one.name for one in there) or folder.upper() == "INBOX":
            return ""
        names = sorted(one.name for one in there if r"\noselect" not in map(str.lower, one.flags))
        return ", ".join(names[:_MOST_NAMED]) + (", …" if len(names) > _MOST_NAMED else "")


def _imap_day(on: date) -> str:
    """A date as IMAP writes it, whatever the language of this machine."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{on.day}-{months[on.month - 1]}-{on.year}"
