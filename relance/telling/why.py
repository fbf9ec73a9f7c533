"""How is a decision told? Each question and its answer in one sentence that names the figures compared."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from relance.core.facts import NA, Clock
from relance.core.forecast import Outlook
from relance.core.grouping import Claim
from relance.core.reasoning import Asked, Facts, RowRead
from relance.core.reasons import Reason
from relance.telling.figures import day, money


class Told(NamedTuple):
    """A question with its answer: ``holds`` where it is what keeps from dunning."""

    holds: bool
    sentence: str


def told(asked: Asked) -> Told:
    """The sentence of one question."""
    held, passed = _SENTENCES[asked.reason]
    return Told(asked.holds, (held if asked.holds else passed)(asked.facts))


def claim_told(claim: Claim, facts: Facts) -> str:
    """Why it is dunned: the row that applies."""
    rows = [read for read in facts["rows"] if read.row.level == claim.level]
    if not rows:
        return _("Dunned at level %(level)s.") % {"level": claim.level}
    return _("Dunned at level %(level)s: %(row)s.") % {"level": claim.level, "row": _told(rows, stepwise=facts["stepwise"])}


def reason_told(reason: str) -> str:
    """A reason in a few words, for lists."""
    return str(_SHORT[Reason(reason)]())


def held_back_told(outlook: Outlook) -> str:
    """Why a due item is not dunned, in a few words; empty where it is."""
    return "" if isinstance(outlook.decision, Claim) else reason_told(outlook.decision)


def _told(rows: Iterable[RowRead], *, stepwise: bool) -> str:
    """Rows of the policy behind the figure they are compared with: "17 days late, level 2 from 11 to 30 days"."""
    by_figure: dict[str, list[str]] = {}
    for read in rows:
        by_figure.setdefault(_elapsed(read), []).append(_row(read, stepwise=stepwise))
    return pgettext("between two figures", "; ").join(f"{figure}, {', '.join(told)}" for figure, told in by_figure.items())


def _row(read: RowRead, *, stepwise: bool) -> str:
    """A row of the policy; step by step, only its first day counts, whatever level but NA."""
    row = read.row
    level = _("NA (excluded)") if row.level == NA else _("level %(level)s") % {"level": row.level}
    bounds = (
        _("from %(lower)s days on") % {"lower": row.lower}
        if row.upper is None or (stepwise and row.level != NA)
        else _("from %(lower)s to %(upper)s days") % {"lower": row.lower, "upper": row.upper}
    )
    return _("%(level)s %(bounds)s") % {"level": level, "bounds": bounds}


def _elapsed(read: RowRead) -> str:
    days = abs(read.elapsed)
    if read.row.clock is Clock.LAST_DUNNING:
        text = ngettext("%(days)s day since %(on)s", "%(days)s days since %(on)s", days)
        return text % {"days": read.elapsed, "on": day(read.counted_from)}
    if read.row.clock is Clock.END_OF_MONTH:
        text = ngettext("%(days)s day after the end of the month", "%(days)s days after the end of the month", days)
        return text % {"days": read.elapsed}
    if read.elapsed < 0:
        return ngettext("%(days)s day before the due date", "%(days)s days before the due date", days) % {"days": days}
    return ngettext("%(days)s day late", "%(days)s days late", days) % {"days": read.elapsed}


def _rows(facts: Facts) -> str:
    """The row that applies; where none does, those that its age falls in, and step by step the next one; else all of them."""
    rows, applies = facts["rows"], facts["applies"]
    if applies is not None:
        found = [read for read in rows if read.row == applies]
    elif facts["stepwise"]:
        found = [read for read in rows if facts["level"] < read.row.level < NA][:1] or rows
    else:
        found = [read for read in rows if read.within] or rows
    return _told(found, stepwise=facts["stepwise"])


def _no_level(facts: Facts) -> str:
    excluded = [read for read in facts["rows"] if read.within and read.row.level == NA]
    if excluded:
        return _("Its age excludes it from dunning: %(rows)s.") % {"rows": _told(excluded, stepwise=facts["stepwise"])}
    return _("No level applies on this date: %(rows)s.") % {"rows": _rows(facts)}


def _at_level(facts: Facts) -> str:
    if facts["last_dunned_on"]:
        said = _("It already has level %(level)s, of %(on)s: %(rows)s.")
        return said % {"level": facts["level"], "on": day(facts["last_dunned_on"]), "rows": _rows(facts)}
    return _("It already has level %(level)s: %(rows)s.") % {"level": facts["level"], "rows": _rows(facts)}


def _above_level(facts: Facts) -> str:
    return _("That level is above the one it has, %(level)s.") % {"level": facts["level"]}


def _too_soon(facts: Facts) -> str:
    said = ngettext(
        "It was last dunned on %(on)s, %(ago)s; %(least)s day must pass.",
        "It was last dunned on %(on)s, %(ago)s; %(least)s days must pass.",
        facts["least"],
    )
    return said % {"on": day(facts["last_dunned_on"]), "ago": _ago(facts["since"]), "least": facts["least"]}


def _long_enough(facts: Facts) -> str:
    if facts["since"] is None:
        return _("No earlier dunning is dated: there is nothing to wait for.")
    said = ngettext(
        "It was last dunned %(ago)s; %(least)s day must pass.", "It was last dunned %(ago)s; %(least)s days must pass.", facts["least"]
    )
    return said % {"ago": _ago(facts["since"]), "least": facts["least"]}


def _ago(days: int) -> str:
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days} if days else _("today")


def _promised(facts: Facts) -> str:
    said = _("Payment is promised for %(on)s; with the days of grace, that is waited for until %(until)s.")
    return said % {"on": day(facts["promised_on"]), "until": day(facts["until"])}


def _no_promise(facts: Facts) -> str:
    if not facts:
        return _("No payment is promised.")
    return _("The promise for %(on)s is past its days of grace.") % {"on": day(facts["promised_on"])}


def _compared(sentence: str, facts: Facts, *names: str) -> str:
    return sentence % {name: money(facts[name], facts["currency"]) for name in names}


def _found(facts: Facts) -> str:
    steps = [_("the dunning contacts"), _("the document's recipients"), _("the invoice contacts"), _("the address of the site")]
    for step, addresses in zip(steps, facts["steps"], strict=True):
        if addresses:
            return _("It goes to %(step)s: %(to)s.") % {"step": step, "to": ", ".join(addresses)}
    return _("It is written by letter.")


def _until(facts: Facts, without: str, within: str) -> str:
    return within % {"until": day(facts["until"])} if facts["until"] else without


def _method(facts: Facts, known: str, unknown: str) -> str:
    return known % {"method": facts["method"]} if facts["method"] else unknown


Sentence = Callable[[Facts], str]


def _said(words: Callable[[], str]) -> Sentence:
    return lambda facts: words()


# What is said where the question holds, and where it does not.
_SENTENCES: dict[Reason, tuple[Sentence, Sentence]] = {
    Reason.NOT_AN_INVOICE: (
        _said(lambda: _("It is a credit note or a payment on account: it is deducted, never dunned.")),
        _said(lambda: _("It is an invoice.")),
    ),
    Reason.PAYMENT_METHOD: (
        lambda facts: _("Its payment method, %(method)s, is never dunned.") % facts,
        lambda facts: _method(facts, _("Its payment method, %(method)s, is dunned."), _("It has no payment method that forbids it.")),
    ),
    Reason.CUSTOMER_DUNNING_DISABLED: (
        _said(lambda: _("The customer is never dunned.")),
        _said(lambda: _("The customer may be dunned.")),
    ),
    Reason.INSOLVENT: (
        lambda facts: _("Insolvency proceedings were published on %(on)s: everything stops.") % {"on": day(facts["on"])},
        _said(lambda: _("No insolvency is known.")),
    ),
    Reason.CUSTOMER_MODE_OFF: (
        _said(lambda: _("Automatic dunning is off for this customer.")),
        _said(lambda: _("Automatic dunning is on for this customer.")),
    ),
    Reason.CUSTOMER_ON_HOLD: (
        lambda facts: _until(facts, _("The customer is on hold."), _("The customer is on hold until %(until)s.")),
        _said(lambda: _("The customer is not on hold.")),
    ),
    Reason.BLOCKED: (
        lambda facts: _until(facts, _("The document is blocked."), _("The document is blocked until %(until)s.")),
        _said(lambda: _("The document is not blocked.")),
    ),
    Reason.BLOCKED_TEMPORARILY: (
        _said(lambda: _("The document is blocked until the next automatic run.")),
        _said(lambda: _("The document is not blocked for the next run.")),
    ),
    Reason.DISPUTED: (_said(lambda: _("Its status stops dunning.")), _said(lambda: _("No status stops it."))),
    Reason.PROMISED: (_promised, _no_promise),
    Reason.LEVEL_NA: (_said(lambda: _("Its level is NA: it is excluded.")), _said(lambda: _("Its level does not exclude it."))),
    Reason.IN_FLIGHT: (
        _said(lambda: _("A notice that is under way claims it already.")),
        _said(lambda: _("No notice under way claims it.")),
    ),
    Reason.NO_LEVEL_APPLIES: (_no_level, lambda facts: _("A level applies: %(rows)s.") % {"rows": _rows(facts)}),
    Reason.ALREADY_AT_LEVEL: (_at_level, _above_level),
    Reason.TOO_SOON: (_too_soon, _long_enough),
    Reason.NOT_AUTOMATIC: (
        lambda facts: _("Only people issue that level: %(rows)s.") % {"rows": _rows(facts)},
        _said(lambda: _("Automatic runs issue that level.")),
    ),
    Reason.BELOW_MINIMUM: (
        lambda facts: _compared(_("%(open)s is not above the minimum of %(least)s."), facts, "open", "least"),
        lambda facts: _compared(_("%(open)s is above the minimum of %(least)s."), facts, "open", "least"),
    ),
    Reason.CREDITOR_CUSTOMER: (
        lambda facts: _compared(_("The customer's balance is %(balance)s: there is nothing to claim."), facts, "balance"),
        lambda facts: _compared(_("The customer's balance is %(balance)s."), facts, "balance"),
    ),
    Reason.PAYMENT_TO_MATCH: (
        _said(lambda: _("A payment that waits to be matched could settle it.")),
        _said(lambda: _("No payment that waits to be matched could settle it.")),
    ),
    Reason.NO_RECIPIENT: (_said(lambda: _("Nobody can be written to: none of the four steps finds an address.")), _found),
}

_SHORT: dict[Reason, Callable[[], str]] = {
    Reason.NOT_AN_INVOICE: lambda: _("credit note or payment on account"),
    Reason.PAYMENT_METHOD: lambda: _("payment method that is never dunned"),
    Reason.CUSTOMER_DUNNING_DISABLED: lambda: _("customer who is never dunned"),
    Reason.INSOLVENT: lambda: _("insolvent customer"),
    Reason.NOT_SELECTED: lambda: _("not in the selection"),
    Reason.CUSTOMER_MODE_OFF: lambda: _("dunning switched off for the customer"),
    Reason.CUSTOMER_ON_HOLD: lambda: _("customer on hold"),
    Reason.BLOCKED: lambda: _("blocked"),
    Reason.BLOCKED_TEMPORARILY: lambda: _("blocked until the next run"),
    Reason.DISPUTED: lambda: _("disputed"),
    Reason.PROMISED: lambda: _("payment promised"),
    Reason.LEVEL_NA: lambda: _("level NA: excluded"),
    Reason.IN_FLIGHT: lambda: _("on a notice under way"),
    Reason.NOT_DUE: lambda: _("not yet due"),
    Reason.NO_LEVEL_APPLIES: lambda: _("no level applies on this date"),
    Reason.ALREADY_AT_LEVEL: lambda: _("already at this level"),
    Reason.TOO_SOON: lambda: _("dunned too short a time ago"),
    Reason.NOT_AUTOMATIC: lambda: _("level that only people issue"),
    Reason.BELOW_MINIMUM: lambda: _("below the company's minimum"),
    Reason.CREDITOR_CUSTOMER: lambda: _("customer with nothing to pay on balance"),
    Reason.PAYMENT_TO_MATCH: lambda: _("payment waiting to be matched"),
    Reason.NO_RECIPIENT: lambda: _("nobody to write to"),
    Reason.BELOW_RUN_MINIMUM: lambda: _("below the minimum of the edition"),
    Reason.SETTLED: lambda: _("settled"),
}


def _by_label(asked: Asked, methods: Mapping[str, str]) -> Asked:
    code = asked.facts.get("method")
    return asked._replace(facts=asked.facts | {"method": methods.get(code) or code}) if code else asked


def path_told(path: list[Asked], decision: Any, methods: Mapping[str, str]) -> list[Told]:
    """The whole path in sentences, payment methods by their labels; under a claim it ends with the level that is given."""
    sentences = [told(_by_label(asked, methods)) for asked in path]
    if isinstance(decision, Claim):
        facts = next(asked.facts for asked in path if asked.reason is Reason.NO_LEVEL_APPLIES)
        sentences.append(Told(holds=False, sentence=claim_told(decision, facts)))
    return sentences
