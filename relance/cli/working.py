"""How are batches set up, looked at and launched by the command line, and how does a worker process run?"""

import re
import signal
import threading
from datetime import time
from typing import Annotated, Any, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, address, user
from relance.cli.tables.batches import show_batches, show_launch, show_launches
from relance.cli.terminal import show
from relance.cli.verb import FAILED, say
from relance.cli.words import speech_of, terminal_speech

Json = dict[str, Any]
Several = list[str] | None
Role = Literal["reader", "collector", "manager", "administrator"]
Code = Annotated[str, typer.Argument(metavar="CODE", help="The batch's code.")]
_LAST = 20  # launches that are shown


def worker(
    *, once: Annotated[bool, typer.Option("--once", help="Do what is to be done now, then end.")] = False, as_json: AsJson = False
) -> None:
    """Launch the batches that are due and send what is queued, until stopped; any number may run on PostgreSQL, killed at will."""
    from relance.work import work

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    last = work(stop, once=once)
    if as_json:
        print_json({"launched": last.launched, "sent": last.sent, "problems": last.problems})
    for problem in last.problems if once else ():
        say(problem)
    if once and last.problems:
        raise typer.Exit(FAILED)


def set_up(
    code: Code,
    company: CompanyCode,
    error_address: Annotated[
        str | None,
        typer.Option("--error-address", metavar="ADDRESS", parser=address, help="Who is told what goes wrong; needed for a new batch."),
    ] = None,
    label: Annotated[str | None, typer.Option("--label", metavar="TEXT", help="What it is called.")] = None,
    companies: Annotated[
        Several, typer.Option("--for", metavar="CODE", help="A company it runs for, instead of its own; may be repeated.")
    ] = None,
    at: Annotated[Several, typer.Option("--at", metavar="HH:MM", help="A time of day; may be repeated.")] = None,
    days: Annotated[str | None, typer.Option("--days", metavar="DIGITS", help="Days of the week, 1 is Monday: 12345.")] = None,
    cron: Annotated[str | None, typer.Option("--cron", metavar="LINE", help="A line of cron in place of days and times.")] = None,
    time_zone: Annotated[str | None, typer.Option("--time-zone", metavar="ZONE", help="Whose clock; the company's unless said.")] = None,
    holidays: Annotated[
        str | None, typer.Option("--holidays", metavar="REGION", help="Whose public holidays: FR, FR-57; the company's unless said.")
    ] = None,
    cc: Annotated[Several, typer.Option("--cc", metavar="ADDRESS", parser=address, help="Copies; may be repeated.")] = None,
    bcc: Annotated[Several, typer.Option("--bcc", metavar="ADDRESS", parser=address, help="Blind copies; may be repeated.")] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="ADDRESS", parser=address, help="Written from this address.")] = None,
    reply_to: Annotated[str | None, typer.Option("--reply-to", metavar="ADDRESS", parser=address, help="Answers go here.")] = None,
    log_level: Annotated[
        Literal["error", "warning", "info", "debug"] | None, typer.Option("--log-level", help="How much its log holds.")
    ] = None,
    runs_as: Annotated[str | None, typer.Option("--as", metavar="USER", help="Whom the history names.")] = None,
    may_see: Annotated[Role | None, typer.Option("--may-see", help="The least role that sees it.")] = None,
    may_change: Annotated[Role | None, typer.Option("--may-change", help="The least role that changes it.")] = None,
    may_launch: Annotated[Role | None, typer.Option("--may-launch", help="The least role that launches it.")] = None,
    *,
    every_company: Annotated[bool | None, typer.Option("--every-company/--not-every-company", help="It runs for all.")] = None,
    working_days: Annotated[
        bool | None, typer.Option("--working-days/--any-day", help="Not on Saturdays, Sundays and public holidays.")
    ] = None,
    dry_run: Annotated[bool | None, typer.Option("--dry-run/--for-real", help="Only simulates.")] = None,
    as_json: AsJson = False,
) -> None:
    """Create a batch, or change what is said of one. Without times or cron it is launched by hand only."""
    from django.utils import timezone

    from relance.models.finding import find_company
    from relance.steps.batching import set_up as apply

    wishes = {
        "error_address": error_address,
        "label": label,
        "companies": _lines(companies),
        "times": _times(at),
        "weekdays": _days(days),
        "cron": _cron(cron),
        "time_zone": _zone(time_zone),
        "holidays": _region(holidays),
        "cc": _lines(cc),
        "bcc": _lines(bcc),
        "sender": sender,
        "reply_to": reply_to,
        "log_level": log_level,
        "runs_as": runs_as,
        "may_see": may_see,
        "may_change": may_change,
        "may_launch": may_launch,
        "every_company": every_company,
        "working_days_only": working_days,
        "dry_run": dry_run,
    }
    if at is not None and cron is not None:
        raise typer.BadParameter("a batch has either times or a line of cron", param_hint="--cron")
    if at is not None or cron is not None:
        wishes |= {"times": wishes["times"] or "", "cron": wishes["cron"] or ""}
    found = find_company(company)
    changed = apply(found, code, {name: wish for name, wish in wishes.items() if wish is not None}, by=user(), now=timezone.now())
    _answer_changed(changed, as_json=as_json)


