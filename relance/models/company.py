"""How is a company set up: its options, policies and levels, payment methods, statuses and collaborators?"""

from django.db import models
from django.db.models import F, Q

from relance.models import fields

LEVEL_BASES = ("due_date", "last_dunning")
CLOCKS = ("due_date", "last_dunning", "end_of_month")
PROGRESSIONS = ("by_age", "stepwise")
CHANNELS = ("email", "letter")
EMAIL_GROUPINGS = ("by_level", "by_customer")
LETTER_GROUPINGS = ("customer", "site", "invoice")
CUSTOMER_LEVELS = ("all_notices", "letters")
NO_RECIPIENT_CHANNELS = ("none", "letter")
CEILINGS = ("none", "first", "every")
ATTACH_INVOICES = ("none", "email", "letter", "both")
LEVEL_NA = 100  # a level column holds 0 to 9, or this for NA: above every level, so that no comparison takes it for a low one


class Company(models.Model):
    """The creditor. Levels, options, numbering and rights belong to it."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    currency = fields.currency()
    country = models.CharField(max_length=2, default="FR")
    language = models.CharField(max_length=2, default="fr")
    siren = models.CharField(max_length=20, default="", blank=True)
    vat_number = models.CharField(max_length=20, default="", blank=True)
    iban = models.CharField(max_length=34, default="", blank=True)
    bic = models.CharField(max_length=11, default="", blank=True)
    address = fields.lines()
    sender_email = models.CharField(max_length=254, default="", blank=True)

    level_basis = fields.one_of(LEVEL_BASES, "due_date")
    contacts_of_billed_customer = models.BooleanField(default=False)
    dun_creditor_customers = models.BooleanField(default=False)
    min_invoice_amount = fields.amount(default=0)
    expected_payment_delay_days = models.PositiveIntegerField(default=0)
    originals_only = models.BooleanField(default=True)
    attach_invoices = fields.one_of(ATTACH_INVOICES, "none")  # which notices the invoices go with
    attachments_limit_mb = models.PositiveIntegerField(default=10)  # of an e-mail, in its own bytes
    letter_grouping = fields.one_of(LETTER_GROUPINGS, "customer")
    promise_grace_days = models.PositiveIntegerField(default=3)
    progression = fields.one_of(PROGRESSIONS, "by_age")
    min_days_between = models.PositiveIntegerField(null=True, blank=True)  # null: nothing said, the progression decides
    email_grouping = fields.one_of(EMAIL_GROUPINGS, "by_level")
    include_credits = models.BooleanField(default=True)
    customer_level = fields.one_of(CUSTOMER_LEVELS, "all_notices")
    no_recipient_channel = fields.one_of(NO_RECIPIENT_CHANNELS, "none")
    fallback_payment_method = models.ForeignKey("PaymentMethod", models.SET_NULL, null=True, blank=True, related_name="+")
    payment_terms = models.CharField(max_length=20, default="30")  # what gives a due date to an invoice that comes without one
    interest_rate = models.PositiveIntegerField(null=True, blank=True)  # contractual, hundredths of a percent; null: the statutory rate
    messages_per_minute = models.PositiveIntegerField(null=True, blank=True)  # null: as many as the mail server takes
    time_zone = models.CharField(max_length=40, default="Europe/Paris")  # whose clock and calendar its batches follow
    holidays = models.CharField(max_length=20, default="", blank=True)  # whose public holidays: FR, FR-57; empty: its country's
    max_ledger_age_days = models.PositiveIntegerField(null=True, blank=True)  # older documents forbid automatic runs; null: never
    max_bank_age_days = models.PositiveIntegerField(null=True, blank=True)  # older payments likewise
    hold_unmatched_payments = models.BooleanField(default=False)
    ceiling = fields.one_of(CEILINGS, "none")  # which automatic runs stop above the two that follow, until a person has looked
    ceiling_notices = models.PositiveIntegerField(null=True, blank=True, default=100)
    ceiling_amount = fields.amount(null=True, blank=True)
    documents_at = models.DateTimeField(null=True, blank=True)  # when documents were last brought in
    payments_at = models.DateTimeField(null=True, blank=True)

    display = models.JSONField(default=dict, blank=True)  # what letters show, as far as it is not the default: ``core/display.py``
    messaging = models.JSONField(default=dict, blank=True)  # its mail server and mailbox, likewise: ``core/messaging.py``

    last_run_number = models.PositiveIntegerField(default=0)
    last_notice_number = models.PositiveIntegerField(default=0)
    last_event_number = models.PositiveBigIntegerField(default=0)
    last_event_hash = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name_plural = "companies"
        constraints = [
            fields.check_one_of("company", "level_basis", LEVEL_BASES),
            fields.check_one_of("company", "letter_grouping", LETTER_GROUPINGS),
            fields.check_one_of("company", "progression", PROGRESSIONS),
            fields.check_one_of("company", "email_grouping", EMAIL_GROUPINGS),
            fields.check_one_of("company", "customer_level", CUSTOMER_LEVELS),
            fields.check_one_of("company", "no_recipient_channel", NO_RECIPIENT_CHANNELS),
            fields.check_one_of("company", "attach_invoices", ATTACH_INVOICES),
            fields.check_one_of("company", "ceiling", CEILINGS),
            models.CheckConstraint(name="company_min_invoice_amount_positive", condition=Q(min_invoice_amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Policy(models.Model):
    """A set of levels. The company's default policy has the empty code; a customer may carry another."""

    company = fields.company()
    code = fields.code(blank=True)
    progression = models.CharField(max_length=20, null=True, blank=True)  # null: the company's
    min_days_between = models.PositiveIntegerField(null=True, blank=True)  # null: the company's

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["company", "code"], name="policy_code_unique"),
            fields.check_one_of("policy", "progression", PROGRESSIONS, or_null=True),
        ]

    def __str__(self) -> str:
        return self.code or "(default)"


