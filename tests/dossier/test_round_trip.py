"""Whatever a dossier holds, does it come back as it was, and change nothing when it is loaded again?"""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from relance.core.display import COLUMNS
from relance.letters.placeholders import check_text
from relance.models import Event
from tests.dossier.files import Json, file, take_in, text_of
from tests.dossier.lives import emptied

pytestmark = pytest.mark.django_db

READABLE = some.characters(exclude_categories=["Cs", "Cc"])
TEXT = some.text(READABLE, max_size=12)
PROSE = some.text(READABLE | some.sampled_from("\n\t"), max_size=12)
WORDS = PROSE.filter(lambda text: not check_text(text))  # what notices may say
LINES = some.lists(TEXT, max_size=3)
DAY = some.dates(date(1990, 1, 1), date(2090, 1, 1)).map(str)
DAY_OR_NONE = some.none() | DAY
LEVEL = some.sampled_from([0, 1, 9, "NA"])
EMAILS = some.lists(some.sampled_from(["a@b.example", "jean.petit+x@sous.domaine.example"]), max_size=2)
EMAIL = some.sampled_from(["", "compta@client.example"])
FLAG = some.booleans()
COUNTRY = some.sampled_from([None, "", "BE"])
PROGRESSION = some.sampled_from([None, "by_age", "stepwise"])
REASON = some.sampled_from(["", "dispute", "instalments", "request", "check", "other"])
FEW = some.integers(0, 30)
CODES = ("", "a", "B", "É", "10", "9", "東")  # the first stands for none
CUSTOMERS = CODES[1:5]


def code_or_none(codes: tuple[str, ...] = CODES) -> some.SearchStrategy[str | None]:
    """A code that the dossier has, or null."""
    return some.sampled_from([code or None for code in codes])


def named(key: str, codes: tuple[str, ...] = CODES[1:], **keys: some.SearchStrategy[Any]) -> some.SearchStrategy[list[Json]]:
    """One object for each code, with any of these keys."""
    rest = some.fixed_dictionaries({}, optional=keys)
    return some.tuples(*(rest for _ in codes)).map(lambda found: [{key: code} | one for code, one in zip(codes, found, strict=True)])


