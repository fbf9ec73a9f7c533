"""How is what lower layers say told in the language of who looks? They speak English; their sentences are known here.

What readers of files and mail channels say stands in ``sentences_of_files.py``, what readers of statements and matching say in
``sentences_of_bank.py``, what is wrong in a dossier in ``sentences_of_dossiers.py``, what other steps refuse in ``sentences_of_steps.py``,
what the command line does in ``sentences_of_commands.py``. A sentence that is not known is shown as it was said;
``tests/telling/test_sentences.py`` holds that no refusal is unknown.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from relance.core.reasons import Reason
from relance.importers.problems import Problem
from relance.telling import (
    faults,
    sentences_of_bank,
    sentences_of_commands,
    sentences_of_dossiers,
    sentences_of_einvoices,
    sentences_of_files,
    sentences_of_mail,
    sentences_of_rates,
    sentences_of_steps,
)
from relance.telling.figures import day, said_figure
from relance.telling.why import reason_told
from relance.telling.words import NOUNS, STATUSES, TYPES

_SUMS = ("total", "prepaid", "due", "net", "vat", "claimed", "opening", "entries", "closing", "off")
_FIGURES = frozenset(("amount", "open", "wanted", "rest", "allocated", *_SUMS))  # what stands for an amount in a sentence
_NUMBERS = ("n", "most", "found", "width", "size")
_REASONS = frozenset(map(str, Reason))
_FILLED_IN = re.compile(r"%\(\w+\)s")
_PARAGRAPH = re.compile(r'(?P<file>.*): paragraph "(?P<begins>.*)"', re.DOTALL)
_STANDS = re.compile(r"(?:[^:]*: )?line \d+(?:, [^:]+)?: ")  # where something stands in a file
_PLACES = {  # of a line, and in it, where that is not the head of a column
    re.compile(r"(?:^|(?<=: ))line (?P<n>\d+)(?=,|:|$)"): _("line %(n)s"),
    re.compile(r"(?:^|(?<=, ))column (?P<n>\d+)$"): _("column %(n)s"),
    re.compile(r"(?:^|(?<=, ))account (?P<n>\S+)$"): _("account %(n)s"),
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ISO_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2})", re.ASCII)


class ProblemTold(NamedTuple):
    """One fault of a file: its line (0: the whole file), the head of its column, and what is wrong."""

    line: int
    column: str
    message: str


def problem_told(problem: Problem) -> ProblemTold:
    """A problem in the reader's language."""
    return ProblemTold(problem.line, _place(problem.field), said(problem.message))


def in_words(refusal: object) -> str:
    """Why something was refused, in the language of who looks: a refusal, or what was kept of one."""
    return "\n".join(map(said, str(refusal).splitlines()))


def said(sentence: str) -> str:
    """A sentence of a lower layer in the language of who looks at it; it may stand behind the place that it is about."""
    if (place := _STANDS.match(sentence)) and (known := said(rest := sentence[place.end() :])) != rest:
        return _at(place[0][:-2], known)
    if known := _known(sentence):
        return known
    for mark in re.finditer(": ", sentence):
        if known := _known(sentence[mark.end() :]):
            return _at(sentence[: mark.start()], known)
    return sentence


def _known(sentence: str) -> str:
    if sentence in _REASONS:
        return reason_told(sentence)
    for template, pattern in _patterns():
        if match := pattern.fullmatch(sentence):
            return gettext(template) % {name: _part(name, text) for name, text in match.groupdict().items()}
    words = faults.told(sentence)
    return "" if words == sentence else words


def _part(name: str, text: str) -> str:
    """What a sentence names, where it is a word of ours."""
    if name == "what":
        return ", ".join(gettext(one) for one in text.split(", nor as "))
    if name == "why":
        return said(text)
    if name == "word":
        return gettext(text)
    if name == "status":
        return str(STATUSES[text][0]) if text in STATUSES else text
    if name == "event":
        return _event(text)
    if name == "noun":
        return str(NOUNS.get(text.replace(" ", "_"), text))
    if name in _FIGURES:
        return said_figure(text)
    if name in ("held_as", "this_is"):
        return str(TYPES.get(text, text))
    if name == "reasons":
        return ", ".join(_reasons(text))
    if moment := _ISO_MOMENT.fullmatch(text):
        return f"{day(moment[1])} {moment[2]}"
    return day(text) if _ISO_DAY.fullmatch(text) else text


def _event(text: str) -> str:
    from relance.telling.events import WHAT  # which tells what was refused by this file

    return str(WHAT.get(text.replace(" ", "_"), text))


def _reasons(text: str) -> Iterator[str]:
    """``F1: not_due, F2: blocked`` in words."""
    for one in text.split(", "):
        document, _colon, reason = one.rpartition(": ")
        yield _at(document, reason_told(reason)) if reason in _REASONS else one


def _at(place: str, known: str) -> str:
    if found := _PARAGRAPH.fullmatch(place):
        place = gettext("%(file)s, paragraph “%(begins)s”") % found.groupdict()
    place = _place(place)
    *before, place = place.split(": ")
    told = gettext("%(place)s: %(said)s") % {"place": place, "said": known}
    for one in reversed(before):
        told = gettext("%(place)s: %(said)s") % {"place": one, "said": told}
    return told


def _place(place: str) -> str:
    for pattern, words in _PLACES.items():
        if found := pattern.search(place):
            place = f"{place[: found.start()]}{gettext(words) % found.groupdict()}{place[found.end() :]}"
    return place


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each sentence in English, and what is to be matched of it: those that say the most first, since a short one may hold a longer one."""
    ours = (
        sentences_of_bank,
        sentences_of_commands,
        sentences_of_dossiers,
        sentences_of_einvoices,
        sentences_of_files,
        sentences_of_mail,
        sentences_of_rates,
        sentences_of_steps,
    )
    every: list[str] = sorted((sentence for one in ours for sentence in one.SENTENCES), key=_letters_said, reverse=True)
    return [(one, re.compile(re.sub(r"%\\\((\w+)\\\)s", _group, re.escape(one)), re.DOTALL)) for one in every]


def _letters_said(sentence: str) -> int:
    return len(_FILLED_IN.sub("", sentence))


def _group(match: re.Match[str]) -> str:
    name = match[1]
    if name == "option":  # what is wrong with its value may quote anything
        return rf"(?P<{name}>.+?)"
    if name == "server":
        return rf"(?P<{name}>\S+)"
    if name in _FIGURES:
        return rf"(?P<{name}>-?\d+(?:\.\d+)?(?: \w{{1,3}})?)"
    return rf"(?P<{name}>\d+)" if name in _NUMBERS else rf"(?P<{name}>.+)"
