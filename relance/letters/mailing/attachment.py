"""How is a document put beside a message? The message becomes the first part of a larger one; its headers stay in front."""

import re
from base64 import encodebytes
from hashlib import sha256

_TYPE = re.compile(rb"Content-Type: [^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")


def with_pdf(message: bytes, name: str, pdf: bytes) -> bytes:
    """The message with a PDF beside it; ``name`` is ASCII and without quotes."""
    head, _, body = message.partition(b"\r\n\r\n")
    head += b"\r\n"
    found = _TYPE.search(head)
    assert found, "a message says of what type it is"
    boundary = f"relance-{sha256(found[0] + pdf).hexdigest()[:32]}"
    outer = head.replace(found[0], f'Content-Type: multipart/mixed;\r\n boundary="{boundary}"\r\n'.encode())
    about = f'Content-Type: application/pdf; name="{name}"\r\nContent-Disposition: attachment;\r\n filename="{name}"\r\n'
    content = encodebytes(pdf).replace(b"\n", b"\r\n")
    between = f"--{boundary}\r\n".encode()
    attached = between + about.encode() + b"Content-Transfer-Encoding: base64\r\n\r\n" + content
    return outer + b"\r\n" + between + found[0] + b"\r\n" + body + attached + f"--{boundary}--\r\n".encode()
