"""What does a policy come to, in sentences? One for each span of days, in the order of the days."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.core.facts import NA, Channel, Clock, LevelRow
from relance.core.policies import Span, timeline

CLOCKS = {
    "due_date": gettext_lazy("the due date"),
    "last_dunning": gettext_lazy("the last reminder"),
    "end_of_month": gettext_lazy("the end of the due month"),
}


def sentences(
    rows: Sequence[LevelRow], labels: Mapping[int, str], charged: Mapping[int, tuple[Any, Any]]
) -> Iterator[tuple[int | None, str]]:
    """A level (none: none applies) with its sentence, for every span of days of every clock."""
    by_level = {row.level: row for row in rows}
    for clock in Clock:
        if any(row.clock == clock for row in rows):
            for span in timeline(rows, clock):
                what = _what(by_level[span.level], labels, charged) if span.level else _none(span)
                yield span.level, _("%(when)s: %(what)s") % {"when": _when(span, clock), "what": what}


def switches(said: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """What a policy says of all its levels; what it leaves unsaid is the company's."""
    progression = said.get("progression") or options["progression"]
    between = said.get("min_days_between")
    if between is None:
        between = options["min_days_between"]
    if between is None:
        between = 7 if progression == "stepwise" else 0
    stepwise = progression == "stepwise"
    told = [
        _("No level is skipped: each is issued from its first day on, after the one before it.")
        if stepwise
        else _("A level may be skipped: what counts is the age on the day of the run.")
    ]
    if between:
        told.append(_("At least %(days)s days lie between two reminders of the same item.") % {"days": between})
    return told


def _when(span: Span, clock: Clock) -> str:
    """From which day to which; days before the date have no sign."""
    first, last, since = span.first, span.last, CLOCKS[clock]
    named = {"first": abs(first or 0), "last": abs(last or 0), "since": since}
    if first is None:
        return (_("Until %(last)s days before %(since)s") if (last or 0) < 0 else _("Until %(last)s days after %(since)s")) % named
    if last is None:
        return (_("From %(first)s days before %(since)s on") if first < 0 else _("From %(first)s days after %(since)s on")) % named
    if last < 0:
        return _("From %(first)s to %(last)s days before %(since)s") % named
    if first < 0:
        return _("From %(first)s days before to %(last)s days after %(since)s") % named
    return _("From %(first)s to %(last)s days after %(since)s") % named


def _none(span: Span) -> str:
    return _("nobody is reminded") if span.first is None or span.last is None else _("no level applies, a gap")


def _what(row: LevelRow, labels: Mapping[int, str], charged: Mapping[int, tuple[Any, Any]]) -> str:
    """A level in words: what it is called, how it travels, who issues it, what it charges."""
    if row.level == NA:
        return _("excluded from dunning")
    named = _("level %(level)s “%(label)s”") if labels[row.level] else _("level %(level)s")
    parts = [
        named % {"level": row.level, "label": labels[row.level]},
        _("by letter") if row.channel is Channel.LETTER else _("by e-mail"),
        *([] if row.automatic else [_("issued by people only")]),
    ]
    interest, indemnity = charged[row.level]
    if interest or indemnity:
        both = _("with late-payment interest and the fixed indemnity")
        parts.append(both if interest and indemnity else _("with late-payment interest") if interest else _("with the fixed indemnity"))
    return ", ".join(parts)
