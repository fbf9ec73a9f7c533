"""How does a text travel in a message? As quoted-printable, which stays readable and survives every server."""

import binascii
import re
from functools import lru_cache

_AS_IT_IS = re.compile(r"(?!\.$)[ !-<>-~]{0,75}[!-<>-~]", re.ASCII).fullmatch  # a line that needs no quoting


@lru_cache(10_000)  # most of what is written stands in every message, or in many
def quoted(text: str) -> bytes:
    """Whole lines, without a line break after the last."""
    if _AS_IT_IS(text):
        return text.encode()
    return b"\r\n".join(map(_line, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


def _line(line: str) -> bytes:
    # A long line is broken by a bare line feed where nothing before it says that lines end in CRLF.
    return binascii.b2a_qp(line.encode("utf-8", "replace"), istext=True).replace(b"=\n", b"=\r\n")


def read(printable: bytes) -> bytes:
    """The text again, in UTF-8, its lines ending in CRLF."""
    return binascii.a2b_qp(printable)
