"""Who owes, and who is owed: customers with their sites and contacts, and suppliers."""

from collections.abc import Collection
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q

from relance.core.names import collation_key
from relance.models import fields
from relance.models.company import LEVEL_NA, Company, CustomerType

KINDS = ("business", "consumer", "public")
HOLD_REASONS = ("", "dispute", "instalments", "request", "check", "other")  # why a customer or a document is left alone for a while
ROLES = ("decision_maker", "main", "financial")
RECEIVES = ("dunning", "dunning_all_sites", "invoices", "invoices_all_sites")


def level_known(table: str, column: str = "level") -> models.CheckConstraint:
    """A level is 0 to 9, or NA."""
    return models.CheckConstraint(name=f"{table}_{column}_known", condition=Q((f"{column}__lte", 9)) | Q((column, LEVEL_NA)))


class Party(models.Model):
    """What customers and suppliers have in common."""

    company = fields.company()
    code = fields.code()
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=250, default="", editable=False)  # byte order of this column is the language's order of names
    account = fields.code(default="", blank=True)  # in the general or subsidiary ledger; empty: the code
    siren = models.CharField(max_length=20, default="", blank=True)
    vat_number = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = collation_key(self.name)[:250]
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Customer(Party):
    """Who owes. Its level and last dunning date are those of its last notice."""

    type = models.CharField(max_length=40, default="", blank=True)
    sales_rep = models.ForeignKey("Collaborator", models.SET_NULL, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=2, default="", blank=True)  # empty: the company's
    kind = fields.one_of(KINDS, "business")
    policy = models.ForeignKey("Policy", models.SET_NULL, null=True, blank=True, related_name="+")
    dunning_enabled = models.BooleanField(default=True)
    manual_dunning = models.BooleanField(default=True)
    auto_dunning = models.BooleanField(default=True)
    level = models.PositiveSmallIntegerField(default=0)
    last_dunned_on = models.DateField(null=True, blank=True)
    payment_terms = models.CharField(max_length=20, default="", blank=True)  # empty: the company's
    doubtful = models.BooleanField(default=False)
    insolvent_on = models.DateField(
        null=True, blank=True
    )  # the opening of proceedings was published: the day from which claims are declared
    held_from = models.DateField(null=True, blank=True)  # null: not on hold
    held_until = models.DateField(null=True, blank=True)  # the last day of the hold; null: until somebody lifts it
    hold_reason = fields.one_of(HOLD_REASONS, "")
    hold_comment = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="customer_code_unique"),
            fields.check_one_of("customer", "kind", KINDS),
            fields.check_one_of("customer", "hold_reason", HOLD_REASONS),
            models.CheckConstraint(
                name="customer_hold_ordered",
                condition=Q(held_until=None) | Q(held_from__isnull=False, held_until__gte=F("held_from")),
            ),
            level_known("customer"),
        ]
        indexes = [models.Index(fields=["company", "sort_name"], name="customer_by_name")]


def names_of_types(companies: Collection[Company]) -> dict[str, str]:
    """What types of customers are called, by their codes, as far as that was said."""
    found = CustomerType.objects.filter(company__in=companies).exclude(label="").order_by("-company", "code")
    return dict(found.values_list("code", "label"))


def types_of(company: Company) -> list[str]:
    """The types of customers that there are, in their order."""
    found = Customer.objects.filter(company=company).exclude(type="").order_by("type").values_list("type", flat=True)
    return list(found.distinct())


class TypeCounted(NamedTuple):
    """A type of customers: its code, what it is called, how many there are."""

    code: str
    label: str
    customers: int


def types_counted(company: Company) -> list[TypeCounted]:
    """Every type that a customer has or that is called something, by code."""
    found = Customer.objects.filter(company=company).exclude(type="").order_by().values_list("type").annotate(models.Count("pk"))
    names = dict(CustomerType.objects.filter(company=company).values_list("code", "label"))
    counts: dict[str, int] = dict.fromkeys(names, 0) | dict(found)
    return [TypeCounted(code, names.get(code, ""), count) for code, count in sorted(counts.items())]


class Supplier(Party):
    """Who is owed: read for the aged balance, never dunned."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="supplier_code_unique")]


class Site(models.Model):
    """An address of a customer; an invoice is billed to one. The customer's first site serves where none is named."""

    company = fields.company()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="sites")
    position = models.PositiveIntegerField(default=0)
    code = fields.code()
    siret = models.CharField(max_length=20, default="", blank=True)
    name = models.CharField(max_length=200, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)
    address = fields.lines()
    postcode = models.CharField(max_length=20, default="", blank=True)
    city = models.CharField(max_length=100, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)

    class Meta:
        ordering = ["customer_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["customer", "code"], name="site_code_unique")]


class Contact(models.Model):
    """A person at the customer: roles say who is shown, "receives" who is written to."""

    company = fields.company()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    position = models.PositiveIntegerField(default=0)
    code = fields.code(default="", blank=True)  # empty: the name is the key
    name = models.CharField(max_length=200)
    email_identity = models.CharField(max_length=254, default="", blank=True)
    email_at_customer = models.CharField(max_length=254, default="", blank=True)
    left_on = models.DateField(null=True, blank=True)
    sites = models.ManyToManyField(Site, related_name="contacts", blank=True)
    is_decision_maker = models.BooleanField(default=False)
    is_main = models.BooleanField(default=False)
    is_financial = models.BooleanField(default=False)
    receives_dunning = models.BooleanField(default=False)
    receives_dunning_all_sites = models.BooleanField(default=False)
    receives_invoices = models.BooleanField(default=False)
    receives_invoices_all_sites = models.BooleanField(default=False)

    class Meta:
        ordering = ["customer_id", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "code"], condition=~Q(code=""), name="contact_code_unique"),
            models.UniqueConstraint(fields=["customer", "name"], condition=Q(code=""), name="contact_name_unique"),
        ]
