"""How is what happened told to people? One line each: when, who, what, and what changed from what to what."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.models.history import Event
from relance.web.tags import day

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

WHAT = {
    "blocked": gettext_lazy("Blocked"),
    "unblocked": gettext_lazy("Unblocked"),
    "level_set": gettext_lazy("Level corrected"),
    "followed_up": gettext_lazy("Follow-up noted"),
    "called": gettext_lazy("Call noted"),
    "customer_level_reset": gettext_lazy("Customer back to level 0"),
    "payment_method_set": gettext_lazy("Payment method replaced"),
    "notice_sent": gettext_lazy("Notice sent"),
    "notice_printed": gettext_lazy("Notice printed"),
    "notice_failed": gettext_lazy("Notice failed"),
    "notice_unsure": gettext_lazy("Notice unsure"),
    "notice_withdrawn": gettext_lazy("Notice withdrawn"),
    "notice_cancelled": gettext_lazy("Notice cancelled"),
    "notice_drafted": gettext_lazy("Draft made"),
    "run_done": gettext_lazy("Run ended"),
    "run_broken_off": gettext_lazy("Run broken off"),
    "run_cancelled": gettext_lazy("Run cancelled"),
    "settings_changed": gettext_lazy("Settings changed"),
    "file_imported": gettext_lazy("File imported"),
    "company_founded": gettext_lazy("Company founded"),
}
_COLUMNS = {
    "level": gettext_lazy("level"),
    "last_dunned_on": gettext_lazy("last dunned on"),
    "comment": gettext_lazy("comment"),
    "status": gettext_lazy("status"),
    "expected_on": gettext_lazy("payment expected on"),
    "promised_on": gettext_lazy("promised for"),
    "no_auto_dunning": gettext_lazy("automatic dunning blocked"),
    "no_manual_dunning": gettext_lazy("manual dunning blocked"),
    "no_dunning_temporary": gettext_lazy("blocked until the next run"),
    "block_comment": gettext_lazy("why it is blocked"),
    "payment_method": gettext_lazy("payment method"),
    "reason": gettext_lazy("reason"),
    "outcome": gettext_lazy("outcome"),
}


class Line(NamedTuple):
    """One event, in words."""

    at: datetime
    by: str
    what: str
    told: str


def told_events(events: Iterable[Event]) -> Iterator[Line]:
    """Each event as a line."""
    for event in events:
        yield Line(event.at, event.by, str(WHAT.get(event.what, event.what.replace("_", " "))), _told(event.facts))


def _told(facts: dict[str, Any]) -> str:
    if changes := facts.get("changed"):
        return "; ".join(f"{_name(one['what'])} {_value(one['before'])} → {_value(one['after'])}" for one in changes)
    plain = {name: value for name, value in facts.items() if name in _COLUMNS and not isinstance(value, dict | list)}
    return "; ".join(f"{_name(name)} {_value(value)}" for name, value in plain.items() if value)


def _name(column: str) -> str:
    return str(_COLUMNS.get(column, column.replace("_", " ")))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return day(value)
    return "–" if value in (None, "") else str(value)
