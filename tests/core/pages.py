"""How is a customer's page of the book written in a test? As little tables an accountant can read, turned into facts.

The customer is C1, bills itself, has one site with an address for e-mails, and owes nothing but what the table of due items says.
Dates are days of 2026 unless a year follows; amounts are euros unless a currency follows.
"""

import re
from collections.abc import Iterable
from datetime import date

from relance.core import money
from relance.core.facts import (
    NA,
    Channel,
    Clock,
    Contact,
    Customer,
    Directory,
    DueItem,
    LevelRow,
    Mode,
    Options,
    Page,
    Policy,
    Progression,
    Remainder,
    Site,
)
from relance.core.proposal import Proposal
from relance.core.reasons import Reason
from relance.core.selection import Terms

Row = dict[str, str]

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
SITES = "code | email\nS1 | compta@client.example"
N1_N2 = "N1 -5..10, N2 11..30"  # the policy of the worked examples
_LEVEL = re.compile(r"(N\d|NA) (-?\d+)\.\.(-?\d+)?((?: \w+)*)")


def table(text: str) -> list[Row]:
    """The rows under the line of headings; a cell that is not there reads as empty."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def on(text: str) -> date:
    """``"7 July"`` or ``"7 July 2027"``."""
    day, month, *year = text.split()
    return date(int(year[0]) if year else 2026, MONTHS.index(month) + 1, int(day))


def day_month(day: date) -> str:
    """``"7 July"``."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def day_or_none(text: str) -> date | None:
    """A date, or none in an empty cell."""
    return on(text) if text else None


def amount(text: str) -> tuple[int, str]:
    """``"100"`` euros, or ``"100 USD"``: minor units and their currency."""
    figure, _, currency = text.partition(" ")
    return money.parse(figure, currency or "EUR"), currency or "EUR"


def level(text: str) -> int:
    """``"2"``, ``"NA"``, or 0 in an empty cell."""
    return NA if text == "NA" else int(text or 0)


def policy(text: str, progression: str = "by_age", min_days: int = 0, clock: str = "due_date") -> Policy:
    """``"N1 -5..10, N2 11.. last_dunning letter by_hand, NA 90.."``; rows that name no clock are on ``clock``."""
    return Policy(tuple(_level_row(part, clock) for part in text.split(", ")), Progression(progression), min_days)


def _level_row(text: str, clock: str) -> LevelRow:
    match = _LEVEL.fullmatch(text)
    assert match, text
    words = match[4].split()
    own = next((word for word in words if word in set(Clock)), clock)
    channel = Channel.LETTER if "letter" in words else Channel.EMAIL
    number = NA if match[1] == "NA" else int(match[1][1:])
    return LevelRow(number, int(match[2]), int(match[3]) if match[3] else None, Clock(own), "by_hand" not in words, channel)


def terms(as_of: str = "15 July", levels: Policy | str = N1_N2, mode: Mode = Mode.AUTOMATIC, cc: str = "", **options: object) -> Terms:
    """The company's terms on a day, with its options."""
    default = levels if isinstance(levels, Policy) else policy(levels)
    return Terms(on(as_of), mode, Options()._replace(**options), default, cc=tuple(cc.split()))


def customer(**said: object) -> Customer:
    """The billed customer C1, with which nothing is the matter but what is said."""
    boxes = {"dunning_enabled": True, "manual_dunning": True, "auto_dunning": True}
    usual = Customer(1, "C1", "Client 1", type="10", sales_rep="DUP", policy_id=None, level=0, last_dunned_on=None, **boxes)
    return usual._replace(**said)


def page(items: str = "", *, payments: str = "", sites: str = SITES, contacts: str = "", in_flight: str = "", **said: object) -> Page:
    """The customer's page out of its tables; what is said further is said of the customer."""
    directories = _directories(table(sites), table(contacts))
    owed = _due_items(table(items), directories)
    paid = [
        Remainder(number, row["reference"], on(row["date"]), currency, left)
        for number, row in enumerate(table(payments), 1)
        for left, currency in [amount(row["left"])]
    ]
    flying = {item.id for item in owed if item.document in in_flight.split()}
    return Page(customer(**said), owed, paid, directories, flying)


