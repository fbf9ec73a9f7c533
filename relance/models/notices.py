"""What was written to whom: runs, their notices, and the due items that each notice claims."""

from typing import Any

from django.db import models
from django.db.models import Q

from relance.models import fields
from relance.models.company import CHANNELS
from relance.models.parties import level_known

RUN_KINDS = ("batch", "edition", "manual")
RUN_STATUSES = ("running", "done", "broken_off", "cancelled")
NOTICE_STATUSES = ("proposed", "queued", "drafted", "sent", "printed", "failed", "bounced", "unsure", "withdrawn", "cancelled")
NOTICE_CHANNELS = (*CHANNELS, "draft")
TO_LOOK_AT = ("failed", "bounced", "unsure", "drafted")  # somebody has to do something about it
CAME_TO_NOTHING = ("failed", "bounced")  # it can be tried again
IN_FLIGHT = ("queued", "drafted", "unsure")  # such a notice claims its due items: no other may


def to_look_at() -> Q:
    """Notices that somebody has to do something about."""
    return fields.one_by_one("status", TO_LOOK_AT)


class Run(models.Model):
    """One execution that issues notices. What it was asked and what it read of the set-up are frozen in it."""

    company = fields.company()
    number = models.PositiveIntegerField()
    kind = fields.one_of(RUN_KINDS, "batch")
    as_of = models.DateField()
    status = fields.one_of(RUN_STATUSES, "running")
    parameters = models.JSONField(default=dict)  # what was asked, as on the command line
    settings = models.JSONField(default=dict)  # the creditor's identity and the texts of the levels, as they were
    by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(default="", blank=True)
    launch = models.ForeignKey("Launch", models.SET_NULL, null=True, blank=True, related_name="runs")  # of the batch it is part of
    skipped: Any = models.ManyToManyField("Document", related_name="+")  # whose temporary block ends with the run, until it has ended

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="run_number_unique"),
            fields.check_one_of("run", "kind", RUN_KINDS),
            fields.check_one_of("run", "status", RUN_STATUSES),
        ]


class Notice(models.Model):
    """One letter or e-mail to one customer, frozen when issued: nothing on it is read from live tables afterwards."""

    company = fields.company(repeats_parent=True)
    run = models.ForeignKey(Run, models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()
    position = models.PositiveBigIntegerField()  # place of the customer in the run's sort order
    customer = models.ForeignKey("Customer", models.PROTECT, related_name="notices", db_index=False)
    level = models.PositiveSmallIntegerField()
    channel = fields.one_of(NOTICE_CHANNELS, "email")
    status = fields.one_of(NOTICE_STATUSES, "proposed")
    language = models.CharField(max_length=2)
    to = fields.lines()
    cc = fields.lines()
    recipient = models.JSONField(default=dict)  # {"code", "name", "kind", "contact", "policy", "address": [lines]} as they were
    totals = models.JSONField(default=dict)  # {currency: minor units}: lines less credits
    credits = models.JSONField(default=list)  # [{"document", "date", "due_date", "open", "currency"}] in minor units
    credits_later = fields.amount(default=0)  # what credits dated after the run added up to: one more of them withdraws the notice
    not_due = models.JSONField(default=list)  # what will fall due later, told beside the claim, where the company shows it
    charges = models.JSONField(null=True, blank=True)  # interest and indemnity claimed, apart from the totals
    template = models.ForeignKey(
        "TemplateVersion", models.PROTECT, null=True, blank=True, related_name="notices"
    )  # null: the general letter

    message_id = models.CharField(max_length=200, default="", blank=True)
    thread = fields.lines()  # Message-IDs of the earlier notices of the same debt that it follows, oldest first
    claimed_by = models.CharField(max_length=200, default="", blank=True)  # first mark: a worker has taken it up
    claimed_at = models.DateTimeField(null=True, blank=True)
    transmitting_at = models.DateTimeField(null=True, blank=True)  # second mark: the last byte may have left
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often it was offered and not taken for now
    next_try_at = models.DateTimeField(null=True, blank=True)  # not offered again before then
    issued_at = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=150, default="", blank=True)
    outcome = models.TextField(default="", blank=True)  # what the server answered, why it was withdrawn or cancelled
    refused = fields.lines()  # recipients the server did not take
    customer_level_before = models.PositiveSmallIntegerField(null=True, blank=True)  # null: issuing did not touch the customer
    customer_dunned_before = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="notice_number_unique"),
            fields.check_one_of("notice", "channel", NOTICE_CHANNELS),
            models.CheckConstraint(
                name="notice_status_known", condition=fields.one_by_one("status", NOTICE_STATUSES)
            ),  # a run changes many
            level_known("notice"),
        ]
        indexes = [
            models.Index(fields=["company", "customer"], name="notice_customer"),
            models.Index(fields=["company"], condition=Q(status="queued"), name="notice_queued"),
            models.Index(fields=["company", "status"], condition=to_look_at(), name="notice_to_look_at"),
        ]


class NoticeLine(models.Model):
    """One due item on a notice: what it said, and what issuing changed (so that cancelling can put it back)."""

    company = fields.company(repeats_parent=True)
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines", db_constraint=False)  # both are inserted by one function
    due_item = models.ForeignKey("DueItem", models.PROTECT, related_name="notice_lines")
    in_flight = models.BooleanField(default=False)
    document_number = fields.code()
    date = models.DateField()
    label = models.CharField(max_length=200, default="", blank=True)
    due_date = models.DateField()
    amount = fields.amount()
    open_amount = fields.amount()
    ledger_open = fields.amount()  # open that day whatever the run's date: any payment since shows here
    currency = fields.currency()
    days_overdue = models.IntegerField()
    interest = fields.amount(null=True, blank=True)
    level_before = models.PositiveSmallIntegerField()
    level_after = models.PositiveSmallIntegerField()
    dunned_before = models.DateField(null=True, blank=True)
    comment_before = models.TextField(default="", blank=True)
    expected_before = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["notice_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["due_item"], condition=Q(in_flight=True), name="one_notice_in_flight_per_due_item"),
        ]
