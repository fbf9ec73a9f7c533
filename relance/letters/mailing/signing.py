"""How does a message prove whose it is? Signed with the company's key, whose other half stands in the DNS of its domain (DKIM, RFC 6376).

The library that checks signatures takes many times longer to make one than these lines, which are held against it in the tests.
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key

_SIGNED = (
    *("from", "to", "cc", "subject", "date", "message-id", "reply-to", "in-reply-to", "references"),
    *("auto-submitted", "content-language", "mime-version", "content-type"),
)
_LEAST_BITS = 1024  # what receivers check at all; 2048 is what is usual
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:(.*(?:\r\n[ \t].*)*)\r\n")
_FOLD, _BLANKS = re.compile(rb"\r\n(?=[ \t])"), re.compile(rb"[ \t]+")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a domain, and the selector under which the other half of the key is found there."""

    domain: str
    selector: str
    key: RSAPrivateKey = field(repr=False)

    def sign(self, message: bytes, at: int) -> bytes:
        """The message with its signature before it; ``at`` in seconds since 1970. Its lines end in CRLF."""
        head, _, body = message.partition(b"\r\n\r\n")
        found = {name.lower(): value for name, value in _HEADER.findall(head + b"\r\n")}
        names = [name for name in _SIGNED if name.encode() in found]
        lines = b"".join(_relaxed(name.encode(), found[name.encode()]) + b"\r\n" for name in names)
        unsigned = (
            f" v=1; a=rsa-sha256; c=relaxed/simple; d={self.domain}; s={self.selector};\r\n"
            f" t={at};\r\n h={':'.join([*names[:5], ''])}\r\n  {':'.join([*names[5:], 'from'])};\r\n"
            f" bh={b64encode(sha256(_simple(body)).digest()).decode()};\r\n b="
        ).encode()
        signature = self.key.sign(lines + _relaxed(b"dkim-signature", unsigned), PKCS1v15(), SHA256())
        return b"DKIM-Signature:" + unsigned + b"\r\n ".join(_cut(b64encode(signature))) + b"\r\n" + message


def signer(domain: str, selector: str, pem: str) -> Signer:
    """Who signs with a key in PEM. Raises ValueError for what is no RSA key, or one that receivers would not check."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError):
        raise ValueError("not a private key in PEM without a password") from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
        raise ValueError(f"not an RSA key of {_LEAST_BITS} bits or more")
    return Signer(domain, selector, key)


def new_key() -> str:
    """A new private key, as PEM."""
    return generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def record_of(signer: Signer) -> tuple[str, str]:
    """What is to be published: the name of a TXT record in the DNS, and its text."""
    public = signer.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"{signer.selector}._domainkey.{signer.domain}", f"v=DKIM1; k=rsa; p={b64encode(public).decode()}"


def _relaxed(name: bytes, value: bytes) -> bytes:
    """A header however it is folded on its way (section 3.4.2)."""
    return name + b":" + _BLANKS.sub(b" ", _FOLD.sub(b"", value)).strip(b" \t")


def _simple(body: bytes) -> bytes:
    """A body without the empty lines at its end (section 3.4.3)."""
    while body.endswith(b"\r\n"):
        body = body[:-2]
    return body + b"\r\n"


def _cut(value: bytes) -> list[bytes]:
    return [value[start : start + 72] for start in range(0, len(value), 72)]
