"""What does a notice claim, written out? Its lines, credits, totals and charges, in the words and figures of its language."""

from typing import NamedTuple

from relance.letters import formats
from relance.letters.placeholders import Data
from relance.letters.words import words


class Row(NamedTuple):
    """One line, or one credit in deduction: what it is, what is known of it, and what is open."""

    what: str
    details: tuple[str, ...]
    amount: str


def rows(data: Data) -> list[Row]:
    """The lines, then the credits, below zero."""
    return [_line(line, data["language"]) for line in data["lines"]] + [_credit(one, data["language"]) for one in data["credits"]]


def totals(data: Data) -> list[str]:
    """The total of each currency; amounts of different currencies are never added."""
    return [formats.amount(total, currency, data["language"]) for currency, total in sorted(data["totals"].items())]


def charges(data: Data) -> list[tuple[str, str]]:
    """Interest and indemnity by currency, apart from the totals: what the law adds is not a price."""
    said, language = words(data["language"]), data["language"]
    return [
        (said[label], formats.amount(amount, currency, language))
        for kind, label in (("interest", "interest_total"), ("indemnity", "indemnity_total"))
        for currency, amount in sorted((data["charges"] or {}).get(kind, {}).items())
    ]


def reference(data: Data) -> str:
    """What the customer is asked to quote: his code, and the number of the notice once it has one."""
    return " ".join(f"{data['customer']['code']} {data['number']}".split())


def transfer(data: Data) -> list[tuple[str, str]]:
    """Where and how to pay: nothing where the creditor has named no account."""
    company, said = data["company"], words(data["language"])
    if not company["iban"]:
        return []
    pairs = [
        (said["beneficiary"], company["name"]),
        ("IBAN", formats.iban(company["iban"])),
        ("BIC", company["bic"]),
        (said["amount"], " + ".join(totals(data))),
        (said["reference"], reference(data)),
    ]
    return [(label, value) for label, value in pairs if value]


def identity(data: Data) -> list[str]:
    """The creditor's numbers, as the foot of a business letter shows them."""
    company, said = data["company"], words(data["language"])
    numbers = (("SIREN", company["siren"]), (said["vat"], company["vat_number"]))
    return [f"{label} {number}" for label, number in numbers if number]


def deduction(credit: Data, language: str) -> str:
    """What a credit is, in words: the credit note or payment on account, and its date."""
    return words(language)["credit"].format(credit["document"], formats.day(credit["date"], language))


def label(line: Data) -> str:
    """What an invoice is about, where it says more than its number; cut after 80 characters."""
    text = " ".join(line["label"].split())
    return "" if text == line["document"] else text if len(text) <= 80 else f"{text[:79]}…"


def _line(line: Data, language: str) -> Row:
    said, currency = words(language), str(line["currency"])
    details = [label(line), f"{said['due_on']} {formats.day(line['due_date'], language)}"]
    late = line["days_overdue"]
    if late > 0:
        details.append(said["day_late"] if late == 1 else said["days_late"].format(late))
    if line["paid"]:
        paid, amount = (formats.amount(line[name], currency, language) for name in ("paid", "amount"))
        details.append(said["paid_of"].format(paid=paid, amount=amount))
    return Row(line["document"], tuple(one for one in details if one), formats.amount(line["open"], currency, language))


def _credit(credit: Data, language: str) -> Row:
    return Row(deduction(credit, language), (), formats.amount(-abs(credit["open"]), credit["currency"], language))
