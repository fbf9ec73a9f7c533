"""How is what is wrong with a setting told? In the language of the reader.

Dossiers speak English: what of it people meet on pages is known here by its form, and said anew.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.telling.figures import said_figure

_KNOWN: dict[str, Any] = {
    r'unknown placeholder "(?P<word>.*)" \(perhaps (?P<near>.*)\?\)': gettext_lazy("“%(word)s” stands for nothing; did you mean %(near)s?"),
    r'unknown placeholder "(?P<word>.*)"': gettext_lazy("“%(word)s” stands for nothing: take a word of the list"),
    r'"(?P<sign>[{}])" without its pair': gettext_lazy("a brace “%(sign)s” without its pair"),
    r"is blank; left empty, it is the default text": gettext_lazy("holds nothing but blanks; left empty, it is the standing text"),
    r"says nothing once its words are filled in": gettext_lazy("says nothing once its words are filled in"),
    r"cannot be printed: .*": gettext_lazy("cannot be printed"),
    r"the lower bound (?P<lower>-?\d+) is above the upper bound (?P<upper>-?\d+)": gettext_lazy(
        "the first day, %(lower)s, comes after the last, %(upper)s"
    ),
    r"level (?P<level>\w+) is there twice": gettext_lazy("level %(level)s is there twice"),
    r"from (?P<lower>-?\d+) days on overlaps level (?P<level>\w+), .*": gettext_lazy("from day %(lower)s on it overlaps level %(level)s"),
    r"(?P<lower>-?\d+) to (?P<upper>-?\d+) days overlaps level (?P<level>\w+), .*": gettext_lazy(
        "from day %(lower)s to day %(upper)s it overlaps level %(level)s"
    ),
    r"no level applies from (?P<lower>-?\d+) to (?P<upper>-?\d+) days, between levels (?P<before>\w+) and (?P<after>\w+)": gettext_lazy(
        "between levels %(before)s and %(after)s, from day %(lower)s to day %(upper)s, no level applies"
    ),
    r"(?P<rate>[\d.]+) is below the legal floor, (?P<floor>[\d.]+) on .*": gettext_lazy(
        "below the legal floor, which is %(floor)s %% today"
    ),
    r"not an e-mail address: .*": gettext_lazy("not an e-mail address"),
    r"not a time zone such as .*": gettext_lazy("not a time zone such as Europe/Paris"),
    r"not a country or a part of it, .*": gettext_lazy(
        "not a country or a part of one, such as FR or FR-57, whose public holidays are known"
    ),
    r"not (?:a country|a currency) of .*": gettext_lazy("capital letters are due, such as FR or EUR"),
    r"not a rate in percent, .*": gettext_lazy("not a rate in percent, such as 12.50"),
    r"not an? (?:decimal )?amount.*": gettext_lazy("not an amount"),
    r"is below zero": gettext_lazy("must not be below zero"),
    r"longer than (?P<most>\d+) characters: .*": gettext_lazy("longer than %(most)s characters"),
    r"holds a control character .*": gettext_lazy("holds a character that cannot be printed"),
    r"larger than (?P<size>\d+) kB: .*": gettext_lazy("larger than %(size)s kB: the picture goes into every letter"),
    r"not a picture in PNG, JPEG or SVG": gettext_lazy("not a picture in PNG, JPEG or SVG"),
    r"(?P<width>\d+) by (?P<height>\d+) pixels; .*": gettext_lazy("%(width)s by %(height)s pixels are too many"),
    r"an SVG with text, .*": gettext_lazy("text in an SVG may look otherwise where it is printed: turn it into outlines"),
    r"an SVG .* more than a picture": gettext_lazy("this SVG is more than a picture"),
    r"an SVG (?:that|whose style) refers to something outside.*": gettext_lazy("this SVG refers to something outside"),
    r"(?:a JPEG whose size cannot|an SVG that cannot|a picture that cannot) be .*": gettext_lazy("this picture cannot be read"),
    r"too many decimals for (?P<currency>\w+): .*": gettext_lazy("too many decimals for %(currency)s"),
    r"more than (?P<most>\d+) digits: .*": gettext_lazy("more than %(most)s digits"),
    r"not payment terms: .*": gettext_lazy("not payment terms: write for instance 30, 45FDM-A, 45FDM-B, 30FDM10 or 30LE15"),
    r"no such day of the month .*": gettext_lazy("payment terms with a day that no month has"),
    r"not the name of a server, .*": gettext_lazy("not the name of a server, such as smtp.example.com"),
    r"not an address that begins with https://: .*": gettext_lazy("an address that begins with https:// is due"),
    r"not a domain, .*": gettext_lazy("not a domain, such as example.com"),
    r"not between (?P<least>\d+) and (?P<most>\d+): .*": gettext_lazy("between %(least)s and %(most)s"),
    r"an? .* is due, not .*|not one of .*": gettext_lazy("makes no sense here"),
    r"is empty": gettext_lazy("must not be empty"),
    r'(?P<count>\d+) customers follow "(?P<code>.*)"': gettext_lazy("%(count)s customers follow the policy %(code)s"),
    r'(?P<count>\d+) documents are paid by "(?P<code>.*)"': gettext_lazy("%(count)s documents are paid by %(code)s"),
    r'(?P<count>\d+) due items have "(?P<code>.*)"': gettext_lazy("%(count)s due items have the status %(code)s"),
    r'(?P<count>\d+) customers are looked after by "(?P<code>.*)"': gettext_lazy("%(count)s customers have %(code)s for their sales rep"),
    r'(?P<count>\d+) documents are answered for by "(?P<code>.*)"': gettext_lazy("%(count)s documents have %(code)s for their manager"),
}
_LINE = re.compile(r"(?P<said>.*), on line (?P<line>\d+)", re.DOTALL)


def told(message: str) -> str:
    """What is wrong, in the language of the reader; as it stands where nobody foresaw it."""
    if found := _LINE.fullmatch(message):
        return _("%(said)s (line %(line)s)") % {"said": told(found["said"]), "line": found["line"]}
    for pattern, words in _KNOWN.items():
        if found := re.fullmatch(pattern, message, re.DOTALL):
            parts = {name: said_figure(text) if name == "floor" else text for name, text in found.groupdict().items()}
            return str(words) % parts if parts else str(words)
    return message
