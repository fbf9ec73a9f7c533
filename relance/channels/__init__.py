"""By what does a message leave? One table of all channels; what each of them promises stands in ``port``."""

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from relance.channels.folder import Folder
from relance.channels.port import Channel, Outcome, Unreachable
from relance.channels.smtp import Smtp

__all__ = ["CHANNELS", "Channel", "Outcome", "Unreachable", "open_channel"]

CHANNELS: dict[str, Callable[[SplitResult, float], Channel]] = {"smtp": Smtp, "smtps": Smtp, "file": Folder}


def open_channel(url: str, *, timeout: float = 60.0) -> Channel:
    """The channel of an address: ``smtp://user:password@host:port``, ``smtps://…``, ``smtp://…?starttls=1`` or ``file:///folder``.

    It connects when it is entered; ``timeout`` is how many seconds the other side may be silent. Raises Unreachable, here and when it
    is entered, without repeating the address: it may hold a password.
    """
    try:
        parts = urlsplit(url)
        kind = CHANNELS[parts.scheme]
    except (KeyError, ValueError):
        known = ", ".join(f"{name}:" for name in CHANNELS)
        raise Unreachable(f"RELANCE_EMAIL_URL: not the address of a channel; there are {known}") from None
    return kind(parts, timeout)
