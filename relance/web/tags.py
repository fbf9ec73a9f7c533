"""How do pages write amounts, dates and ages? As the language of the reader does."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from heroicons.templatetags import heroicons as drawn

from relance.core.age_columns import AgeColumn
from relance.core.facts import NA
from relance.models.parties import names_of_types
from relance.telling.figures import day, figure, long_day, moment, money, percent, plain_money, sums
from relance.telling.list_file import FORMATS
from relance.telling.sentences import in_words
from relance.telling.words import CHANNELS, LAUNCH_STATUSES, MAIL_STATUSES, REPORT_KINDS, RUN_KINDS, RUN_STATUSES, STATUSES
from relance.web.access import may

register = template.Library()
_FITS = 26  # letters of a choice, in the narrowest column of a form
for _written in (day, figure, in_words, long_day, moment, money, percent, plain_money, sums):
    register.filter(_written)


@register.filter
def broad(field: Any) -> bool:
    """Whether a field has something to choose that one column of a form would cut."""
    choices = getattr(field.field, "choices", ()) if field.widget_type == "select" else ()
    return any(len(str(label)) > _FITS for _value, label in choices)


@register.filter
def days_late(due: date, today: date) -> str:
    """Days from the due date; nothing where it is not past."""
    days = (today - due).days
    return gettext("%(days)s d") % {"days": days} if days > 0 else ""


@register.filter
def level_badge(level: int) -> SafeString:
    """A level as a badge whose colour says how far it has come."""
    shown = "NA" if level == NA else str(level)
    tone = "muted" if level in (0, NA) else "info" if level == 1 else "warn" if level == 2 else "bad"
    return format_html('<span class="badge {}" title="{}">{}</span>', tone, gettext("Dunning level"), shown)


@register.filter
def shown_level(level: int | str) -> SafeString:
    """A level as answers write it, as a badge."""
    return level_badge(NA if level == "NA" else int(level))


@register.filter
def notice_status(status: str) -> SafeString:
    """The status of a notice as a badge."""
    label, tone = STATUSES[status]
    return format_html('<span class="badge {}">{}</span>', tone, label)


@register.filter
def beside(values: Iterable[Any], labels: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Each value with its label."""
    return list(zip(values, labels, strict=True))


@register.filter
def in_columns(amounts: Sequence[int], ages: Iterable[tuple[str, str, AgeColumn]]) -> list[int]:
    """Amounts by age as the columns of the ages put them together."""
    return [column.amount(amounts) for _label, _key, column in ages]


@register.filter
def notice_status_word(status: str) -> str:
    """The status of a notice, without its badge."""
    return str(STATUSES[status][0])


@register.filter
def report_kind(kind: str) -> str:
    """What came back."""
    return str(REPORT_KINDS[kind])


@register.filter
def addresses(lines: str) -> str:
    """Addresses kept one a line."""
    return ", ".join(one for one in lines.split("\n") if one)


@register.filter
def run_kind(kind: str) -> str:
    """What kind of run it was."""
    return str(RUN_KINDS[kind])


@register.filter
def run_status(status: str) -> SafeString:
    """The status of a run as a badge."""
    label, tone = RUN_STATUSES[status]
    return format_html('<span class="badge {}">{}</span>', tone, label)


@register.filter
def launch_status(status: str) -> SafeString:
    """The status of a batch's launch as a badge."""
    label, tone = LAUNCH_STATUSES[status]
    return format_html('<span class="badge {}">{}</span>', tone, label)


@register.filter
def channel(name: str) -> str:
    """By what a notice travels."""
    return str(CHANNELS[name])


@register.filter
def mail_status(status: str) -> SafeString:
    """The status of a mail of the follow-up as a badge."""
    label, tone = MAIL_STATUSES[status]
    return format_html('<span class="badge {}">{}</span>', tone, label)


