"""Can the texts that a load brings be printed? Each is set on a made-up account, as a letter and as an e-mail, before it is kept."""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from relance.core.display import PICTURES
from relance.dossier.faults import Place
from relance.letters.claimed import claimed
from relance.letters.letter import render_letter
from relance.letters.mailing.mail_html import html_body
from relance.letters.own.specimens import specimen_of_level
from relance.letters.texts import text_of
from relance.letters.typesetter import LetterProblem
from relance.models.company import Company
from relance.models.display import shown_with
from relance.models.rules import frozen_settings


class Written(NamedTuple):
    """What a file says at a level, in a language (empty: the company's own), and where."""

    policy: str
    level: int
    language: str
    place: Place
    parts: tuple[str, ...]


def problems(company: Company, texts: Iterable[Written]) -> Iterator[tuple[Place, str]]:
    """What would be wrong with a notice that says this; the levels are stored already."""
    settings = frozen_settings(Company.objects.get(pk=company.pk))
    display = shown_with(settings) | dict.fromkeys(PICTURES)  # which were printed when they came
    for written in texts:
        language = written.language or settings["company"]["language"]
        for kind in ("letter", "email"):
            said: dict[str, Any] = {"kind": kind, "language": language, "texts": {}, "display": display}
            empty, refusal = _proofed(json.dumps(specimen_of_level(settings, written.policy, written.level, **said)))
            yield from (((*written.place, part), "says nothing once its words are filled in") for part in empty if part in written.parts)
            if refusal:
                yield written.place, f"cannot be printed: {refusal}"


@lru_cache(maxsize=300)  # what a company has set up comes again and again, in dossiers that change little
def _proofed(notice: str) -> tuple[tuple[str, ...], str]:
    """The parts of a notice that say nothing, and why it cannot be set."""
    data = json.loads(notice)
    said = text_of(data)
    empty = tuple(part for part, text in said._asdict().items() if not text.strip())
    try:
        if data["kind"] == "letter":
            render_letter(data)
        else:
            html_body(data, said, claimed(data))
    except LetterProblem as problem:
        return empty, str(problem)
    return empty, ""
