"""How do files go with an e-mail? The message as it was, and after it each file under a name that every system takes."""

import re
from collections.abc import Iterable
from hashlib import sha256

from relance.core.enclosing import as_in_message

_TYPE = re.compile(rb"^Content-(?:Type|Transfer-Encoding):.*(?:\r\n[ \t].*)*\r\n", re.IGNORECASE | re.MULTILINE)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_WORDS = {
    ("fr", "invoice"): "Facture",
    ("fr", "duplicate"): "Duplicata",
    ("de", "invoice"): "Rechnung",
    ("de", "duplicate"): "Rechnungsduplikat",
    ("en", "invoice"): "Invoice",
    ("en", "duplicate"): "Duplicate",
}


def with_files(message: bytes, files: Iterable[tuple[str, bytes]]) -> bytes:
    """The message with PDFs, each under its name; without any, the message itself."""
    kept = list(files)
    if not kept:
        return message
    head, body = message.split(b"\r\n\r\n", 1)
    head += b"\r\n"
    inner = b"".join(found[0] for found in _TYPE.finditer(head))
    boundary = f"relance-{sha256(message).hexdigest()[:32]}"
    outer = _TYPE.sub(b"", head) + f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n\r\n'.encode()
    parts = [inner + b"\r\n" + body, *(_part(name, content) for name, content in kept)]
    between = f"--{boundary}\r\n".encode()
    return outer + b"".join(between + part for part in parts) + f"--{boundary}--\r\n".encode()


def name_of(number: str, language: str, *, duplicate: bool) -> str:
    """What the recipient sees the PDF of an invoice under: ``Facture-FA-1.pdf``."""
    kind = "duplicate" if duplicate else "invoice"
    word = _WORDS.get((language, kind), _WORDS["en", kind])
    return f"{word}-{_UNSAFE.sub('-', number).strip('-') or 'PDF'}.pdf"


def _part(name: str, content: bytes) -> bytes:
    head = (
        f'Content-Type: application/pdf; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n'
    )
    return head.encode() + as_in_message(content)
