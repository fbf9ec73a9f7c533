"""What do the account numbers of the French chart of accounts (PCG) mean for what is owed?

| account | is | its lines become |
| --- | --- | --- |
| 411 | customers | invoices, credit notes, payments |
| 413 | bills receivable: the customer's debt sits in a bill | documents of nature "bill" |
| 416 | doubtful customers | documents of nature "doubtful"; while such an account is open, the customer is doubtful |
| 4191 | advances received | payments on account and their returns, never dunned |
| 401, 404 | suppliers, of goods and of fixed assets | the supplier's invoices, credit notes, payments |
| 403, 405 | bills payable | documents of nature "bill" |
| 4091 | advances paid | the same, of the supplier |
| other 40 and 41 | estimates of the year's end (408, 418, 4198), deposits (4096, 4196), work to invoice (417) | left out, counted |

Who: the subsidiary account (CompAuxNum) where there is one; else the account number itself, so that 41100012 and 411DUPONT are customers.
With a name in it, the number is the same under every root (416DUPONT is customer 411DUPONT); figures alone do not prove that. A general
account of advances (409100 without subsidiary account) is nobody's: left out, counted.
"""

from typing import Literal, NamedTuple

Side = Literal["customer", "supplier"]
Nature = Literal["trade", "bill", "doubtful", "advance"]

_ROOTS: dict[str, tuple[Side, Nature]] = {
    "411": ("customer", "trade"),
    "413": ("customer", "bill"),
    "416": ("customer", "doubtful"),
    "4191": ("customer", "advance"),
    "401": ("supplier", "trade"),
    "403": ("supplier", "bill"),
    "404": ("supplier", "trade"),
    "405": ("supplier", "bill"),
    "4091": ("supplier", "advance"),
}
_COLLECTIVE = {"customer": "411", "supplier": "401"}
THIRD_PARTIES = frozenset((b"40", b"41"))

# What else an entry touches, which tells a payment from a credit note: flags of one small number.
CASH = 1  # 50 to 58
INCOME = 2  # 7
EXPENSE = 4  # 6
ASSET = 8  # 2 and 3: bought from a supplier
_TOUCHED_BY_CLASS = {"2": ASSET, "3": ASSET, "5": CASH, "6": EXPENSE, "7": INCOME}


class Meaning(NamedTuple):
    """Whose account this is, and what kind of debt stands on it."""

    side: Side
    nature: Nature
    party: str  # the code of the customer or supplier


def read_account(number: str, subsidiary: str) -> Meaning | None:
    """What an account whose number begins with 40 or 41 is; None where it is nobody's debt."""
    root = number[:4] if number[:4] in _ROOTS else number[:3]
    if root not in _ROOTS:
        return None
    side, nature = _ROOTS[root]
    own = number[len(root) :]
    if subsidiary:
        return Meaning(side, nature, subsidiary)
    if nature == "advance" and not own.strip("0"):
        return None
    named = any(letter.isalpha() for letter in own)
    return Meaning(side, nature, _COLLECTIVE[side] + own if named else number)


def touched_by_prefix() -> dict[bytes, int]:
    """What a line touches, by the first two figures of its account. Third parties are not in it."""
    prefixes = {b"%d" % prefix: _TOUCHED_BY_CLASS.get(str(prefix)[0], 0) for prefix in range(10, 100)}
    prefixes[b"59"] = 0  # provisions
    return {prefix: touched for prefix, touched in prefixes.items() if prefix not in THIRD_PARTIES}
