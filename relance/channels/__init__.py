"""By what does a message leave? One table of all channels; what each of them promises stands in ``port``."""

from collections.abc import Callable
from dataclasses import replace

from relance.channels.address import Address, read_address
from relance.channels.folder import Folder
from relance.channels.port import Channel, Outcome, Unreachable
from relance.channels.smtp import Smtp

__all__ = ["CHANNELS", "Address", "Channel", "Outcome", "Unreachable", "open_channel", "read_address"]

CHANNELS: dict[str, Callable[[Address], Channel]] = {"smtp": Smtp, "smtps": Smtp, "file": Folder}


def open_channel(url: str | Address, *, timeout: float | None = None) -> Channel:
    """The channel of an address: ``smtp://user:password@host:port``, ``smtps://…``, ``smtp://…?starttls=1`` or ``file:///folder``.

    It connects when it is entered; ``timeout`` is how many seconds the other side may be silent, else what the address says. Raises
    Unreachable, here and then, without repeating the address: it may hold a password.
    """
    address = read_address(url) if isinstance(url, str) else url
    if timeout is not None:
        address = replace(address, timeout=timeout)
    if address.parts.scheme not in CHANNELS:
        known = ", ".join(f"{name}:" for name in CHANNELS)
        raise Unreachable(f"RELANCE_EMAIL_URL: not the address of a channel; there are {known}")
    return CHANNELS[address.parts.scheme](address)
