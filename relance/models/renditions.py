"""Where is the message or letter kept exactly as it was? Compressed, with the SHA-256 of its bytes.

The files that went with a message are cut out of it, for they are kept already; put back, the message is the same, byte for byte.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from relance.core.enclosing import as_in_message
from relance.models import bulk, files
from relance.models.attachments import StoredFile
from relance.models.files import unaltered
from relance.models.history import Rendition

EMAIL, PDF = "message/rfc822", "application/pdf"
Cut = tuple[int, str]  # where in what is left, and the SHA-256 of the file that stood there


def keep(company_id: int, notice_id: int, media_type: str, content: bytes, enclosed: Iterable[bytes] = ()) -> str:
    """Keep what is about to leave, in the caller's transaction, and return its SHA-256; offered again, a notice keeps its last form.

    ``enclosed``: the files inside it that are kept with the company.
    """
    digest = hashlib.sha256(content).hexdigest()
    rest, cuts = cut(content, enclosed)
    kept = {"company_id": company_id, "sha256": digest, "compressed": zlib.compress(rest, 6), "cuts": cuts}
    Rendition.objects.update_or_create(notice_id=notice_id, media_type=media_type, defaults=kept)
    return digest


def keep_many(
    company_id: int, media_type: str, contents: Mapping[int, bytes], enclosed: Mapping[int, Iterable[bytes]] = MappingProxyType({})
) -> dict[int, str]:
    """Keep what many notices say, each for the first time; return their SHA-256. All by notice."""
    digests = {notice_id: hashlib.sha256(content).hexdigest() for notice_id, content in contents.items()}
    rest = ((pk, *cut(content, enclosed.get(pk, ()))) for pk, content in contents.items())
    rows = ((company_id, pk, media_type, digests[pk], zlib.compress(left, 6), cuts) for pk, left, cuts in rest)
    bulk.insert(Rendition, ("company_id", "notice_id", "media_type", "sha256", "compressed", "cuts"), rows)
    return digests


def digest_of(notice_id: int) -> str:
    """The SHA-256 of what is kept of a notice; empty where nothing is."""
    return Rendition.objects.filter(notice=notice_id).values_list("sha256", flat=True).first() or ""


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
