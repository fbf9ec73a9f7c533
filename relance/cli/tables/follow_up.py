"""How do people read the follow-up of a customer, and the history?"""

from collections.abc import Iterable
from typing import Any

from relance.cli.terminal import show, show_table
from relance.cli.words import Speech

Json = dict[str, Any]


def show_history(history: Json, words: Speech) -> None:
    """What was written, then what happened, newest first."""
    notices, events = list(history["notices"]), list(history["events"])
    if not notices and not events:
        show(words("Nothing was written or done yet."))
    if notices:
        heads = [words(head) for head in ("Notice", "Date", "Customer", "Level", "Channel", "Recipients", "Document", "Amount", "State")]
        right = [words(head) for head in ("Notice", "Level", "Amount")]
        show_table(heads, (_notice(notice, words) for notice in notices), title=words("Notices"), right=right, cut=[words("Recipients")])
    if events:
        heads = [words(head) for head in ("Date", "By", "What", "Customer", "Document", "After")]
        show_table(heads, (_event(event, words) for event in events), title=words("Events"))


def show_promises(promises: Iterable[Json], words: Speech) -> None:
    """What was promised by whom, and what has come of it."""
    heads = [words(head) for head in ("Promised for", "Customer", "Name", "Document", "Due on", "Promised amount", "Open", "Promise")]
    rows = [
        (
            words.day(one["promised_on"]),
            one["customer"],
            one["name"],
            one["document"],
            words.day(one["due_date"]),
            words.amount(one["promised_amount"], one["currency"]) if one["promised_amount"] else words("everything"),
            words.amount(one["open"], one["currency"]),
            words(one["standing"]),
        )
        for one in promises
    ]
    if rows:
        show_table(heads, rows, right=[words("Promised amount"), words("Open")], cut=[words("Name")])
    else:
        show(words("Nothing was promised."))


def show_mails(mails: Iterable[Json], left_out: Iterable[Json], words: Speech) -> None:
    """Mails of the follow-up, and what they do not speak of."""
    heads = [words(head) for head in ("Mail", "Date", "Recipients", "Subject", "Document", "State")]
    rows = [
        (
            str(mail["number"]),
            words.instant(mail["at"]),
            ", ".join((*mail["to"], *mail["cc"])),
            mail["subject"],
            ", ".join(mail["documents"]),
            words(mail["status"]),
        )
        for mail in mails
    ]
    if rows:
        show_table(heads, rows, title=words("Mails"), cut=[words("Subject")])
    reasons = [(one["document"], words.day(one["due_date"]), words.reason(one["reason"])) for one in left_out]
    if reasons:
        show_table([words(head) for head in ("Document", "Due on", "Reason")], reasons, title=words("Left out"))


def show_arrears(answer: Json, words: Speech) -> None:
    """Whom to call, what is open, and what was done."""
    customer = answer["customer"]
    standing = [words("customer {code}, level {level}", code=customer["code"], level=customer["level"])]
    if customer["last_dunned_on"]:
        standing.append(words("last reminded on {day}", day=words.day(customer["last_dunned_on"])))
    if not customer["dunning_enabled"]:
        standing.append(words("dunning off"))
    if customer["held_from"]:
        until = words(" to {day}", day=words.day(customer["held_until"])) if customer["held_until"] else ""
        standing.append(words("on hold from {day}", day=words.day(customer["held_from"])) + until)
    if customer["insolvent_on"]:
        standing.append(words("insolvent, claim to be declared by {day}", day=words.day(customer["declare_by"])))
    show(f"{customer['name']} · {' · '.join(standing)}", style="bold")
    heads = [words(head) for head in ("Name", "Roles", "E-mail")]
    people = [(one["name"], ", ".join(map(words, one["roles"])), one["email"]) for one in answer["contacts"]]
    show_table(heads, people, title=words("Contacts"))
    _show_open_items(answer["due"], words)
    show_mails(answer["mails"], (), words)
    show_history(answer["history"], words)


def _show_open_items(items: Iterable[Json], words: Speech) -> None:
    heads = [words(head) for head in ("Document", "Date", "Due on", "Days late", "Open", "Level", "Last reminded", "Status", "Comment")]
    right = [words(head) for head in ("Days late", "Open", "Level")]
    rows = [
        (
            item["document"],
            words.day(item["date"]),
            words.day(item["due_date"]),
            str(item["days_overdue"]),
            words.amount(item["open"], item["currency"]),
            words.value(item.get("level")),
            words.day(item.get("last_dunned_on")),
            words.value(item.get("status")),
            words.value(item.get("comment")),
        )
        for item in items
    ]
    show_table(heads, rows, title=words("Open due items"), right=right)


def _notice(notice: Json, words: Speech) -> tuple[str, ...]:
    return (
        str(notice["id"]),
        words.day(notice["as_of"]),
        notice["customer"],
        str(notice["level"]),
        words(notice["channel"]),
        ", ".join(notice["to"]),
        ", ".join(line["document"] for line in notice["lines"]),
        "\n".join(words.amount(total, currency) for currency, total in notice["totals"].items()),
        words(notice["status"]),
    )


def _event(event: Json, words: Speech) -> tuple[str, ...]:
    return (
        words.instant(event["at"]),
        event["by"],
        words(event["what"]),
        event["customer"] or "",
        event["document"] or "",
        _told(event["facts"], words),
    )


def _told(facts: Json, words: Speech) -> str:
    """The facts of an event in one line: what changed from what to what, else the facts by name."""
    changes = facts.get("changed")
    if changes is None:
        plain = {name: value for name, value in facts.items() if not isinstance(value, dict | list)}
        return ", ".join(f"{words(name)} {words.value(value, name)}" for name, value in plain.items())
    return ", ".join(f"{words(one['what'])} {_value(one, 'before', words)} → {_value(one, 'after', words)}" for one in changes)


def _value(change: Json, when: str, words: Speech) -> str:
    return words.value(change[when], change["what"]) or "–"
