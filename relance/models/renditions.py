"""Where is the message or letter kept exactly as it was? Compressed, with the SHA-256 of its bytes."""

import hashlib
import zlib
from collections.abc import Mapping

from relance.models import bulk
from relance.models.history import Rendition

EMAIL, PDF = "message/rfc822", "application/pdf"


def keep(company_id: int, notice_id: int, media_type: str, content: bytes) -> str:
    """Keep what is about to leave, in the caller's transaction, and return its SHA-256; offered again, a notice keeps its last form."""
    digest = hashlib.sha256(content).hexdigest()
    kept = {"company_id": company_id, "sha256": digest, "compressed": zlib.compress(content, 6)}
    Rendition.objects.update_or_create(notice_id=notice_id, media_type=media_type, defaults=kept)
    return digest


def keep_many(company_id: int, media_type: str, contents: Mapping[int, bytes]) -> dict[int, str]:
    """Keep what many notices say, each for the first time; return their SHA-256. All by notice."""
    digests = {notice_id: hashlib.sha256(content).hexdigest() for notice_id, content in contents.items()}
    rows = ((company_id, pk, media_type, digests[pk], zlib.compress(content, 6)) for pk, content in contents.items())
    bulk.insert(Rendition, ("company_id", "notice_id", "media_type", "sha256", "compressed"), rows)
    return digests


def digest_of(notice_id: int) -> str:
    """The SHA-256 of what is kept of a notice; empty where nothing is."""
    return Rendition.objects.filter(notice=notice_id).values_list("sha256", flat=True).first() or ""


def forget(notice_id: int) -> None:
    """What was never accepted was never said."""
    Rendition.objects.filter(notice=notice_id).delete()


def content(rendition: Rendition) -> bytes:
    """The very bytes. Raises ValueError when they are not those that were kept."""
    return intact(rendition.compressed, rendition.sha256, f"the archived document of notice {rendition.notice_id}")


def intact(compressed: bytes | memoryview, sha256: str, what: str) -> bytes:
    """What was compressed, provided that it is what the SHA-256 says. Raises ValueError, naming it, when it is not."""
    found = zlib.decompress(compressed)
    if hashlib.sha256(found).hexdigest() != sha256:
        raise ValueError(f"{what} has been altered")
    return found
