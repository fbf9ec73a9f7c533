"""Where are the bytes of a PDF kept? Once for a company, compressed, under their SHA-256, as long as something refers to them."""

import hashlib
import zlib
from collections.abc import Collection

from relance.models import bulk, tuples
from relance.models.attachments import Attachment, NoticeEnclosure, StoredFile


def keep(company_id: int, content: bytes) -> StoredFile:
    """Keep these bytes, in the caller's transaction, unless they are kept already."""
    digest = hashlib.sha256(content).hexdigest()
    stored = StoredFile.objects.filter(company=company_id, sha256=digest).defer("compressed").first()
    if stored is None:
        packed = zlib.compress(content, 6)
        stored = StoredFile.objects.create(company_id=company_id, sha256=digest, size=len(content), compressed=packed)
    return stored


def content(file_id: int) -> bytes:
    """The very bytes. Raises ValueError when they are not those that were kept."""
    stored = StoredFile.objects.get(pk=file_id)
    return unaltered(zlib.decompress(stored.compressed), stored.sha256, f"the kept file {stored.sha256}")


def unaltered(found: bytes, sha256: str, what: str) -> bytes:
    """These bytes, provided that they are what the SHA-256 says. Raises ValueError, naming what they should be, when they are not."""
    if hashlib.sha256(found).hexdigest() != sha256:
        raise ValueError(f"{what} has been altered")
    return found


def forget_unused(file_ids: Collection[int]) -> None:
    """Let go of those of the files that no document has any more and that went with no notice."""
    if not file_ids:
        return
    unused = StoredFile.objects.filter(pk__in=tuples.among(file_ids))
    unused = unused.exclude(pk__in=Attachment.objects.filter(file__in=tuples.among(file_ids)).values("file"))
    unused = unused.exclude(pk__in=NoticeEnclosure.objects.filter(file__in=tuples.among(file_ids)).values("file"))
    bulk.touching(StoredFile, list(unused.values_list("pk", flat=True)))
    unused.delete()
