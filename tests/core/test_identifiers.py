"""Is a SIREN told from nine digits that are none?"""

import pytest

from relance.core.identifiers import is_siren


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("732829320", True),
        ("356000000", True),
        ("123456782", True),
        ("123456789", False),
        ("73282932", False),
        ("7328293200", False),
        ("73282932A", False),
        ("٧٣٢٨٢٩٣٢٠", False),
        ("", False),
    ],
)
def test_the_last_digit_of_a_siren_checks_the_others(text: str, right: bool) -> None:
    assert is_siren(text) is right
