"""Which automatic runs has a company set up, when are they due, and what came of each time they were launched? (Register K67, K68.)"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from relance.models import fields

ROLES = ("reader", "collector", "manager", "administrator")  # each may what the one before may
LOG_LEVELS = ("error", "warning", "info", "debug")
LAUNCH_STATUSES = ("deciding", "sending", "done", "refused", "broken_off")
UNDER_WAY = ("deciding", "sending")
LATE = timedelta(minutes=30)  # after its moment, a batch that has not been launched alarms
REPORTS = ("none", "due", "sent")


class Batch(models.Model):
    """An automatic run as it is set up: for which companies, with which addresses, when, and who may do what with it."""

    company = fields.company()
    code = models.CharField(max_length=80, unique=True)  # among the batches of all companies
    label = models.CharField(max_length=200, default="", blank=True)
    companies = fields.lines()  # codes, one a line; none: its own company
    every_company = models.BooleanField(default=False)
    error_address = models.CharField(max_length=254)  # who is told what went wrong
    cc = fields.lines()
    bcc = fields.lines()
    sender = models.CharField(max_length=254, default="", blank=True)  # empty: each company's own
    reply_to = models.CharField(max_length=254, default="", blank=True)
    dry_run = models.BooleanField(default=False)
    log_level = fields.one_of(LOG_LEVELS, "info")
    runs_as = models.CharField(max_length=150, default="", blank=True)  # empty: whoever launches it, else its code

    may_see = fields.one_of(ROLES, "reader")
    may_change = fields.one_of(ROLES, "administrator")
    may_launch = fields.one_of(ROLES, "manager")

    weekdays = models.CharField(max_length=7, default="1234567")  # 1 is Monday
    times = fields.lines()  # HH:MM, one a line; none, and no cron: launched by hand only
    cron = models.CharField(max_length=100, default="", blank=True)  # in place of days and times
    working_days_only = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=40, default="", blank=True)  # empty: the company's
    holidays = models.CharField(max_length=20, default="", blank=True)  # empty: the company's
    paused = models.BooleanField(default=False)

    next_at = models.DateTimeField(null=True, blank=True)  # the moment that is due next, or has been missed
    asked_by = models.CharField(max_length=150, default="", db_default="", blank=True)  # who has asked the workers to launch it
    late_told_at = models.DateTimeField(null=True, blank=True)  # the missed moment of which the alarm was given

    class Meta:
        verbose_name_plural = "batches"
        constraints = [
            models.CheckConstraint(name="batch_error_address_given", condition=~Q(error_address="")),
            models.CheckConstraint(name="batch_one_schedule", condition=Q(times="") | Q(cron="")),
            fields.check_one_of("batch", "log_level", LOG_LEVELS),
            fields.check_one_of("batch", "may_see", ROLES),
            fields.check_one_of("batch", "may_change", ROLES),
            fields.check_one_of("batch", "may_launch", ROLES),
        ]

    def __str__(self) -> str:
        return self.code

    def is_late(self, now: datetime) -> bool:
        """Whether it has not run when it should have: nobody has taken it up for a while."""
        return not self.paused and self.next_at is not None and now - self.next_at > LATE


class Launch(models.Model):
    """One time that a batch ran: its log, how long it took, what it sent, and what it left out and why."""

    company = fields.company()
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="launches")
    due_at = models.DateTimeField(null=True, blank=True)  # the moment it was due at; null: launched by hand
    as_of = models.DateField()
    by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    status = fields.one_of(LAUNCH_STATUSES, "deciding")
    log = models.TextField(default="", blank=True)
    results = models.JSONField(default=list)  # [{"company", "run", "notices": {status: n}, "left_out": {reason: n}, "problem"}]
    held_by = models.CharField(max_length=200, default="", db_default="", blank=True)  # the worker that decides
    held_at = models.DateTimeField(null=True, blank=True)
    report = fields.one_of(REPORTS, "none")  # whether its log is to be mailed to the batch's error address

    class Meta:
        verbose_name_plural = "launches"
        constraints = [
            models.UniqueConstraint(fields=["batch"], condition=Q(status__in=UNDER_WAY), name="a_batch_never_overlaps_itself"),
            models.UniqueConstraint(fields=["batch", "started_at"], name="launch_started_at_unique"),
            fields.check_one_of("launch", "status", LAUNCH_STATUSES),
            fields.check_one_of("launch", "report", REPORTS),
        ]
