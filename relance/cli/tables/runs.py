"""How do people read what a run did, and what a command changed?"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech

if TYPE_CHECKING:
    from relance.dossier.merging import Count
    from relance.steps.running import Report

Json = dict[str, Any]
_TITLES = {"batch": "Automatic run of {day}", "edition": "Letter edition of {day}", "manual": "Reminders by hand of {day}"}
_HEADS = ("Notice", "Customer", "Name", "Level", "Channel", "Recipients", "Due items", "Days late", "Amount", "State")


def show_report(report: "Report", words: Speech, left_out: str) -> None:
    """The notices of a run, then what it left out: each item, or how many for each reason."""
    title = words(f"{_TITLES[report.kind]}, {'issued' if report.issued else 'nothing stored'}", day=words.day(report.as_of))
    if report.run is not None:
        title += " · " + words("Run {run}", run=report.run)
    show(title, style="bold")
    if notices := list(report.notices):
        _show_notices(notices, _names(report.company, notices), words, issued=report.issued)
        _show_waiting(notices, report.run, words)
    else:
        show(words("Nobody is to be reminded."))
    if left_out == "full":
        _show_left_out(report.left_out, words)
    elif left_out == "counts":
        _show_counts_by_reason(report.left_out_counts, words)


def show_changes(changed: list[Json], words: Speech) -> None:
    """What a command changed, from what to what."""
    if not changed:
        show(words("Nothing had to be changed."))
        return
    rows = [
        (
            entry["document"] or entry.get("customer"),
            entry["no"],
            words(entry["what"]),
            words.value(entry["before"], entry["what"]),
            words.value(entry["after"], entry["what"]),
        )
        for entry in changed
    ]
    show_table([words(head) for head in ("Document", "No.", "What", "Before", "After")], rows)


def show_lines(lines: list[Json], words: Speech) -> None:
    """The due items that a change of level concerns, as they stand and as they would be."""
    if not lines:
        show(words("No due item is concerned."))
        return
    heads = [words(head) for head in ("Document", "No.", "Level", "Last reminded", "After")]
    rows = [(one["document"], one["no"], one["level"], words.day(one["last_dunned_on"]), _standing(one, words)) for one in lines]
    show_table(heads, rows, title=words("Nothing is changed yet"), right=[words("Level")])


def _standing(line: Json, words: Speech) -> str:
    on = words.day(line["last_dunned_on_after"])
    return f"{line['level_after']} ({on})" if on else str(line["level_after"])


def show_loaded(counts: "Mapping[str, Count]", words: Speech, title: str) -> None:
    """How many objects a load created, updated and found as they were."""
    heads = [words(head) for head in ("What", "Created", "Updated", "Unchanged")]
    rows = [(words(noun), str(count.created), str(count.updated), str(count.unchanged)) for noun, count in counts.items()]
    show_table(heads, rows, title=title, right=heads[1:])


def _show_notices(notices: list[Json], names: Mapping[str, str], words: Speech, *, issued: bool) -> None:
    heads = [words(head) for head in _HEADS]
    right = [words(head) for head in ("Notice", "Level", "Due items", "Days late", "Amount")]
    skipped = 0 if issued else 1  # what is not stored has no number
    rows = (_notice(notice, names, words)[skipped:] for notice in notices)
    show_table(heads[skipped:], rows, right=right, cut=[words("Name"), words("Recipients")], totals=[_total(notices, words)[skipped:]])


def _show_waiting(notices: list[Json], run: int | None, words: Speech) -> None:
    """The letters of a batch are issued when they are printed, drafts when a person has sent them: say how."""
    if any(notice["status"] == "drafted" for notice in notices):
        show(words("When a draft has been sent:") + f" relance settle {notices[0]['id']} --sent")
    number = sum(notice["channel"] == "letter" and notice["status"] == "queued" for notice in notices)
    if number:
        said = words("1 letter waits to be printed:") if number == 1 else words("{number} letters wait to be printed:", number=number)
        show(f"{said} relance print {run} --out letters.pdf")


def _names(company: str, notices: list[Json]) -> dict[str, str]:
    """The names of the customers written to, by code."""
    from relance.models import Customer, tuples

    codes = tuples.among({notice["customer"] for notice in notices}, str)
    return dict(Customer.objects.filter(company__code=company, code__in=codes).values_list("code", "name"))


def _notice(notice: Json, names: Mapping[str, str], words: Speech) -> tuple[str, ...]:
    return (
        str(notice["id"] or ""),
        notice["customer"],
        names[notice["customer"]],
        str(notice["level"]),
        words(notice["channel"]),
        ", ".join(notice["to"]),
        str(len(notice["lines"])),
        str(max(line["days_overdue"] for line in notice["lines"])),
        "\n".join(words.amount(total, currency) for currency, total in notice["totals"].items()),
        words(notice["status"]),
    )


def _total(notices: list[Json], words: Speech) -> tuple[str, ...]:
    """The line that closes the table: how many notices, how many due items, how much in each currency."""
    from relance.core import money

    sums: dict[str, int] = {}
    for notice in notices:
        for currency, total in notice["totals"].items():
            sums[currency] = sums.get(currency, 0) + money.parse(total, currency)
    row = [""] * len(_HEADS)
    row[2] = words("1 notice") if len(notices) == 1 else words("{number} notices", number=len(notices))
    row[6] = str(sum(len(notice["lines"]) for notice in notices))
    row[8] = "\n".join(words.amount(sums[currency], currency) for currency in sorted(sums))
    return tuple(row)


def _show_left_out(left_out: Iterable[Json], words: Speech) -> None:
    rows = [(entry["document"], words.day(entry["due_date"]), words.reason(entry["reason"])) for entry in left_out]
    if rows:
        show_table([words(head) for head in ("Document", "Due on", "Reason")], rows, title=words("Left out"))


def _show_counts_by_reason(counts: Mapping[str, int], words: Speech) -> None:
    from relance.core.reasons import Reason

    how_many = words("How many")
    rows = [(words.reason(reason), str(counts[reason])) for reason in Reason if counts.get(reason)]
    if rows:
        show_table([words("Left out"), how_many], rows, right=[how_many], totals=[(words("Total"), str(sum(counts.values())))])
