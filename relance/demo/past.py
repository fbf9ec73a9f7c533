"""Which invoices did the customers simply pay, in the eighteen months before today?

One line per customer: how many invoices, how many days ago the last of them was issued, every how many days, how late they
are usually paid, and an ordinary amount. Each invoice then strays a little from the ordinary, always in the same way.
"""

from typing import NamedTuple
from zlib import crc32

from relance.demo.customers import BY_CODE, POLICIES
from relance.demo.policy import automatic_bounds, next_run
from relance.demo.tables import rows

_HABITS = rows("""
customer  invoices  last  every  late  amount
C001      7         44    76     -2    900
C002      5         56    104    4     760
C003      4         61    127    6     480
C004      5         52    102    3     820
C005      4         78    100    12    600
C006      3         60    140    9     310
C007      4         58    129    7     640
C008      5         49    106    5     700
C009      4         80    121    14    1100
C010      5         55    104    8     980
C011      6         40    83     0     1080
C012      5         50    98     4     700
C013      4         95    115    9     1350
C014      5         60    102    6     930
C015      7         38    81     -1    540
C016      6         70    88     11    1800
C017      4         95    115    16    1500
C018      3         120   130    22    1250
C019      4         90    121    13    800
C020      5         66    104    8     1200
C021      6         72    87     10    1650
C022      4         75    121    15    850
C023      4         62    127    6     620
C024      3         130   120    19    430
C025      5         88    98     17    1900
C026      5         46    106    1     820
C027      5         70    102    4     780
C028      6         58    90     0     1100
C029      2         200   150    24    1500
C030      4         68    125    9     900
C031      5         64    104    7     1150
C032      5         57    107    5     1020
C033      3         140   120    8     2600
C034      7         92    71     12    4700
C035      4         50    133    2     860
C036      4         110   115    10    1900
C037      5         82    99     9     1240
C038      4         63    125    5     990
C039      2         290   127    27    1750
C040      6         105   81     4     11800
C041      3         58    140    1     1900
C042      4         66    121    3     1300
C043      4         64    125    4     1350
C044      5         76    98     3     520
C045      5         68    104    6     3600
C046      4         56    129    4     2450
C047      4         60    127    5     2900
C048      3         125   120    18    1700
C049      4         54    133    2     2400
C050      4         60    125    6     520
C051      4         55    129    -3    560
C052      2         110   160    4     190
C053      2         140   150    11    340
C054      3         50    150    -6    160
C055      3         66    150    10    1900
C056      3         150   115    21    1500
C057      3         180   100    26    650
C058      2         250   120    24    1480
C059      5         64    104    7     960
""")


_WEEKEND = 2  # days: what falls on one is paid on the Friday before


class Paid(NamedTuple):
    """An invoice of the past: issued and dunned so many days ago, paid so many days after its due date, amount in cents."""

    customer: str
    issued: int
    late: int
    amount: int
    level: int
    dunned: int | None


def paid_invoices() -> list[Paid]:
    """Every invoice of the past, customer by customer."""
    return [
        _paid(customer, int(last) + turn * int(every), int(late), int(amount), seed=f"{customer}.{turn}")
        for customer, invoices, last, every, late, amount in _HABITS
        for turn in range(int(invoices))
    ]


def _paid(customer: str, issued: int, late: int, amount: int, seed: str) -> Paid:
    issued += stray(f"{seed} issued", 0, 5)
    late += stray(f"{seed} late", -3, 3)
    cents = amount * stray(f"{seed} amount", 60, 150)
    level, dunned = _reached(customer, issued - BY_CODE[customer].terms, late)
    return Paid(customer, issued, late, cents - cents % 12, level, dunned)


def _reached(customer: str, due: int, late: int) -> tuple[int, int | None]:
    """The level that an invoice had come to which was due so many days ago and paid so late, and how many days ago it was dunned."""
    paid = due - late + _WEEKEND
    runs = [(level, next_run(due - lower)) for level, lower in automatic_bounds(POLICIES.get(customer))]
    return max(((level, run) for level, run in runs if run > paid), default=(0, None))


def stray(seed: str, lowest: int, highest: int) -> int:
    """A number between the bounds that looks drawn at random, and is always the same for the same seed."""
    return lowest + crc32(seed.encode()) % (highest - lowest + 1)


def issued_ago(late: int, customer: str) -> int:
    """How many days ago an invoice was issued that is now so many days late on this customer's terms."""
    return late + BY_CODE[customer].terms
