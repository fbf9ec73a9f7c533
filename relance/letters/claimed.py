"""What does a notice claim, written out? Its lines, credits, totals and charges, in the words and figures of its language."""

from functools import lru_cache
from typing import NamedTuple

from relance.letters import formats
from relance.letters.placeholders import Data
from relance.letters.wording import WORDINGS
from relance.letters.words import words


class Row(NamedTuple):
    """One line, or one credit in deduction: what it is, what is known of it, and what is open."""

    what: str
    details: tuple[str, ...]
    amount: str


class Claimed(NamedTuple):
    """All that is said of the claim, once for the text of an e-mail and for its HTML."""

    rows: list[Row]
    totals: list[str]
    charges: list[tuple[str, str]]
    periods: list[Data]
    not_due: list[Row]
    transfer: list[tuple[str, str]]
    identity: list[str]


def claimed(data: Data) -> Claimed:
    """What a notice claims, written out."""
    return Claimed(rows(data), totals(data), charges(data), periods(data), not_due(data), transfer(data), identity(data))


def rows(data: Data) -> list[Row]:
    """The lines, then the credits, below zero."""
    return [_line(line, data["language"]) for line in data["lines"]] + [
        Row(what, (), formats.amount(amount, currency, data["language"])) for what, amount, currency in credits(data)
    ]


def credits(data: Data) -> list[tuple[str, int, str]]:
    """The credits in deduction, below zero, one by one or one sum for each currency, as the company shows them."""
    if data["display"]["credits"] == "each":
        return [(deduction(one, data["language"]), -abs(one["open"]), one["currency"]) for one in data["credits"]]
    sums: dict[str, list[int]] = {}
    for one in data["credits"]:
        sums.setdefault(one["currency"], []).append(-abs(one["open"]))
    said = words(data["language"])["credit_sum"]
    return [(said.format(len(amounts)), sum(amounts), currency) for currency, amounts in sums.items()]


def totals(data: Data) -> list[str]:
    """The total of each currency; amounts of different currencies are never added."""
    return [formats.amount(total, currency, data["language"]) for currency, total in sorted(data["totals"].items())]


def charges(data: Data) -> list[tuple[str, str]]:
    """Interest and indemnity by currency, apart from the totals: what the law adds is not a price."""
    said, language, owed = words(data["language"]), data["language"], data["charges"] or {}
    found = [(said["interest_total"], formats.amount(amount, currency, language)) for currency, amount in _sorted(owed, "interest")]
    times = owed.get("indemnities", 0)
    for currency, amount in _sorted(owed, "indemnity"):
        each = f" ({times} × {formats.amount(amount // times, currency, language)})" if times > 1 and amount % times == 0 else ""
        found.append((said["indemnity_total"] + each, formats.amount(amount, currency, language)))
    return found


def periods(data: Data) -> list[Data]:
    """How the interest came about, period by period, where the company shows it: who claims interest says rate, base and days."""
    found: list[Data] = (data["charges"] or {}).get("periods", []) if data["display"]["charge_periods"] else []
    return [_period(one, data["language"]) for one in found]


def interest_note(data: Data) -> str:
    """On what the rate rests: the contract, or the law of the creditor's country for such a customer."""
    said, wording = words(data["language"]), WORDINGS.get(data["language"], WORDINGS["en"])
    law = wording.rate.get((data["company"]["country"], data["customer"]["kind"]), said["statutory_rate"])
    agreed = dict.fromkeys(one["agreed"] for one in data["charges"]["periods"])
    return said["interest_note"].format(", ".join(said["agreed_rate"] if one else law for one in agreed))


def not_due(data: Data) -> list[Row]:
    """What will fall due later, for information."""
    language = data["language"]
    return [
        Row(
            one["document"],
            (f"{words(language)['due_on']} {formats.day(one['due_date'], language)}",),
            formats.amount(one["open"], one["currency"], language),
        )
        for one in data["not_due"]
    ]


def reference(data: Data) -> str:
    """What the customer is asked to quote: his code, and the number of the notice once it has one."""
    return " ".join(f"{data['customer']['code']} {data['number']}".split())


def transfer(data: Data) -> list[tuple[str, str]]:
    """Where and how to pay: nothing where the creditor has named no account, and to whom, where it is not the creditor."""
    company, said = data["company"], words(data["language"])
    if payees := data.get("payees"):
        return [*(_payee(one, data["language"]) for one in payees), (said["reference"], reference(data))]
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


def _payee(payee: Data, language: str) -> tuple[str, str]:
    """Some documents, and who is paid for them, on which account: as the invoice says, where nothing more is known."""
    known = [one for one in (payee["name"], formats.iban(payee["iban"]) if payee["iban"] else "") if one]
    return ", ".join(payee["documents"]), " · ".join(known) or words(language)["as_invoiced"]


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


def enclosed(data: Data) -> str:
    """What goes with the letter: ``P.J. : 2 factures (FA-1, FA-2)``; nothing where nothing does."""
    numbers = data["enclosed"]
    if not numbers:
        return ""
    said = words(data["language"])
    return said["enclosed_one" if len(numbers) == 1 else "enclosed"].format(n=len(numbers), numbers=", ".join(numbers))


def _line(line: Data, language: str) -> Row:
    currency = str(line["currency"])
    details = [one for one in (label(line), *_when(line["due_date"], line["days_overdue"], language)) if one]
    if line["paid"]:
        paid, amount = (formats.amount(line[name], currency, language) for name in ("paid", "amount"))
        details.append(words(language)["paid_of"].format(paid=paid, amount=amount))
    details += [one for one in line.get("notes", ()) if one]  # what is known inside the company, for its own people
    return Row(line["document"], tuple(details), formats.amount(line["open"], currency, language))


@lru_cache(2_000)
def _when(due_date: str, late: int, language: str) -> tuple[str, ...]:
    """When it fell due, and how long ago."""
    said = words(language)
    due = f"{said['due_on']} {formats.day(due_date, language)}"
    return (due, said["day_late"] if late == 1 else said["days_late"].format(late)) if late > 0 else (due,)


def _sorted(charges: Data, kind: str) -> list[tuple[str, int]]:
    return sorted(charges.get(kind, {}).items())


def _period(period: Data, language: str) -> Data:
    first, last = (formats.day(period[end], language) for end in ("from", "to"))
    return {
        "document": period["document"],
        "first": first,
        "last": last,
        "days": str(period["days"]),
        "rate": formats.percent(period["rate"], language),
        "base": formats.amount(period["base"], period["currency"], language),
        "interest": formats.amount(period["interest"], period["currency"], language),
    }