@register.filter
def sum_of(amounts: Iterable[int]) -> int:
    """Amounts of one currency, added up."""
    return sum(amounts)


@register.filter
def entry(mapping: dict[Any, Any], key: Any) -> Any:
    """What stands under a key."""
    return mapping.get(key)


@register.filter
def town(address: list[str]) -> str:
    """The town of an address: its last line, with the one before where that is a country's."""
    return ", ".join(address[-1:] if any(map(str.isdigit, address[-1])) else address[-2:])


@register.filter(name="may")
def role_may(role: str, need: str) -> bool:
    """Whether the reader's role is enough: ``{% if role|may:"collector" %}``."""
    return may(role, need)


@register.simple_tag
def heroicon_outline(name: str, *, size: int = 24) -> str:
    """An outlined icon; drawn once, as a list has it on every row."""
    return _icon(str(name), size)


@cache
def _icon(name: str, size: int) -> str:
    return drawn.heroicon_outline(name, size=size, aria_hidden="true")


@register.simple_tag(takes_context=True)
def to(context: Any, name: str, *args: Any) -> str:
    """The address of a page of this company: ``{% to "customer" customer.code %}``."""
    return reverse(name, args=[context["request"].company.code, *args])


@register.simple_tag(takes_context=True)
def type_name(context: Any, code: str) -> str:
    """What a type of customers is called; its code where nobody said. They are read once for a page."""
    request = context["request"]
    if not hasattr(request, "type_names"):
        request.type_names = names_of_types([request.company])
    return str(request.type_names.get(code, code))


@register.simple_tag(takes_context=True)
def query(context: Any, **changes: Any) -> str:
    """The query of this page with some parameters changed; None takes one away. The place in a long list is not kept."""
    asked = context["request"].GET.copy()
    for name, value in ({"after": None, "before": None} | changes).items():
        if value is None:
            asked.pop(name, None)
        else:
            asked[name] = value
    return f"?{asked.urlencode()}"


@register.simple_tag
def live(name: str) -> SafeString:
    """The attributes of a part of a page that links and forms inside it replace: ``<section {% live "customers" %}>``."""
    return format_html('id="{0}" hx-boost="true" hx-target="#{0}" hx-select="#{0}" hx-swap="outerHTML show:none" hx-push-url="true"', name)


@register.inclusion_tag("partials/head.html", takes_context=True)
def head(context: Any, listing: Any, key: str, label: str, kind: str = "") -> dict[str, Any]:
    """The head of a column that sorts: ``{% head list "name" _("Customer") %}``; ``kind`` is "num" over figures."""
    down = f"-{key}"
    order = "ascending" if listing.sort == key else "descending" if listing.sort == down else ""
    return {"label": label, "kind": kind, "order": order, "address": query(context, sort=down if listing.sort == key else key)}


@register.inclusion_tag("partials/question.html")
def question(act: str, key: Any, does: str, loses: str, *, asks: str = "", address: str = "", **sent: Any) -> dict[str, Any]:
    """The last question before something is lost, and the button that leads to it; no script is needed for either.

    ``{% question "revoke" token.pk _("Revoke") loses token=token.name %}`` stands outside any form: its own sends ``act`` and ``sent``.
    ``asks`` is the title of the question, where the button (``does``) says less; ``reason`` has a reason written first.
    """
    shown = {name: sent.pop(name, "") for name in ("little", "reason", "icon")}
    said = {"does": does, "loses": loses, "asks": asks or does, "address": address, "sent": sent}
    return shown | said | {"act": act, "place": f"{act}-{key}"}


@register.inclusion_tag("partials/downloads.html", takes_context=True)
def downloads(context: Any, which: str = "") -> dict[str, Any]:
    """Links to the whole list as a file: ``{% downloads %}``, or of a page with several, ``{% downloads "mails" %}``."""
    return {"files": [(form, query(context, download=form, **{"list-of": which or None})) for form in FORMATS]}
