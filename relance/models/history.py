"""What is kept for good: events, the documents that were sent, the reasons for what was left out, the files that came in."""

from django.db import models
from django.db.models import Q

from relance.core import forms
from relance.models import fields
from relance.models.company import Company

MEDIA_TYPES = ("message/rfc822", *forms.MEDIA_TYPES.values())


class Event(models.Model):
    """One fact that happened: append-only, numbered per company, each hash sealing the one before."""

    company = fields.company()
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    what = models.CharField(max_length=60)
    notice = models.ForeignKey("Notice", models.PROTECT, null=True, blank=True, related_name="events")
    customer = models.ForeignKey("Customer", models.PROTECT, null=True, blank=True, related_name="events", db_index=False)
    document = models.ForeignKey("Document", models.PROTECT, null=True, blank=True, related_name="events", db_index=False)
    facts = models.JSONField(default=dict)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["company_id", "number"]
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="event_number_unique")]
        indexes = [
            models.Index(fields=["customer", "number"], condition=Q(customer__isnull=False), name="event_customer"),
            models.Index(fields=["document", "number"], condition=Q(document__isnull=False), name="event_document"),
        ]


class Rendition(models.Model):
    """The message or letter exactly as it was sent or printed, compressed."""

    company = fields.company(repeats_parent=True)
    notice = models.ForeignKey("Notice", models.CASCADE, related_name="renditions", db_index=False)  # rendition_unique begins with it
    media_type = models.CharField(max_length=80, choices=[(value, value) for value in MEDIA_TYPES])
    sha256 = models.CharField(max_length=64)  # of the bytes, before compression
    compressed = models.BinaryField()  # zlib; of a message, without the files that went with it
    cuts = models.JSONField(default=list, blank=True)  # [[where in what is left, SHA-256 of the file that stood there], …]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "media_type"], name="rendition_unique")]


class LeftOutBlock(models.Model):
    """The left-out items of one group of customers in one run, compressed and named by its content.

    A group in which nothing changed since the last run has the same block again, stored once: a night writes what is new.
    """

    company = fields.company()
    digest = models.CharField(max_length=64)
    compressed = models.BinaryField()  # zlib of JSON [[customer code, document, due date, reason], …]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "digest"], name="leftoutblock_digest_unique")]


class RunLeftOut(models.Model):
    """Which block a run has for each group of customers."""

    company = fields.company()
    run = models.ForeignKey("Run", models.CASCADE, related_name="left_out")
    bucket = models.PositiveBigIntegerField()  # the group: customer id // BUCKET_SIZE
    block = models.ForeignKey(LeftOutBlock, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "bucket"], name="runleftout_bucket_unique")]


class Upload(models.Model):
    """A file that was applied: the same one is not applied twice, unless it was undone."""

    company = fields.company()
    kind = models.CharField(max_length=20)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    counts = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)  # null: it stands
    undone_by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["company", "sha256"], name="upload_sha256")]


class Imprint(models.Model):
    """What an upload left in the ledger, and what was there before: enough to take it back, in this database."""

    company = fields.company(repeats_parent=True)
    upload = models.OneToOneField(Upload, models.CASCADE, related_name="imprint")
    compressed = models.BinaryField()  # zlib of JSON: see relance/models/incoming/imprints.py


def columns_remembered(company: Company, kind: str, source: str) -> dict[str, str]:
    """Which column of the lists of a source is what, as people have said."""
    known = Source.objects.filter(company=company, kind=kind, code=source).first()
    return known.columns if known else {}


class Source(models.Model):
    """Where lists come from, again and again: which of their columns is what, and the last one that was taken over."""

    company = fields.company()
    kind = models.CharField(max_length=20)
    code = fields.code(default="", blank=True)
    columns = models.JSONField(default=dict)  # what a column is, by name, with the head that a person named for it
    last_as_of = models.DateField(null=True, blank=True)
    last_sha256 = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "code"], name="source_code_unique")]

    @property
    def key(self) -> str:
        """What documents that came from here are known by."""
        return f"{self.kind}:{self.code}"
