"""What can a company choose that its letters show, and what do they show where it has chosen nothing? (register A36, A37)"""

from typing import Any

COLUMNS = ("label", "date", "due_date", "days_overdue", "amount", "paid")  # between the document and what is open, which always stand
CREDITS = ("each", "sum")
WINDOWS = ("left", "right")
PICTURES = ("logo", "signature")
_LEFT_WINDOWS = ("DE", "AT")  # countries whose envelopes show the address on the left

DEFAULTS: dict[str, Any] = {
    "columns": list(COLUMNS),
    "subtotals": False,
    "credits": "each",
    "not_due": False,
    "charge_periods": True,
    "payment_slip": False,
    "qr_code": True,
    "fold_marks": True,
    "window": None,  # the country's
    "page_numbers": True,
    "logo": None,
    "signature": None,
    "signatory": "",
    "accent_color": "#1f4e79",
    "text_color": "#1b2430",
}


def window_of(country: str) -> str:
    """On which side envelopes of a country show the address."""
    return "left" if country in _LEFT_WINDOWS else "right"
