"""A text that is being written -> what a customer would read: on a made-up account, or on a real customer's; nothing is stored."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from relance.core.facts import Channel, DueItem, Mode, Page
from relance.core.grouping import Claim, Notice
from relance.core.proposal import credits_of
from relance.letters.own.specimens import specimen_of_level
from relance.letters.preview import Kind, preview
from relance.letters.typesetter import LetterProblem
from relance.models.book import load_book
from relance.models.company import Company
from relance.models.display import shown_with
from relance.models.outgoing.freezing import Freezer, charge
from relance.models.outgoing.letter_data import letter_data
from relance.models.parties import Customer
from relance.models.rules import frozen_settings, read_terms
from relance.steps import Refused

Json = dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """What is looked at: the level of a policy, in a language, with the texts and display options that are not stored yet laid over it."""

    level: int
    policy: str = ""
    language: str = ""  # empty: the customer's, else the company's
    texts: dict[str, str] = field(default_factory=dict)
    display: Json = field(default_factory=dict)


def show(company: Company, draft: Draft, kind: Kind, *, customer: Customer | None = None, as_of: date) -> list[bytes]:
    """One PDF, a picture of each page, or the HTML of an e-mail, marked as a draft; on what the customer owes, if one is named.

    Raises Refused for a level that is not set up, a customer who owes nothing, and a page that cannot be set.
    """
    settings = _settings(company, draft)
    data = _of_customer(company, customer, draft, settings, kind, as_of) if customer else _made_up(draft, settings, kind)
    try:
        return preview(data | {"provisional": True}, kind)
    except LetterProblem as problem:
        raise Refused(str(problem)) from problem


def write(pages: list[bytes], out: Path) -> list[Path]:
    """Write what was shown; a second picture of a letter goes to ``name-2.png``. Raises Refused when a file cannot be written."""
    paths = [out if number == 1 else out.with_stem(f"{out.stem}-{number}") for number in range(1, len(pages) + 1)]
    try:
        for path, content in zip(paths, pages, strict=True):
            path.write_bytes(content)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error
    return paths


def _settings(company: Company, draft: Draft) -> Json:
    """The company's set-up as a run would freeze it, with what is being changed."""
    settings = frozen_settings(company)
    level = settings["levels"].get(draft.policy, {}).get(str(draft.level))
    if level is None:
        whose = f'the policy "{draft.policy}"' if draft.policy else "its default policy"
        raise Refused(f"level {draft.level} is not set up in {company.code}: {whose} has no such level")
    settings["display"] |= draft.display
    return settings


def _made_up(draft: Draft, settings: Json, kind: Kind) -> Json:
    language = draft.language or settings["company"]["language"]
    said: Json = {"kind": _channel(kind), "language": language, "texts": draft.texts, "display": shown_with(settings)}
    return specimen_of_level(settings, draft.policy, draft.level, **said)


def _of_customer(company: Company, customer: Customer, draft: Draft, settings: Json, kind: Kind, as_of: date) -> Json:
    terms = read_terms(company, as_of, Mode.EDITION)
    page = next(load_book(company, as_of, customers=[customer.pk]), None)
    claims = _claims(page, draft.level, Channel(_channel(kind)), as_of) if page else ()
    if not page or not claims:
        raise Refused(f"{customer.code} owes nothing on {as_of}")
    currencies = {claim.item.currency for claim in claims}
    credits = [one for one in credits_of(page) if terms.options.include_credits and one.currency in currencies]
    notice = Notice(page.customer, draft.level, claims[0].channel, (), (), claims, tuple(credits))
    frozen = Freezer(company, as_of, terms, settings).freeze_all([notice], page, 0)[0]
    frozen = frozen._replace(
        recipient=frozen.recipient | {"policy": draft.policy}, language=draft.language or customer.language or company.language
    )
    charge([alone := [frozen]], company, as_of, settings)
    data = letter_data(alone[0], settings, as_of)
    return data | {"texts": data["texts"] | draft.texts}


def _claims(page: Page, level: int, channel: Channel, as_of: date) -> tuple[Claim, ...]:
    """What is overdue, else what will be."""
    items = [item for item in page.items if item.type == "invoice" and item.open > 0]
    overdue = [item for item in items if item.due_date < as_of]
    return tuple(Claim(item, level, channel) for item in sorted(overdue or items, key=_place))


def _place(item: DueItem) -> tuple[date, str]:
    return item.due_date, item.document


def _channel(kind: Kind) -> str:
    return "email" if kind == "html" else "letter"