SITES = named(
    "code",
    CODES[1:3],
    name=TEXT,
    siret=some.sampled_from(["", "10000000900012"]),
    email=EMAIL,
    address=LINES,
    postcode=TEXT,
    city=TEXT,
    country=some.sampled_from([None, "", "BE"]),
)
CONTACTS = named(
    "name",
    CODES[3:5],
    code=some.just(""),
    email_identity=EMAIL,
    email_at_customer=EMAIL,
    sites=some.lists(some.sampled_from(CODES[1:3]), unique=True),
    left_on=DAY_OR_NONE,
    roles=some.lists(some.sampled_from(["decision_maker", "main", "financial"]), unique=True),
    receives=some.lists(some.sampled_from(["dunning", "dunning_all_sites", "invoices", "invoices_all_sites"]), unique=True),
)
PARTIES = named(
    "code",
    CUSTOMERS,
    type=TEXT,
    sales_rep=code_or_none(),
    account=TEXT,
    language=some.sampled_from([None, "fr", "en", "de"]),
    kind=some.sampled_from(["business", "consumer", "public"]),
    policy=code_or_none(),
    dunning_enabled=FLAG,
    manual_dunning=FLAG,
    auto_dunning=FLAG,
    level=LEVEL,
    last_dunned_on=DAY_OR_NONE,
    payment_terms=some.sampled_from([None, "30", "45FDM-A"]),
    doubtful=FLAG,
    insolvent_on=DAY_OR_NONE,
    held_from=DAY_OR_NONE,
    held_until=some.none(),
    hold_reason=REASON,
    hold_comment=PROSE,
    contacts=CONTACTS,
)
DUE = some.lists(
    some.fixed_dictionaries(
        {"due_date": DAY, "amount": some.integers(0, 10**14).map(lambda cents: f"{cents // 100}.{cents % 100:02}")},
        optional={
            "level": LEVEL,
            "last_dunned_on": DAY_OR_NONE,
            "status": code_or_none(),
            "comment": PROSE,
            "expected_on": DAY_OR_NONE,
            "promised_on": DAY_OR_NONE,
            "promised_amount": some.none() | some.integers(1, 10**6).map(lambda cents: f"{cents // 100}.{cents % 100:02}"),
            "promise_made_on": DAY_OR_NONE,
        },
    ),
    min_size=1,
    max_size=3,
)
DOCUMENTS = named(
    "number",
    customer=some.sampled_from(CUSTOMERS),
    billed_customer=code_or_none(CUSTOMERS),
    site=code_or_none(("", *CODES[1:3])),
    label=TEXT,
    currency=some.sampled_from([None, "EUR", "USD"]),
    payment_method=code_or_none(),
    manager=code_or_none(),
    recipients=EMAILS,
    copies=EMAILS,
    block_comment=PROSE,
    no_auto_dunning=FLAG,
    no_manual_dunning=FLAG,
    no_dunning_temporary=FLAG,
    no_auto_dunning_until=DAY_OR_NONE,
    no_manual_dunning_until=DAY_OR_NONE,
    block_reason=REASON,
    interest_rate=some.sampled_from([None, "80.00"]),
    einvoice_status=some.sampled_from(["", "207", "211"]),
    paid_elsewhere=FLAG,
    payee_name=TEXT,
    payee_iban=some.sampled_from(["", "FR7630006000011234567890189"]),
    source_key=TEXT,
)
SOURCES = some.lists(
    some.fixed_dictionaries(
        {"kind": some.sampled_from(["items", "customers", "contacts", "payments"]), "code": some.sampled_from(CODES)},
        optional={
            "columns": some.dictionaries(some.sampled_from(["open", "code", "number"]), TEXT),
            "last_as_of": DAY_OR_NONE,
            "last_sha256": some.sampled_from(["", "0" * 64]),
        },
    ),
    unique_by=lambda one: (one["kind"], one["code"]),
)
PAYMENTS = named(
    "reference",
    customer=some.sampled_from(CUSTOMERS),
    amount=some.integers(-(10**14), 10**14).map(lambda cents: f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"),
    kind=some.sampled_from(["payment", "return", "write_off"]),
    currency=some.sampled_from([None, "EUR", "USD"]),
    source_key=TEXT,
)
OPTIONS = some.fixed_dictionaries(
    {},
    optional={
        "level_basis": some.sampled_from(["due_date", "last_dunning"]),
        "min_invoice_amount": some.integers(0, 99).map(lambda cents: f"0.{cents:02}"),
        "expected_payment_delay_days": FEW,
        "promise_grace_days": FEW,
        "min_days_between": some.none() | FEW,
        "letter_grouping": some.sampled_from(["customer", "site", "invoice"]),
        "include_credits": FLAG,
        "fallback_payment_method": code_or_none(),
        "payment_terms": some.sampled_from([None, "60"]),
        "interest_rate": some.sampled_from([None, "80.00"]),
        "messages_per_minute": some.sampled_from([None, 1, 600]),
        "time_zone": some.sampled_from(["Europe/Paris", "Indian/Reunion"]),
        "holidays": some.sampled_from(["", "FR-57", "BE"]),
        "max_ledger_age_days": some.none() | FEW,
        "max_bank_age_days": some.none() | FEW,
        "hold_unmatched_payments": FLAG,
        "ceiling": some.sampled_from(["none", "first", "every"]),
        "ceiling_notices": some.sampled_from([None, 1, 250]),
        "ceiling_amount": some.sampled_from([None, "0", "99"]),
    },
)
DISPLAY = some.fixed_dictionaries(
    {},
    optional={
        "columns": some.lists(some.sampled_from(COLUMNS), unique=True),
        "window": some.sampled_from([None, "left"]),
        "not_due": FLAG,
        "signatory": TEXT,
        "accent_color": some.sampled_from([None, "#AB12cd"]),
    },
)
TEXTS = some.fixed_dictionaries({}, optional={"subject": WORDS, "footer": WORDS})
LEVELS = some.fixed_dictionaries(
    {"level": some.just(1), "lower_bound": some.integers(-30, 30)},
    optional={
        "label": TEXT,
        "header": WORDS,
        "texts": some.dictionaries(
            some.sampled_from(["en", "de"]), some.fixed_dictionaries({}, optional={"subject": WORDS, "footer": WORDS})
        ),
        "clock": some.sampled_from([None, "end_of_month"]),
        "automatic": FLAG,
        "channel": some.sampled_from(["email", "letter"]),
        "charge_interest": FLAG,
    },
).map(lambda row: [row])


def filled(entries: list[Json], **keys: Any) -> list[Json]:
    """The same objects, with these keys where they have none."""
    return [keys | entry for entry in entries]


DOSSIERS = some.fixed_dictionaries(
    {
        "options": OPTIONS,
        "display": DISPLAY,
        "levels": some.just([]) | LEVELS,
        "policies": named("code", progression=PROGRESSION, min_days_between=some.none() | FEW, levels=LEVELS),
        "payment_methods": named("code", label=TEXT, dunnable=FLAG),
        "statuses": named("code", label=TEXT, stops_dunning=FLAG),
        "collaborators": named("code", name=TEXT, email=EMAIL),
        "customer_types": named("code", label=TEXT),
        "sources": SOURCES,
        "customers": some.tuples(PARTIES, SITES).map(lambda found: [{"name": one["code"], "sites": found[1]} | one for one in found[0]]),
        "documents": some.tuples(DOCUMENTS, DUE, DAY).map(lambda found: filled(found[0], customer="a", due=found[1], date=found[2])),
        "payments": some.tuples(PAYMENTS, DAY).map(lambda found: filled(found[0], customer="a", date=found[1], amount="1.00")),
    }
)


class RoundTrip(TestCase):
    """In, out, in again."""

    @settings(max_examples=max(12, settings.default.max_examples // 8))
    @given(DOSSIERS)
    def test_what_goes_in_comes_out_and_goes_in_again_unchanged(self, nouns: Json):
        """Over itself, and into an empty database."""
        take_in(file(**nouns))
        before = text_of()
        take_in(file(**nouns))
        assert text_of() == before
        emptied()
        take_in(before.encode())
        assert text_of() == before
        assert not Event.objects.exists()
