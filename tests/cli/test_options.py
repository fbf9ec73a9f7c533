"""Which values are wrong usage, whatever the command?"""

from datetime import date

import pytest
import typer

from relance.cli import options


@pytest.mark.parametrize(
    ("reads", "text", "value"),
    [
        (options.day, "2026-02-28", date(2026, 2, 28)),
        (options.day, "9999-12-31", date(9999, 12, 31)),
        (options.run_day, "2026-02-28", date(2026, 2, 28)),
        (options.issued_level, "1", 1),
        (options.issued_level, "9", 9),
        (options.any_level, "0", 0),
        (options.any_level, "NA", options.LEVEL_NA),
        (options.any_level, "na", options.LEVEL_NA),
        (options.current_level, "-1", options.ALL_LEVELS),
        (options.current_level, "NA", options.LEVEL_NA),
        (options.amount, "-12.50", "-12.50"),
        (options.address, "a.b+c@d.example", "a.b+c@d.example"),
    ],
)
def test_what_can_be_read(reads, text, value):
    assert reads(text) == value


@pytest.mark.parametrize(
    ("reads", "text"),
    [
        *((options.day, text) for text in ("", "2026-02-30", "20260228", "2026-W09-6", "28/02/2026", "2026-2-28", "٢٠٢٦-02-28")),
        *((options.run_day, text) for text in ("0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31")),
        *((options.issued_level, text) for text in ("", "0", "10", "-1", "NA", "1.5", "١")),
        *((options.any_level, text) for text in ("", "10", "-1", "N3")),
        *((options.current_level, text) for text in ("", "-2", "10")),
        *((options.amount, text) for text in ("", "12,50", "12.", ".5", "1e3", "1 000", "+5")),
        *((options.address, text) for text in ("", "nobody", "a@b", "a b@c.example", "Nom <a@b.example>", "a@b.example,c@d.example")),
    ],
)
def test_what_cannot_be_read_is_wrong_usage(reads, text):
    with pytest.raises(typer.BadParameter, match="not "):
        reads(text)


@pytest.mark.parametrize(
    ("text", "currency", "minor"), [(None, "EUR", None), ("12.50", "EUR", 1250), ("12", "JPY", 12), ("0.005", "TND", 5)]
)
def test_an_amount_takes_its_meaning_from_the_currency(text, currency, minor):
    assert options.minor_units(text, currency, "--min-amount") == minor


def test_more_decimals_than_the_currency_has_are_wrong_usage():
    with pytest.raises(typer.BadParameter, match="too many decimals for JPY"):
        options.minor_units("12.5", "JPY", "--min-amount")


def test_the_history_names_the_user_that_the_environment_names(monkeypatch):
    monkeypatch.setenv("RELANCE_USER", "claire")
    assert options.user() == "claire"


def test_a_container_without_user_names_still_has_a_user(monkeypatch):
    def nameless():
        raise KeyError("uid not found")

    monkeypatch.delenv("RELANCE_USER", raising=False)
    monkeypatch.setattr("getpass.getuser", nameless)
    assert options.user().isdigit()
