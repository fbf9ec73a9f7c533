"""By what does a message leave? One table of all channels; what each of them promises stands in ``port``."""

from collections.abc import Callable
from dataclasses import replace

from relance.channels.address import Address, address_of, read_address
from relance.channels.folder import Folder
from relance.channels.port import Channel, Outcome, Unreachable
from relance.channels.smtp import Smtp
from relance.core.messaging import Account

__all__ = ["CHANNELS", "OWN", "Address", "Channel", "Outcome", "Unreachable", "is_folder", "open_channel", "read_address", "way_out"]

CHANNELS: dict[str, Callable[[Address], Channel]] = {"smtp": Smtp, "smtps": Smtp, "file": Folder}


OWN = "company:"  # the address that stands for: each company by its own mail server


def way_out(url: str, account: Account | None) -> Address:
    """By what the messages of a company leave: its own mail server, else the installation's.

    As long as the installation puts mail into a folder, a company's own server sends nothing either. Raises Unreachable.
    """
    if account is None and url == OWN:
        raise Unreachable("this company has no mail server of its own, and the installation names none: set one up in its messaging")
    if account is None or is_folder(url):
        return read_address(url)
    return address_of(account)


def is_folder(url: str) -> bool:
    """Whether messages are only put into a folder."""
    return url.startswith("file:")


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
