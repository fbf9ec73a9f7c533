"""Where is the message or letter kept exactly as it was? Compressed, with the SHA-256 of its bytes.

The files that went with a message are cut out of it, for they are kept already; put back, the message is the same, byte for byte.
"""

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from relance.core.enclosing import as_in_message
from relance.models import bulk, files, tuples
from relance.models.attachments import StoredFile
from relance.models.files import unaltered
from relance.models.history import Rendition

EMAIL, PDF = "message/rfc822", "application/pdf"
_EFFORT = 1  # of zlib: 6 makes a message of ours a fifteenth smaller
Cut = tuple[int, str]  # where in what is left, and the SHA-256 of the file that stood there


class Packed(NamedTuple):
    """What is kept of one message or letter; the names are the columns of ``Rendition``."""

    sha256: str
    compressed: bytes
    cuts: list[Cut]


def keep(company_id: int, notice_id: int, media_type: str, content: bytes, enclosed: Iterable[bytes] = ()) -> str:
    """Keep what is about to leave, in the caller's transaction, and return its SHA-256; offered again, a notice keeps its last form.

    ``enclosed``: the files inside it that are kept with the company.
    """
    packed = pack(content, enclosed)
    Rendition.objects.update_or_create(notice_id=notice_id, media_type=media_type, defaults={"company_id": company_id, **packed._asdict()})
    return packed.sha256


def pack(content: bytes, enclosed: Iterable[bytes] = ()) -> Packed:
    """What is about to leave, as it will be kept; ``enclosed``: the files inside it that are kept with the company."""
    rest, cuts = cut(content, enclosed)
    return Packed(hashlib.sha256(content).hexdigest(), zlib.compress(rest, _EFFORT), cuts)


def keep_many(company_id: int, media_type: str, packed: Mapping[int, Packed]) -> None:
    """Keep what many notices say, each for the first time; by notice."""
    rows = ((company_id, pk, media_type, *one) for pk, one in packed.items())
    bulk.insert(Rendition, ("company_id", "notice_id", "media_type", *Packed._fields), rows)


def digest_of(notice_id: int) -> str:
    """The SHA-256 of what is kept of a notice; empty where nothing is."""
    return Rendition.objects.filter(notice=notice_id).values_list("sha256", flat=True).first() or ""


def digests_of(notice_ids: Collection[int], media_type: str) -> dict[int, str]:
    """By notice, the SHA-256 of what is kept of it in this form."""
    kept = Rendition.objects.filter(notice__in=tuples.among(notice_ids), media_type=media_type).order_by()
    return dict(kept.values_list("notice_id", "sha256"))


def forget(notice_id: int) -> None:
    """What was never accepted was never said."""
    Rendition.objects.filter(notice=notice_id).delete()


def content(rendition: Rendition) -> bytes:
    """The very bytes. Raises ValueError when they are not those that were kept."""
    whole = mend(zlib.decompress(rendition.compressed), rendition.cuts, lambda sha256: _file(rendition.company_id, sha256))
    return unaltered(whole, rendition.sha256, f"the archived document of notice {rendition.notice_id}")


def intact(compressed: bytes | memoryview, sha256: str, what: str) -> bytes:
    """What was compressed, provided that it is what the SHA-256 says. Raises ValueError, naming it, when it is not."""
    return unaltered(zlib.decompress(compressed), sha256, what)


def cut(content: bytes, enclosed: Iterable[bytes]) -> tuple[bytes, list[Cut]]:
    """A message without the files in it, which follow each other in this order, and where they stood. One that is not found stays in."""
    rest, cuts, begin, left = [], [], 0, 0
    for file in enclosed:
        written = as_in_message(file)
        at = content.find(written, begin)
        if at >= 0:
            rest.append(content[begin:at])
            left += at - begin
            cuts.append((left, hashlib.sha256(file).hexdigest()))
            begin = at + len(written)
    return b"".join((*rest, content[begin:])), cuts


def mend(rest: bytes, cuts: Iterable[Cut], file: Callable[[str], bytes]) -> bytes:
    """The message whole again; ``file`` gives the bytes of a SHA-256."""
    parts, begin = [], 0
    for at, sha256 in cuts:
        parts += [rest[begin:at], as_in_message(file(sha256))]
        begin = at
    return b"".join((*parts, rest[begin:]))


def _file(company_id: int, sha256: str) -> bytes:
    return files.content(StoredFile.objects.only("pk").get(company=company_id, sha256=sha256).pk)
