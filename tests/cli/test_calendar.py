"""What will go out in the coming days?"""

import pytest

from tests.acceptance.world import TODAY, day


@pytest.fixture
def books(world):
    """An invoice eight days late, another that is due in three days, one promised and one in dispute."""
    world.invoice("FA-1")
    world.invoice("FA-2", "C002", due=day(TODAY, 3), amount="50.00")
    world.invoice("FA-3", promised_on=TODAY)
    world.invoice("FA-4", "C002", status="LITIGE")
    world.load()
    return world


def foretold(books, *flags):
    notices = books.ask("calendar", "--as-of", TODAY, *flags).done().json["notices"]
    return [(notice["on"], notice["customer"], notice["level"], notice["totals"]) for notice in notices]


def test_each_notice_stands_on_its_day(books):
    assert foretold(books, "--days", "4") == [
        ("2026-07-15", "C001", 1, {"EUR": "100.00"}),
        ("2026-07-15", "C002", 1, {"EUR": "50.00"}),
        ("2026-07-18", "C001", 2, {"EUR": "100.00"}),
        ("2026-07-19", "C001", 2, {"EUR": "100.00"}),
    ]


def test_the_runs_of_the_coming_days_send_what_was_foretold(books):
    promised = foretold(books, "--days", "30")
    sent = [
        (on, notice["customer"], notice["level"], notice["totals"])
        for on in (day(TODAY, days) for days in range(31))
        for notice in books.batch(on).notices
    ]
    assert sent == promised


def test_looking_ahead_stores_nothing(books):
    before = books.rows()
    foretold(books)
    assert books.rows() == before


def test_a_company_without_levels_is_refused(world):
    world.levels()
    world.load()
    world.ask("calendar", "--as-of", TODAY).refused("no levels")


def test_more_than_a_year_is_wrong_usage(books):
    books.ask("calendar", "--as-of", TODAY, "--days", "367").misused()


def test_people_read_a_line_for_each_day_level_and_channel(books):
    table = books.relance("calendar", "--company", "ACME", "--as-of", TODAY, "--days", "3").done().out
    assert [line.split() for line in table.splitlines() if "/2026" in line][1:] == [
        ["15/07/2026", "1", "e-mail", "2", "150,00", "€"],
        ["18/07/2026", "2", "e-mail", "1", "100,00", "€"],
    ]
