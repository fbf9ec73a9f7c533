"""Which letter templates has the company made, in which versions, and which of them does a letter take?

A version is never changed and never taken away: a letter of last year still knows what it was made of.
"""

import hashlib
import zlib
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from relance.core.facts import Customer
from relance.models import fields
from relance.models.company import Company
from relance.models.finding import Unfound

FORMATS = ("docx", "odt", "rtf")
LONGEST_NAME = 80
LARGEST = 10 << 20  # bytes of a document


class LetterTemplate(models.Model):
    """A template by its name. Removed, it is no longer chosen for new letters; it stays for those that it made."""

    company = fields.company()
    name = models.CharField(max_length=LONGEST_NAME)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="lettertemplate_name_unique")]


class TemplateVersion(models.Model):
    """What was uploaded under a name at one time, turned into ODT; and the document itself, to be changed and uploaded again."""

    company = fields.company()
    template = models.ForeignKey(LetterTemplate, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    format = fields.one_of(FORMATS, "odt")
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)  # of the ODT, before compression
    compressed = models.BinaryField()  # zlib of the ODT
    upload_sha256 = models.CharField(max_length=64)  # of the document as it was uploaded
    original = models.BinaryField(null=True, blank=True)  # zlib of the uploaded document; null where that is the ODT
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="templateversion_number_unique"),
            fields.check_one_of("templateversion", "format", FORMATS),
        ]


class TemplateUse(models.Model):
    """For whom a template replaces the general one without being asked for: a level, a customer or a type of customers."""

    company = fields.company()
    template = models.ForeignKey(LetterTemplate, models.CASCADE, related_name="uses")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    customer = models.ForeignKey("Customer", models.CASCADE, null=True, blank=True, related_name="+")
    customer_type = models.CharField(max_length=40, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "level"], name="templateuse_level_unique"),
            models.UniqueConstraint(fields=["company", "customer"], name="templateuse_customer_unique"),
            models.UniqueConstraint(fields=["company", "customer_type"], name="templateuse_customer_type_unique"),
            models.CheckConstraint(
                name="templateuse_one_target",
                condition=Q(level__isnull=False, customer__isnull=True, customer_type__isnull=True)
                | Q(level__isnull=True, customer__isnull=False, customer_type__isnull=True)
                | Q(level__isnull=True, customer__isnull=True, customer_type__isnull=False),
            ),
            models.CheckConstraint(name="templateuse_level_known", condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=9)),
        ]


class Uses(NamedTuple):
    """For whom a template is used: levels, codes of customers, types of customers."""

    levels: tuple[int, ...] = ()
    customers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class TemplateChoice:
    """Which version each letter of a run takes: the run's own template, else the customer's, its type's, its level's, or none."""

    def __init__(self, company: Company, name: str = "") -> None:
        """``name`` is the template that the run asks for. Raises Unfound."""
        self._asked = latest(find_template(company, name)).pk if name else None
        self._by: dict[tuple[str, Any], int] = {}
        versions = TemplateVersion.objects.filter(company=company).order_by("number").values_list("template_id", "pk")
        last = dict(versions)
        for template, level, customer, customer_type in TemplateUse.objects.filter(company=company).values_list(
            "template_id", "level", "customer_id", "customer_type"
        ):
            target = ("level", level) if level else ("customer", customer) if customer else ("type", customer_type)
            self._by[target] = last[template]

    def version(self, customer: Customer, level: int) -> int | None:
        """The version for a letter, by its identifier; None: the general letter."""
        if self._asked is not None:
            return self._asked
        found = (self._by.get(target) for target in (("customer", customer.id), ("type", customer.type), ("level", level)))
        return next((version for version in found if version is not None), None)


def find_template(company: Company, name: str) -> LetterTemplate:
    """The template of this name. Raises Unfound, which names those there are when they are few."""
    kept = LetterTemplate.objects.filter(company=company, removed_at=None)
    found = kept.filter(name=name).first()
    if found is None:
        known = list(kept.order_by("name").values_list("name", flat=True)[:11])
        hint = f"; there is {', '.join(known)}" if 0 < len(known) <= 10 else ""
        raise Unfound(f'there is no letter template "{name}" in {company.code}{hint}')
    return found


def latest(template: LetterTemplate) -> TemplateVersion:
    """The version that new letters take."""
    return template.versions.latest("number")


def uses_of(template: LetterTemplate | int) -> Uses:
    """For whom a template is used without being asked for."""
    rows = list(TemplateUse.objects.filter(template=template).values_list("level", "customer__code", "customer_type"))
    return Uses(
        tuple(sorted(level for level, _, _ in rows if level is not None)),
        tuple(sorted(code for _, code, _ in rows if code is not None)),
        tuple(sorted(kind for _, _, kind in rows if kind is not None)),
    )


def document(version: TemplateVersion) -> bytes:
    """The ODT that letters are made of. Raises ValueError when it is not what was uploaded."""
    content = _unzipped(version.compressed)
    if hashlib.sha256(content).hexdigest() != version.sha256:
        raise ValueError(f"the letter template {version.template_id} has been altered in the database")
    return content


def documents(versions: Collection[int]) -> dict[int, bytes]:
    """The ODT of several versions, named by their identifiers."""
    return {version.pk: document(version) for version in TemplateVersion.objects.filter(pk__in=versions)}


def uploaded(version: TemplateVersion) -> bytes:
    """The document as it was uploaded."""
    return document(version) if version.original is None else _unzipped(version.original)


def _unzipped(compressed: bytes | memoryview) -> bytes:
    """Never more than a template may be, whatever a database brought from elsewhere holds."""
    return zlib.decompressobj().decompress(compressed, LARGEST)
