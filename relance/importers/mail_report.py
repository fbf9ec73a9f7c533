"""What does a message say that a machine wrote about one of ours? Not delivered, delayed, delivered, or an answer without a reader.

Delivery status notifications by RFC 3464, other bounces as ``flufl.bounce`` knows them, automatic replies by RFC 3834.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import NamedTuple

_IDS = re.compile(r"<[^<>\s@]+@[^<>\s]+>")
_MACHINES = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|maildaemon|no-?reply-bounce|mdaemon)@?", re.IGNORECASE)
_KINDS = {"failed": "bounced", "delayed": "delayed", "delivered": "delivered", "relayed": "delivered", "expanded": "delivered"}
_WORST = ("bounced", "delayed", "delivered")
_LONGEST = 500  # characters of what a server said that are kept
_MOST_TEXT = 200_000  # characters that are searched for Message-IDs


class Report(NamedTuple):
    """What a report says: about which messages (any of these Message-IDs), for which addresses, and why."""

    kind: str  # bounced, delayed, delivered, auto_reply
    about: tuple[str, ...]
    recipients: tuple[str, ...] = ()
    status: str = ""  # 5.1.1
    text: str = ""  # what the server said
    subject: str = ""


def may_be_one(head: Message) -> bool:
    """Whether the headers are those of such a message: only then is the rest of it read at all."""
    return (
        head.get_content_type() in ("multipart/report", "message/delivery-status")
        or bool(_MACHINES.match(parseaddr(str(head.get("From", "")))[1]))
        or str(head.get("Return-Path", "")).strip() == "<>"
        or _is_automatic(head)
    )


def read_report(raw: bytes) -> Report | None:
    """The report in a message; None where it is none."""
    message = message_from_bytes(raw)
    subject = _decoded(message.get("Subject", ""))
    found = _delivery_status(message) or _other_bounce(message)
    if found is not None:
        return found._replace(about=_about(message), subject=subject)
    if _is_automatic(message):
        return Report("auto_reply", _mentioned(message), text=_words(message), subject=subject)
    return None


def _delivery_status(message: Message) -> Report | None:
    """What a notification tells of each recipient; the worst of it, and of whom."""
    groups = [group for part in message.walk() if part.get_content_type() == "message/delivery-status" for group in _groups(part)]
    told = [(_KINDS[action], group) for group in groups if (action := _word(group, "Action")) in _KINDS]
    kinds = [kind for kind in _WORST if any(kind == one for one, _ in told)]
    if not kinds:
        return None
    whose = [group for kind, group in told if kind == kinds[0]]
    recipients = dict.fromkeys(address for group in whose if (address := _address(group)))
    said = next((text for group in whose if (text := _line(group, "Diagnostic-Code"))), "")
    return Report(kinds[0], (), tuple(recipients), _word(whose[0], "Status")[:20], said.partition(";")[2].strip() or said)


def _groups(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _other_bounce(message: Message) -> Report | None:
    """What a server says in its own manner; only of those who write as servers."""
    from flufl.bounce import all_failures

    if not (_MACHINES.match(parseaddr(str(message.get("From", "")))[1]) or str(message.get("Return-Path", "")).strip() == "<>"):
        return None
    temporary, permanent = all_failures(message)
    addresses = tuple(sorted(one.decode("ascii", "replace") for one in permanent or temporary))
    if not addresses:
        return None
    return Report("bounced" if permanent else "delayed", (), addresses, text=_words(message))


def _about(message: Message) -> tuple[str, ...]:
    """The Message-IDs of the message that is reported on: in what is returned of it, else wherever they are named."""
    ids: list[str] = []
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            ids += [one for inner in _groups(part) for one in _IDS.findall(str(inner.get("Message-ID", "")))]
        elif part.get_content_type() == "text/rfc822-headers":
            ids += _IDS.findall(_header_in(_text(part)))
    return tuple(dict.fromkeys([*ids, *_mentioned(message), *(_IDS.findall(_header_in(_all_text(message))))]))


def _header_in(text: str) -> str:
    return " ".join(re.findall(r"^[>\s]*Message-ID:\s*(<[^<>\s]+>)", text[:_MOST_TEXT], re.IGNORECASE | re.MULTILINE))


def _mentioned(message: Message) -> tuple[str, ...]:
    said = f"{message.get('In-Reply-To', '')} {message.get('References', '')}"
    return tuple(dict.fromkeys(reversed(_IDS.findall(said))))


def _is_automatic(head: Message) -> bool:
    said = str(head.get("Auto-Submitted", "no")).strip().lower()
    return said.startswith("auto-replied") or str(head.get("Precedence", "")).lower() == "auto_reply" or "X-Autoreply" in head


def _address(group: Message) -> str:
    said = _line(group, "Original-Recipient") or _line(group, "Final-Recipient")
    return said.rpartition(";")[2].strip().strip("<>")[:254]


def _word(group: Message, name: str) -> str:
    return next(iter(_line(group, name).lower().split()), "")


def _line(group: Message, name: str) -> str:
    return " ".join(str(group.get(name, "")).split())[:_LONGEST]


def _words(message: Message) -> str:
    """What it says in its first words."""
    return " ".join(_all_text(message).split())[:_LONGEST]


def _all_text(message: Message) -> str:
    return "\n".join(_texts(message))


def _texts(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            yield _text(part)


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return content.decode("latin-1")


def _decoded(header: object) -> str:
    try:
        return " ".join(str(make_header(decode_header(str(header)))).split())[:_LONGEST]
    except (ValueError, LookupError):
        return " ".join(str(header).split())[:_LONGEST]
