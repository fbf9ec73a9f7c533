"""What is owed and what was paid: documents with their due items, payments with their allocations.

A due item's open amount is its amount less its allocations; the database holds the three figures to each other.
"""

from django.db import models
from django.db.models import F, Q

from relance.models import fields
from relance.models.parties import HOLD_REASONS, level_known

DOCUMENT_TYPES = ("invoice", "credit_note", "payment_on_account")
PAYMENT_KINDS = ("payment", "return", "write_off", "netting")
DISPUTED, REFUSED = ("207", "208"), ("210", "213", "220")  # states of an electronic invoice at the customer's platform

ONE_SIDE = Q(customer=None, supplier__isnull=False) | Q(customer__isnull=False, supplier=None)


def _unique_of(party: str) -> models.UniqueConstraint:
    """A number is unique among the documents of one customer, or of one supplier; those of the other side are kept out of the index."""
    return models.UniqueConstraint(
        fields=[party, "number"], condition=Q((f"{party}__isnull", False)), name=f"document_{party}_number_unique"
    )


class Document(models.Model):
    """An invoice, a credit note or a payment on account, of a customer or of a supplier."""

    company = fields.company(repeats_parent=True)
    number = fields.code()
    type = fields.one_of(DOCUMENT_TYPES, "invoice")
    customer = models.ForeignKey("Customer", models.PROTECT, null=True, blank=True, related_name="documents", db_index=False)
    supplier = models.ForeignKey("Supplier", models.PROTECT, null=True, blank=True, related_name="documents", db_index=False)
    billed_customer = models.ForeignKey("Customer", models.PROTECT, null=True, blank=True, related_name="billed_documents")
    site = models.ForeignKey("Site", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    date = models.DateField()
    label = models.CharField(max_length=200, default="", blank=True)
    currency = fields.currency()
    payment_method = models.ForeignKey("PaymentMethod", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    manager = models.ForeignKey("Collaborator", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False)
    recipients = fields.lines()
    copies = fields.lines()
    no_auto_dunning = models.BooleanField(default=False)
    no_manual_dunning = models.BooleanField(default=False)
    no_dunning_temporary = models.BooleanField(default=False)
    no_auto_dunning_until = models.DateField(null=True, blank=True)  # the last day of that block; null: until somebody lifts it
    no_manual_dunning_until = models.DateField(null=True, blank=True)
    block_reason = fields.one_of(HOLD_REASONS, "")
    block_comment = models.TextField(default="", blank=True)
    interest_rate = models.PositiveIntegerField(null=True, blank=True)  # contractual, hundredths of a percent; null: the company's
    einvoice_status = models.CharField(max_length=3, default="", blank=True)  # the last of its life cycle: 207 in dispute, 210 refused …
    paid_elsewhere = models.BooleanField(default=False)  # not on the company's own account: factored, or the account has changed
    payee_name = models.CharField(max_length=200, default="", blank=True)  # who is paid then, as far as it is known
    payee_iban = models.CharField(max_length=34, default="", blank=True)
    source_key = models.CharField(max_length=200, default="", blank=True)  # what the importer knows it by

    class Meta:
        constraints = [
            _unique_of("customer"),
            _unique_of("supplier"),
            models.CheckConstraint(name="document_one_side", condition=ONE_SIDE),
            models.CheckConstraint(
                name="document_billed_on_customer_side",
                condition=Q(customer=None, billed_customer=None) | Q(customer__isnull=False, billed_customer__isnull=False),
            ),
            fields.check_one_of("document", "type", DOCUMENT_TYPES),
            fields.check_one_of("document", "block_reason", HOLD_REASONS),
        ]
        indexes = [
            models.Index(fields=["company", "number"], name="document_number"),
            models.Index(fields=["company"], condition=Q(no_dunning_temporary=True), name="document_blocked_temporarily"),
            models.Index(fields=["company"], condition=Q(paid_elsewhere=True), name="document_paid_elsewhere"),
            models.Index(fields=["company", "einvoice_status"], condition=~Q(einvoice_status=""), name="document_einvoice_status"),
        ]


class DueItem(models.Model):
    """One instalment of a document. The level lives here."""

    company = fields.company(repeats_parent=True)
    document = models.ForeignKey(Document, models.CASCADE, related_name="due_items", db_index=False)
    billed_customer = models.ForeignKey(
        "Customer", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False
    )  # the document's, whose constraint holds it
    no = models.PositiveIntegerField()
    due_date = models.DateField()
    amount = fields.amount()
    allocated_amount = fields.amount(default=0)
    open_amount = fields.amount()
    last_allocated_on = models.DateField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    last_dunned_on = models.DateField(null=True, blank=True)
    status = models.ForeignKey("Status", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    comment = models.TextField(default="", blank=True)
    expected_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(null=True, blank=True)
    promised_amount = fields.amount(null=True, blank=True)  # null: all that is open
    promise_made_on = models.DateField(null=True, blank=True)  # what was paid before does not keep it

    class Meta:
        ordering = ["document_id", "no"]
        constraints = [
            models.UniqueConstraint(fields=["document", "no"], name="dueitem_no_unique"),
            models.CheckConstraint(name="dueitem_amounts_add_up", condition=Q(amount=F("allocated_amount") + F("open_amount"))),
            level_known("dueitem"),
        ]
        indexes = [
            # what lists compare and add up is in the index, so that they read no row besides
            models.Index(
                fields=["company", "billed_customer", "due_date", "id", "open_amount"], condition=~Q(open_amount=0), name="dueitem_open"
            ),
            models.Index(fields=["company", "due_date", "id"], condition=~Q(open_amount=0), name="dueitem_due"),
            models.Index(
                fields=["company", "last_allocated_on"], condition=Q(last_allocated_on__isnull=False), name="dueitem_last_allocated"
            ),
            models.Index(fields=["company", "promised_on"], condition=Q(promised_on__isnull=False), name="dueitem_promised"),
        ]


class Payment(models.Model):
    """Money received, or returned, or written off. What its allocations leave is a payment on account."""

    company = fields.company(repeats_parent=True)
    customer = models.ForeignKey("Customer", models.PROTECT, null=True, blank=True, related_name="payments")
    supplier = models.ForeignKey("Supplier", models.PROTECT, null=True, blank=True, related_name="payments", db_index=False)
    reference = fields.code()
    kind = fields.one_of(PAYMENT_KINDS, "payment")
    date = models.DateField()
    amount = fields.amount()
    currency = fields.currency()
    allocated_amount = fields.amount(default=0)
    remaining_amount = fields.amount()
    last_allocated_on = models.DateField(null=True, blank=True)
    source_key = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "reference"], name="payment_reference_unique"),
            models.CheckConstraint(name="payment_one_side", condition=ONE_SIDE),
            models.CheckConstraint(name="payment_amounts_add_up", condition=Q(amount=F("allocated_amount") + F("remaining_amount"))),
            fields.check_one_of("payment", "kind", PAYMENT_KINDS),
        ]
        indexes = [
            models.Index(fields=["company", "customer"], condition=~Q(remaining_amount=0), name="payment_open"),
            models.Index(fields=["supplier"], condition=Q(supplier__isnull=False), name="payment_supplier"),
        ]


class Allocation(models.Model):
    """The dated part of a payment that lowers one due item."""

    company = fields.company(repeats_parent=True)
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="allocations")
    due_item = models.ForeignKey(DueItem, models.PROTECT, related_name="allocations")
    date = models.DateField()
    amount = fields.amount()

    class Meta:
        ordering = ["date", "id"]
        indexes = [models.Index(fields=["company", "date"], name="allocation_date")]
