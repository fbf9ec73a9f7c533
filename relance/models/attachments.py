"""Which PDFs are there of a document, and which went with a notice? The same bytes are kept once, however often they are sent."""

from django.db import models

from relance.core.enclosing import Kind, State
from relance.models import fields

ATTACHED = (Kind.ORIGINAL.value, Kind.DUPLICATE.value)
KINDS = tuple(kind.value for kind in Kind)
STATES = tuple(state.value for state in State)


class StoredFile(models.Model):
    """The bytes of a PDF, under their SHA-256."""

    company = fields.company()
    sha256 = models.CharField(max_length=64)  # of the bytes, before compression
    size = models.PositiveIntegerField()
    compressed = models.BinaryField()  # zlib

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "sha256"], name="storedfile_sha256_unique")]


class Attachment(models.Model):
    """The PDF of a document: its original, or a copy made by the software that issued it and marked as such."""

    company = fields.company(repeats_parent=True)
    document = models.ForeignKey("Document", models.CASCADE, related_name="attachments", db_index=False)
    kind = fields.one_of(ATTACHED, "original")
    filename = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "kind"], name="attachment_kind_unique"),
            fields.check_one_of("attachment", "kind", ATTACHED),
        ]


class NoticeEnclosure(models.Model):
    """An invoice that a notice claims, and the PDF that went with the notice; or why none did."""

    company = fields.company(repeats_parent=True)
    notice = models.ForeignKey("Notice", models.CASCADE, related_name="enclosures", db_index=False)
    position = models.PositiveIntegerField()
    document_number = fields.code()
    state = fields.one_of(STATES, "enclosed")
    kind = models.CharField(max_length=20, null=True, blank=True)
    filename = models.CharField(max_length=200, default="", blank=True)  # as the recipient sees it
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="enclosures")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="noticeenclosure_position_unique"),
            fields.check_one_of("noticeenclosure", "state", STATES),
            fields.check_one_of("noticeenclosure", "kind", KINDS, or_null=True),
        ]