class PolicyLevel(models.Model):
    """One row of a policy: from how many days to how many days the level applies, and what it says."""

    company = fields.company()
    policy = models.ForeignKey(Policy, models.CASCADE, related_name="levels")
    level = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200, default="", blank=True)
    lower_bound = models.IntegerField()
    upper_bound = models.IntegerField(null=True, blank=True)
    clock = models.CharField(max_length=20, null=True, blank=True)
    automatic = models.BooleanField(default=True)
    channel = fields.one_of(CHANNELS, "email")
    charge_interest = models.BooleanField(default=False)
    charge_indemnity = models.BooleanField(default=False)
    attach_invoices = models.CharField(max_length=20, null=True, blank=True)  # null: the company's
    subject = models.TextField(default="", blank=True)
    header = models.TextField(default="", blank=True)
    footer = models.TextField(default="", blank=True)
    texts = models.JSONField(default=dict, blank=True)  # {language: {subject, header, footer}}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "level"], name="policylevel_level_unique"),
            models.CheckConstraint(name="policylevel_level_known", condition=Q(level__gte=1, level__lte=9) | Q(level=LEVEL_NA)),
            models.CheckConstraint(name="policylevel_bounds_ordered", condition=Q(upper_bound=None) | Q(upper_bound__gte=F("lower_bound"))),
            fields.check_one_of("policylevel", "clock", CLOCKS, or_null=True),
            fields.check_one_of("policylevel", "channel", CHANNELS),
            fields.check_one_of("policylevel", "attach_invoices", ATTACH_INVOICES, or_null=True),
        ]


class PaymentMethod(models.Model):
    """How a document is to be paid. A direct debit is not dunnable, whoever asks."""

    company = fields.company()
    code = fields.code()
    label = models.CharField(max_length=200, default="", blank=True)
    dunnable = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="paymentmethod_code_unique")]


class Status(models.Model):
    """Where the follow-up of a due item stands; some statuses (dispute) stop dunning."""

    company = fields.company()
    code = fields.code()
    label = models.CharField(max_length=200, default="", blank=True)
    stops_dunning = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "statuses"
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="status_code_unique")]


class CustomerType(models.Model):
    """What a type of customers is called. Customers carry the code alone, which a ledger or a list brings; it need not stand here."""

    company = fields.company()
    code = fields.code()
    label = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="customertype_code_unique")]


class Collaborator(models.Model):
    """An employee of the company: sales rep of customers, manager of invoices."""

    company = fields.company()
    code = fields.code()
    name = models.CharField(max_length=200, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="collaborator_code_unique")]
