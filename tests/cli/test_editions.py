"""What does an edition refuse before it proposes anything?"""

import pytest

from tests.acceptance.world import TODAY


@pytest.fixture
def books(world):
    """A company with one overdue invoice."""
    world.invoice("FA-1")
    world.load()
    return world


def edition(world, *flags):
    return world.ask("edition", "--as-of", TODAY, "--level", "1", *flags)


@pytest.mark.parametrize(
    ("option", "said"), [("--customer", "customer"), ("--sales-rep", "sales rep"), ("--payment-method", "payment method")]
)
def test_a_filter_by_what_is_not_there_is_refused(books, option, said):
    edition(books, option, "NADA").refused(f'no {said} "NADA" in ACME')


@pytest.mark.parametrize(
    "flags",
    [
        ("--control-list", "--definitive"),
        ("--out", "letters.xlsx"),
        ("--definitive", "--out", "letters.csv"),
        ("--control-list", "--out", "list.doc"),
        ("--min-amount", "12.345"),
        ("--sort", "colour"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_made_is_wrong_usage(books, flags):
    edition(books, *flags).misused()
    assert books.history() == {"notices": [], "events": []}
