"""What did the bank say, and for what was it? Accounts, the entries of their statements, and how payments were matched with documents.

An entry becomes payments when it is known whose they are: by a match that the import was certain of, or that a person made.
"""

from django.db import models
from django.db.models import Q

from relance.models import fields

ENTRY_KINDS = ("receipt", "return", "other")
ENTRY_STATES = ("waiting", "matched", "ignored")
SET_ASIDE = Q(state="ignored") & ~Q(kind="other")  # by a person: other money was never to be matched
MATCHED_HOW = ("certain", "accepted", "by_hand", "known_payer", "left")


class BankAccount(models.Model):
    """An account of the company: its IBAN, or bank, branch and number joined by hyphens."""

    company = fields.company()
    code = fields.code()
    currency = fields.currency()
    told_until = models.DateField(null=True, blank=True)  # the last day that a statement speaks of
    balance = fields.amount(null=True, blank=True)  # at the end of that day, where the statement says it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="bankaccount_code_unique")]

    def __str__(self) -> str:
        return self.code


class BankEntry(models.Model):
    """One movement of an account. What the bank tells twice is known again by its key and kept once."""

    company = fields.company()
    account = models.ForeignKey(BankAccount, models.CASCADE, related_name="entries", db_index=False)
    key = models.CharField(max_length=64)
    booked_on = models.DateField()
    amount = fields.amount()  # below zero: money that went out
    kind = fields.one_of(ENTRY_KINDS, "other")
    state = fields.one_of(ENTRY_STATES, "waiting")
    payer = models.CharField(max_length=140, default="", blank=True)
    payer_key = models.CharField(max_length=200, default="", blank=True)  # the collation key of the payer's name
    payer_iban = models.CharField(max_length=34, default="", blank=True)
    says = models.CharField(max_length=500, default="", blank=True)
    reference = models.CharField(max_length=80, default="", blank=True)
    bank_reference = models.CharField(max_length=80, default="", blank=True)
    batch = models.CharField(max_length=80, default="", blank=True)
    code = models.CharField(max_length=20, default="", blank=True)
    return_reason = models.CharField(max_length=20, default="", blank=True)
    aside_on = models.DateField(null=True, blank=True)  # by a person, who said why, or did not
    aside_by = models.CharField(max_length=150, default="", blank=True)
    aside_reason = models.CharField(max_length=200, default="", blank=True)
    day_begins_at = fields.amount(null=True, blank=True)  # the balance before that day's entries, in the statement that told this one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="bankentry_key_unique"),
            fields.check_one_of("bankentry", "kind", ENTRY_KINDS),
            fields.check_one_of("bankentry", "state", ENTRY_STATES),
            models.CheckConstraint(
                name="bankentry_sign", condition=Q(kind="receipt", amount__gt=0) | Q(kind="return", amount__lt=0) | Q(kind="other")
            ),
        ]
        indexes = [
            models.Index(fields=["company", "booked_on", "id"], condition=Q(state="waiting"), name="bankentry_waiting"),
            models.Index(fields=["company", "booked_on", "id"], condition=SET_ASIDE, name="bankentry_set_aside"),
            models.Index(fields=["account", "booked_on"], name="bankentry_day"),
            models.Index(fields=["company", "payer_iban"], condition=~Q(payer_iban=""), name="bankentry_payer_iban"),
            models.Index(fields=["company", "payer_key"], condition=~Q(payer_key=""), name="bankentry_payer_key"),
        ]


class Match(models.Model):
    """What was decided of a payment at one time: the parts of it that went to due items, and what undoing it has to put back."""

    company = fields.company()
    number = models.PositiveIntegerField()
    payment = models.ForeignKey("Payment", models.CASCADE, related_name="matches")
    entry = models.ForeignKey(BankEntry, models.CASCADE, null=True, blank=True, related_name="matches")  # which made the payment
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    how = fields.one_of(MATCHED_HOW, "by_hand")
    reason = models.CharField(max_length=40, default="", blank=True)
    parts = models.JSONField(default=list, blank=True)  # [[customer, document, no, day, amount], …], what they are named by
    restores = models.JSONField(default=list, blank=True)  # [["level", customer, level], ["payment_method", customer, document, code], …]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="match_number_unique"),
            fields.check_one_of("match", "how", MATCHED_HOW),
        ]


def next_number(company_id: int) -> int:
    """The number of the company's next match, in the caller's transaction, which holds the company's row."""
    last = Match.objects.filter(company=company_id).aggregate(last=models.Max("number"))["last"]
    return (last or 0) + 1
