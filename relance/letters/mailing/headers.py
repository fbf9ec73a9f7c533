"""How is a header of a message written? Folded, in ASCII, whatever the text (RFC 5322 and 2047), and never as two headers.

The standard library's writer takes three milliseconds for a message; these lines are held against its reader in the tests.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache

_WIDTH = 76  # characters of a line; encoded words allow no more
_CHUNK = 39  # bytes of UTF-8 in an encoded word: 64 characters, with room for the header's name
_UNSAFE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")  # line breaks, controls, marks that turn the writing round
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+|\"[^\"\\\x00-\x1f\x7f-\U0010ffff]+\"@[A-Za-z0-9.-]+")


def one_line(text: str) -> str:
    """The text on one line: what follows a line break in a header would be another header."""
    return _UNSAFE.sub(" ", text).strip()


def unstructured(name: str, text: str) -> str:
    """A header of free text, such as the subject."""
    bare = one_line(text)
    if not bare.isascii() or "=?" in bare or any(len(word) > _WIDTH - 2 - len(name) for word in bare.split(" ")):
        return f"{name}: {_encoded(bare)}\r\n"
    return _folded(name, bare.split(" "), " ")


def sender(name: str, address: str) -> str:
    """The From header: a name, as it will be shown, and an address. Raises ValueError for what is no address."""
    shown = one_line(name)
    if not shown:
        return f"From: {checked(address)}\r\n"
    if not shown.isascii() or "=?" in shown or len(shown) > _WIDTH - len("From: ") - 2:
        phrase = _encoded(shown)
    else:
        phrase = shown if _ATOMS.fullmatch(shown) else '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"From: {phrase}\r\n <{checked(address)}>\r\n"


def recipients(name: str, addresses: Iterable[str]) -> str:
    """A header of bare addresses, or nothing where there are none. Raises ValueError for what is no address."""
    checked_ones = [checked(address) for address in addresses]
    return _folded(name, [f"{address}," for address in checked_ones[:-1]] + checked_ones[-1:], " ") if checked_ones else ""


def message_ids(name: str, ids: Iterable[str]) -> str:
    """A header of Message-IDs, or nothing where there are none."""
    known = [one_line(one) for one in ids if one.strip()]
    return _folded(name, known, " ") if known else ""


def checked(address: str) -> str:
    """An address that can stand in a header and in an SMTP command: ASCII, without a space. Raises ValueError for another."""
    if not _MAILBOX.fullmatch(address):
        raise ValueError(f"not an address that a message can bear: {address[:60]!r}")
    return address


@lru_cache(1_000)
def _encoded(text: str) -> str:
    """Encoded words, each of whole characters."""
    chunks, chunk = [], b""
    for char in text:
        more = char.encode("utf-8", "replace")
        if len(chunk) + len(more) > _CHUNK:
            chunks.append(chunk)
            chunk = b""
        chunk += more
    return "\r\n ".join(f"=?utf-8?b?{b64encode(one).decode()}?=" for one in [*chunks, chunk])


def _folded(name: str, words: list[str], space: str) -> str:
    lines, line = [], f"{name}:"
    for word in words:
        if len(line) + len(space) + len(word) > _WIDTH and line != f"{name}:":
            lines.append(line)
            line = ""
        line += space + word
    return "\r\n".join([*lines, line]) + "\r\n"
