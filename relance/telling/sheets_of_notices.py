"""What do runs and what they wrote say as files? What was left out, what went with notices, what comes: the columns under their heads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relance.core import money
from relance.models import Company, Notice, Run
from relance.models.finding import names_of
from relance.models.lists.overview import Outcome, outcomes
from relance.steps.foreseeing import Coming
from relance.telling.list_file import Amount, Column, by_chunks
from relance.telling.sentences import in_words
from relance.telling.sheets_of_ledger import level_cell
from relance.telling.why import reason_told
from relance.telling.words import CHANNELS, ENCLOSED, MAIL_STATUSES, MAILS, REPORT_KINDS, RUN_KINDS, RUN_STATUSES, STATUSES

_NOTHING: Sequence[Any] = (None,)  # one line without an amount


class Ran(NamedTuple):
    """A run with what came of it in one currency."""

    run: Run
    counts: Mapping[str, int]
    claimed: Amount | None


RUNS: list[Column] = [
    (_("No."), lambda row: row.run.number),
    (_("Kind"), lambda row: str(RUN_KINDS[row.run.kind])),
    (_("Of"), lambda row: row.run.as_of),
    (_("Started"), lambda row: row.run.started_at),
    (_("By"), lambda row: row.run.by),
    (_("Status"), lambda row: str(RUN_STATUSES[row.run.status][0])),
    (_("Notices"), lambda row: sum(row.counts.values())),
    (_("sent"), lambda row: row.counts.get("sent", 0)),
    (_("printed"), lambda row: row.counts.get("printed", 0)),
    (_("failed"), lambda row: row.counts.get("failed", 0)),
    (_("Claimed"), lambda row: row.claimed),
    (_("Currency"), lambda row: row.claimed and row.claimed.currency),
]


def ran(runs: Iterable[Run]) -> Iterator[Ran]:
    """The runs with their outcomes, a line for each currency."""
    for chunk in by_chunks(runs, 100):
        known = outcomes(chunk)
        for one in chunk:
            outcome = known.get(one.pk, Outcome({}, {}))
            sums = [Amount(total, currency) for currency, total in outcome.claimed.items()]
            yield from (Ran(one, outcome.counts, claimed) for claimed in sums or _NOTHING)


class Written(NamedTuple):
    """A notice with what it claims in one currency."""

    notice: Notice
    claimed: Amount | None


NOTICES: list[Column] = [
    (_("No."), lambda row: row.notice.number),
    (_("Run"), lambda row: row.notice.run.number),
    (_("Date"), lambda row: row.notice.run.as_of),
    (_("Customer’s code"), lambda row: row.notice.recipient.get("code")),
    (_("Customer"), lambda row: row.notice.recipient.get("name")),
    (_("Level"), lambda row: level_cell(row.notice.level)),
    (_("Channel"), lambda row: str(CHANNELS[row.notice.channel])),
    (_("Goes to"), lambda row: row.notice.to.replace("\n", ", ")),
    (_("Address"), lambda row: ", ".join(row.notice.recipient.get("address") or ())),
    (_("Claimed"), lambda row: row.claimed),
    (_("Currency"), lambda row: row.claimed and row.claimed.currency),
    (_("Status"), lambda row: str(STATUSES[row.notice.status][0])),
    (_("Issued"), lambda row: row.notice.issued_at),
    (_("outcome"), lambda row: in_words(row.notice.outcome)),
]


def written(notices: Iterable[Notice]) -> Iterator[Written]:
    """The notices with what they claim, a line for each currency."""
    for one in notices:
        sums = [Amount(total, currency) for currency, total in one.totals.items()]
        yield from (Written(one, claimed) for claimed in sums or _NOTHING)


class Proposed(NamedTuple):
    """One document on a notice that would be sent, as a run answers it."""

    notice: Mapping[str, Any]
    line: Mapping[str, Any]
    name: str


PROPOSED: list[Column] = [
    (_("Customer’s code"), lambda row: row.notice["customer"]),
    (_("Customer"), lambda row: row.name),
    (_("Level"), lambda row: row.notice["level"]),
    (_("Channel"), lambda row: str(CHANNELS[row.notice["channel"]])),
    (_("Goes to"), lambda row: ", ".join(row.notice["to"])),
    (_("Subject"), lambda row: row.notice["subject"]),
    (_("Document"), lambda row: row.line["document"]),
    (_("Due on"), lambda row: date.fromisoformat(row.line["due_date"])),
    (_("Days late"), lambda row: row.line["days_overdue"]),
    (_("Open"), lambda row: Amount(money.parse(row.line["open"], row.line["currency"]), row.line["currency"])),
    (_("Currency"), lambda row: row.line["currency"]),
]


def proposed(company: Company, notices: Iterable[Mapping[str, Any]]) -> Iterator[Proposed]:
    """The notices of a proposal, a line for each document."""
    for chunk in by_chunks(notices):
        names = names_of(company, {one["customer"] for one in chunk})
        yield from (Proposed(one, line, names.get(one["customer"], "")) for one in chunk for line in one["lines"])


LEFT_OUT: list[Column] = [
    (_("Customer"), lambda row: row.customer),
    (_("Document"), lambda row: row.document),
    (_("Due on"), lambda row: date.fromisoformat(row.due_date)),
    (_("Reason"), lambda row: reason_told(row.reason)),
]

ENCLOSURES: list[Column] = [
    (_("Notice"), lambda row: row["notice"]),
    (_("Customer’s code"), lambda row: row["customer"]),
    (_("Level"), lambda row: level_cell(row["level"])),
    (_("Channel"), lambda row: str(CHANNELS[row["channel"]])),
    (_("Document"), lambda row: row["document"]),
    (_("Attached"), lambda row: str(ENCLOSED[row["state"]])),
    (_("File"), lambda row: row["filename"]),
    ("SHA-256", lambda row: row["sha256"]),
]

MAIL: list[Column] = [
    (_("No."), lambda row: row.number),
    (_("When"), lambda row: row.at),
    (_("Who"), lambda row: row.by),
    (_("To whom"), lambda row: str(MAILS[row.kind])),
    (pgettext_lazy("recipient", "To"), lambda row: row.to.replace("\n", ", ")),
    (_("Subject"), lambda row: row.subject),
    (_("Documents"), lambda row: row.documents.replace("\n", ", ")),
    (_("Status"), lambda row: str(MAIL_STATUSES[row.status][0])),
    (_("outcome"), lambda row: row.outcome),
]
REPORTS: list[Column] = [
    (_("When"), lambda row: row.at),
    (_("What"), lambda row: str(REPORT_KINDS[row.kind])),
    (pgettext_lazy("recipient", "To"), lambda row: row.recipients.replace("\n", ", ")),
    (_("About"), lambda row: row.notice.number if row.notice else row.mail.subject if row.mail else row.subject),
    (_("Details"), lambda row: f"{row.status_code} {row.text}".strip()),
    (_("Seen to by"), lambda row: row.dealt_by),
]


# -- what comes


COMING: list[Column] = [
    (_("Date"), lambda row: row[0].on),
    (_("Customer’s code"), lambda row: row[0].customer),
    (_("Customer"), lambda row: row[0].name),
    (_("Level"), lambda row: row[0].level),
    (_("Channel"), lambda row: str(CHANNELS[row[0].channel])),
    (_("Due items"), lambda row: row[0].lines),
    (_("Amount"), lambda row: row[1]),
    (_("Currency"), lambda row: row[1].currency),
]


def coming(notices: Iterable[Coming]) -> Iterator[tuple[Coming, Amount]]:
    """The notices to come, a line for each currency."""
    return ((one, Amount(total, currency)) for one in notices for currency, total in one.totals.items())