def list_batches(
    company: Annotated[str | None, typer.Option("--company", metavar="CODE", help="Only the batches of this company.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the batches: when each is due next, how it ended last, and whether it is late."""
    from django.utils import timezone

    from relance.models.batches import Batch
    from relance.steps.batching import told_of

    batches = Batch.objects.select_related("company").order_by("code")
    if company is not None:
        from relance.models.finding import find_company

        batches = batches.filter(company=find_company(company))
    told = [told_of(batch, timezone.now()) for batch in batches]
    if as_json:
        print_json({"batches": told})
    else:
        show_batches(told, terminal_speech())


def show_batch(code: Code, *, as_json: AsJson = False) -> None:
    """Show a batch and its last launches, with the log of the latest."""
    from django.utils import timezone

    from relance.steps.batching import find_batch, told_launch, told_of

    batch = find_batch(code)
    launches = [told_launch(launch) for launch in batch.launches.order_by("-started_at")[:_LAST]]
    if as_json:
        print_json(told_of(batch, timezone.now()) | {"launches": launches})
        return
    words = speech_of(batch.company.language)
    show_batches([told_of(batch, timezone.now())], words)
    show_launches(launches, words)
    if launches:
        show(launches[0]["log"])


def pause(code: Code, *, as_json: AsJson = False) -> None:
    """Pause a batch: its moments pass over, and are not made up."""
    _set_paused(code, paused=True, as_json=as_json)


def resume(code: Code, *, as_json: AsJson = False) -> None:
    """Let a paused batch run again, from its next moment on."""
    _set_paused(code, paused=False, as_json=as_json)


def remove(code: Code, *, as_json: AsJson = False) -> None:
    """Take a batch away with the logs of its launches; what it issued stays."""
    from relance.steps import batching

    batching.remove(batching.find_batch(code), by=user())
    _answer_changed([{"what": "removed", "before": False, "after": True}], as_json=as_json)


def launch(
    code: Code, *, no_wait: Annotated[bool, typer.Option("--no-wait", help="Leave it to the workers.")] = False, as_json: AsJson = False
) -> None:
    """Launch a batch by hand, as of today, and wait for its end."""
    from django.utils import timezone

    from relance.steps import batching
    from relance.work.launching import launch_now

    batch = batching.find_batch(code)
    if no_wait:
        batching.ask_to_launch(batch, by=user())
        _answer_changed([{"what": "asked_by", "before": "", "after": user()}], as_json=as_json)
        return
    ended = launch_now(batch, user(), timezone.now())
    if as_json:
        print_json(batching.told_launch(ended))
    else:
        show_launch(batching.told_launch(ended), speech_of(batch.company.language))
    problems = [f"{result['company']}: {result['problem']}" for result in ended.results if result["problem"]]
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(FAILED)


def _set_paused(code: str, *, paused: bool, as_json: bool) -> None:
    from django.utils import timezone

    from relance.steps import batching

    _answer_changed(batching.set_paused(batching.find_batch(code), paused=paused, by=user(), now=timezone.now()), as_json=as_json)


def _answer_changed(changed: list[Json], *, as_json: bool) -> None:
    from relance.cli.correcting import show_changed

    show_changed([{"document": None, "no": None} | change for change in changed], as_json=as_json)


def _lines(values: Several) -> str | None:
    return None if values is None else "\n".join(values)


def _times(values: Several) -> str | None:
    try:
        read = [time.fromisoformat(value) for value in values or () if re.fullmatch(r"\d\d:\d\d", value) or _refuse(value)]
    except ValueError as error:
        raise typer.BadParameter(f'not a time of day such as 08:30: "{error}"', param_hint="--at") from None
    return None if values is None else "\n".join(sorted({f"{at:%H:%M}" for at in read}))


def _refuse(value: str) -> bool:
    raise ValueError(value)


def _days(digits: str | None) -> str | None:
    if digits is not None and not re.fullmatch("[1-7]{1,7}", digits):
        raise typer.BadParameter(f'not days of the week as digits from 1 (Monday) to 7: "{digits}"', param_hint="--days")
    return digits and "".join(sorted(set(digits)))


def _cron(line: str | None) -> str | None:
    from relance.models.moments import refuse_cron

    try:
        if line:
            refuse_cron(line)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--cron") from None
    return line


def _zone(name: str | None) -> str | None:
    from zoneinfo import available_timezones

    if name and name not in available_timezones():
        raise typer.BadParameter(f'not a time zone such as Europe/Paris: "{name}"', param_hint="--time-zone")
    return name


def _region(name: str | None) -> str | None:
    from relance.models.calendar import knows_holidays

    if name and not knows_holidays(name):
        raise typer.BadParameter(f'no holidays are known of "{name}"; FR and FR-57 are such names', param_hint="--holidays")
    return name