def _directories(sites: Iterable[Row], contacts: Iterable[Row]) -> dict[int, Directory]:
    """Whom each customer names; sites without and contacts without a customer are those of C1."""
    named: dict[int, Directory] = {}
    for number, row in enumerate(sites, 1):
        here = named.setdefault(_number(row), Directory())
        address = {key: row[key] for key in ("name", "address", "postcode", "city") if key in row}
        named[_number(row)] = here._replace(sites=(*here.sites, Site(number, row["code"], row.get("email", ""), **address)))
    for row in contacts:
        here = named.setdefault(_number(row), Directory())
        named[_number(row)] = here._replace(contacts=(*here.contacts, _contact(row, here)))
    return named


def _contact(row: Row, here: Directory) -> Contact:
    attached = frozenset(site.id for site in here.sites if site.code in row.get("sites", "").split())
    receives = row["receives"].split()
    kinds = ("dunning", "dunning_all_sites", "invoices", "invoices_all_sites")
    assert set(receives) <= set(kinds), receives
    return Contact(row["email"], attached, day_or_none(row.get("left", "")), *(kind in receives for kind in kinds))


def _due_items(rows: list[Row], directories: dict[int, Directory]) -> list[DueItem]:
    documents: dict[tuple[int, str], int] = {}
    places: dict[int, int] = {}
    items = []
    for row in rows:
        document = documents.setdefault((_number(row), row["document"]), len(documents) + 1)
        places[document] = places.get(document, 0) + 1
        items.append(_due_item(len(items) + 1, document, places[document], row, directories))
    return items


def _due_item(number: int, document: int, place: int, row: Row, directories: dict[int, Directory]) -> DueItem:
    """One row: document, due and open, and whatever else its table has a column for; ``marks`` are words."""
    left, currency = amount(row["open"])
    sites = directories.get(_number(row), Directory()).sites
    marks = row.get("marks", "").split()
    assert set(marks) <= {"no_auto", "no_manual", "temporary", "disputed"}, marks
    return DueItem(
        id=number,
        document_id=document,
        document=row["document"],
        customer_id=_number(row),
        site_id=next((site.id for site in sites if site.code == row.get("site")), None),
        type=row.get("type") or ("invoice" if left > 0 else "credit_note"),
        document_date=on(row["due"]),
        currency=currency,
        payment_method=row.get("method") or "VIR",
        dunnable=row.get("method") != "PRLV",
        no_auto_dunning="no_auto" in marks,
        no_manual_dunning="no_manual" in marks,
        no_dunning_temporary="temporary" in marks,
        recipients="\n".join(row.get("to", "").split()),
        copies="\n".join(row.get("copies", "").split()),
        no=place,
        due_date=on(row["due"]),
        amount=left,
        open=left,
        level=level(row.get("level", "")),
        last_dunned_on=day_or_none(row.get("last dunned", "")),
        stopped="disputed" in marks,
        promised_on=day_or_none(row.get("promised", "")),
        label="",
    )


def _number(row: Row) -> int:
    """The customer of a row: C1 unless the row says another."""
    return int((row.get("customer") or "C1")[1:])


def decisions(proposal: Proposal) -> dict[int, int | Reason]:
    """By due item (its identifier), the level it is dunned at or the reason why it is not."""
    dunned = {line.item.id: line.level for notice in proposal.notices for line in notice.lines}
    return dunned | {left.item.id: left.reason for left in proposal.left_out if left.item}


def outcome(proposal: Proposal) -> dict[str, int | str]:
    """The same by document; a further due item of a document is ``FA-1/2``, what a payment has left stands under its reference."""
    dunned = {_name(line.item): line.level for notice in proposal.notices for line in notice.lines}
    return dunned | {_name(left.item) if left.item else left.document: str(left.reason) for left in proposal.left_out}


def notices(proposal: Proposal) -> list[str]:
    """The notices in their order: level and documents."""
    return [f"{notice.level}: {' '.join(_name(line.item) for line in notice.lines)}" for notice in proposal.notices]


def _name(item: DueItem) -> str:
    return item.document if item.no == 1 else f"{item.document}/{item.no}"
