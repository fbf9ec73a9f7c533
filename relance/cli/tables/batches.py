"""How do people read which batches there are, and what came of each time they were launched?"""

from collections.abc import Iterable, Mapping
from typing import Any

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech

Json = dict[str, Any]
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def show_batches(batches: Iterable[Json], words: Speech) -> None:
    """One line for each batch."""
    heads = ("Batch", "Label", "Company", "For", "Schedule", "Next", "Last launch", "State")
    rows = [
        (
            batch["code"],
            batch["label"],
            batch["company"],
            words("all companies") if batch["for"] == "all" else ", ".join(batch["for"]),
            _schedule(batch, words),
            words.instant(batch["next_at"]) if batch["next_at"] else "",
            f"{words.instant(batch['last']['at'])}, {words(batch['last']['status'])}" if batch["last"] else "",
            words("paused") if batch["paused"] else words("late") if batch["late"] else "",
        )
        for batch in batches
    ]
    if rows:
        show_table([words(head) for head in heads], rows, cut=[words("Label")])
    else:
        show(words("There is no batch."))


def show_launches(launches: Iterable[Json], words: Speech) -> None:
    """One line for each launch, the latest first."""
    heads = [words(head) for head in ("Begun", "By", "State", "Seconds", "Notices", "Left out")]
    rows = [
        (
            words.instant(launch["started_at"]),
            launch["by"],
            words(launch["status"]),
            "" if launch["seconds"] is None else str(launch["seconds"]),
            str(sum(sum(result["notices"].values()) for result in launch["results"])),
            str(sum(sum(result["left_out"].values()) for result in launch["results"])),
        )
        for launch in launches
    ]
    if rows:
        show_table(heads, rows, right=heads[3:])


def show_launch(launch: Json, words: Speech) -> None:
    """A launch by company: what was sent, what was left out and why."""
    show_launches([launch], words)
    for result in launch["results"]:
        show(result["company"], style="bold")
        _show_counts({words(status): number for status, number in result["notices"].items()}, words("Notices"), words)
        _show_counts({words.reason(reason): number for reason, number in result["left_out"].items()}, words("Left out"), words)


def _show_counts(counts: Mapping[str, int], head: str, words: Speech) -> None:
    if counts:
        how_many = words("How many")
        show_table([head, how_many], [(name, str(number)) for name, number in counts.items()], right=[how_many])


def _schedule(batch: Json, words: Speech) -> str:
    days = "" if len(batch["weekdays"]) == 7 else " ".join(words(_DAYS[day - 1]) for day in batch["weekdays"]) + " "
    times = batch["cron"] or (days + ", ".join(batch["times"]) if batch["times"] else "")
    return (times + (" · " + words("working days") if batch["working_days_only"] else "")) if times else words("by hand")
