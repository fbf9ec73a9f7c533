"""What stands on a letter? The data of a notice as the strings that the template sets, in the order in which they are read.

Everything is written out here, to the cent; the template only places it. Nothing of it is markup.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from relance.letters import claimed, formats, transfer_code
from relance.letters.pictures import LOGO, SIGNATURE, framed
from relance.letters.placeholders import Data
from relance.letters.texts import text_of
from relance.letters.words import words

_LONGEST_WORD = 60
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_POSTCODE_TOWN = re.compile(r"\d{5} (?P<town>\S.*)")


def page(data: Data) -> Data:
    """All that the template ``letter`` sets; ``data`` as in docs/reference/letter-data.md."""
    text, language = text_of(data), data["language"]
    footer, signature = _signed(paragraphs(text.footer, language), data)
    return {
        "date": data["date"],
        "language": language,
        "words": _words(data, language),
        "look": _look(data),
        "title": f"{text.subject} {data['number']}".strip(),
        "draft": data["provisional"],
        "duplicate": data["duplicate"],
        "company": _company(data),
        "address": _address(data),
        "references": _references(data),
        "place_date": _place_date(data),
        "subject": text.subject,
        "header": paragraphs(text.header, language),
        "tables": [_table(data, currency) for currency in sorted(data["totals"])],
        "not_due": [[*row] for row in claimed.not_due(data)],
        "charges": claimed.charges(data),
        "periods": _periods(data),
        "transfer": _transfer(data),
        "slip": _slip(data),
        "footer": footer,
        "signature": signature,
        "enclosed": claimed.enclosed(data),
    }


def _words(data: Data, language: str) -> dict[str, str]:
    """The words of the language; a statement of account claims nothing: it ends in a balance."""
    said = words(language)
    return said | {"total": said["balance"]} if data.get("is_statement") else said


def paragraphs(text: str, language: str) -> list[list[str]]:
    """Paragraphs, parted by empty lines, each as its lines, with the spaces that must not break."""
    lines = [_breakable(line.strip()) for line in formats.unbroken(text, language).splitlines()]
    return [list(group) for filled, group in groupby(lines, key=bool) if filled]


def _breakable(line: str) -> str:
    """A line in which a word that none would hold may break: anywhere."""
    if len(line) <= _LONGEST_WORD:
        return line
    return _LONG_WORD.sub(lambda word: "\u200b".join(word[0]), line)


def _look(data: Data) -> Data:
    """How the company wants its letters to look."""
    display = data["display"]
    return {
        **{name: display[name] for name in ("fold_marks", "window", "page_numbers", "accent_color", "text_color")},
        "logo": framed(display["logo"], *LOGO) if display["logo"] else None,
        "signature": framed(display["signature"], *SIGNATURE) if display["signature"] else None,
    }


def _signed(footer: list[list[str]], data: Data) -> tuple[list[list[str]], list[str]]:
    """The footer and the signature below it: its own last paragraph if that ends with the company's name, else who signs."""
    name, signatory = data["company"]["name"], data["display"]["signatory"]
    if footer and footer[-1][-1].endswith(name):
        return footer[:-1], footer[-1]
    return footer, [signatory, name] if signatory else [name]


def _company(data: Data) -> Data:
    company = data["company"]
    identity = (company["name"], *company["address"], *claimed.identity(data))
    return {
        "name": company["name"],
        "address": [*company["address"], company["sender_email"]],
        "sender": " · ".join((company["name"], *company["address"])),
        "identity": " – ".join(part for part in identity if part),
    }


def _address(data: Data) -> Data:
    """The address as the post reads it; with no line but the name, an anomaly that is seen."""
    recipient = data["recipient"]
    lines = [line for part in (recipient["name"], *recipient["address"]) for line in part.splitlines() if line.strip()]
    if data["company"]["country"] == "FR" and lines and _POSTCODE_TOWN.fullmatch(lines[-1]):
        lines[-1] = _as_the_post_writes(lines[-1])
    return {"lines": lines, "unknown": not recipient["address"]}


def _as_the_post_writes(town: str) -> str:
    """Capitals without accents or punctuation (NF Z 10-011)."""
    bare = "".join(char for char in unicodedata.normalize("NFD", town.upper()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[-'’,.]", " ", bare).split())


def _references(data: Data) -> list[tuple[str, str]]:
    said = words(data["language"])
    pairs = ((said["our_reference"], data["number"]), (said["customer_code"], data["customer"]["code"]))
    return [(label, value) for label, value in pairs if value]


def _place_date(data: Data) -> str:
    """``Bordeaux, le 21 novembre 2026`` in French, where the creditor's town is known and the date does not stand among the references."""
    on = formats.long_day(data["date"], data["language"])
    if data["language"] != "fr" or data["display"]["window"] == "left":
        return on
    found = _POSTCODE_TOWN.fullmatch(data["company"]["address"][-1]) if data["company"]["address"] else None
    town = re.sub(r"\s+CEDEX.*", "", found["town"], flags=re.IGNORECASE) if found else ""
    return f"{town}, le {on}" if town else f"Le {on}"


def _table(data: Data, currency: str) -> Data:
    """The lines, credits and total of one currency, and which columns they have."""
    lines = [line for line in data["lines"] if line["currency"] == currency]
    credits = [(what, amount) for what, amount, of in claimed.credits(data) if of == currency]
    language, columns = data["language"], data["display"]["columns"]
    return {
        "currency": currency,
        "columns": [name for name in columns if name != "label"],
        "labels": "label" in columns,
        "interest": any(line["interest"] for line in lines),
        "rows": list(_rows(lines, credits, currency, language, by_due_date=data["subtotals"])),
        "total": formats.amount(data["totals"][currency], currency, language),
    }


def _rows(lines: list[Data], credits: list[tuple[str, int]], currency: str, language: str, *, by_due_date: bool) -> Iterator[Data]:
    """The table's rows; those with an amount say what the table comes to down to there, for pages that carry it on."""
    down_to_here = 0
    for due_date, group in groupby(lines, key=lambda line: line["due_date"] if by_due_date else ""):
        before = down_to_here
        for line in group:
            down_to_here += line["open"]
            yield _line(line, language) | {"carried": _figure(down_to_here, currency, language)}
        if due_date:
            yield {
                "subtotal": formats.day(due_date, language),
                "open": _figure(down_to_here - before, currency, language),
            }
    for what, amount in credits:
        down_to_here += amount
        yield {
            "credit": what,
            "open": _figure(amount, currency, language),
            "carried": _figure(down_to_here, currency, language),
        }


def _line(line: Data, language: str) -> Data:
    paid, interest = ((line[name] and _figure(line[name], line["currency"], language)) or "" for name in ("paid", "interest"))
    return {
        "document": line["document"],
        "label": claimed.label(line),
        "date": formats.day(line["date"], language),
        "due_date": formats.day(line["due_date"], language),
        "days_overdue": str(line["days_overdue"]) if line["days_overdue"] > 0 else "",
        "amount": _figure(line["amount"], line["currency"], language),
        "paid": paid,
        "open": _figure(line["open"], line["currency"], language),
        "interest": interest,
    }


def _figure(amount: int, currency: str, language: str) -> str:
    """An amount in a column, with the minus sign of printers."""
    return formats.number(amount, currency, language).replace("-", "−")


def _transfer(data: Data) -> Data | None:
    """Where to pay, and the code that a bank's application reads."""
    lines = claimed.transfer(data)
    return {"lines": lines, "code": transfer_code.code(data) if data["display"]["qr_code"] else None} if lines else None


def _periods(data: Data) -> Data | None:
    """How the interest was computed."""
    found = claimed.periods(data)
    said = words(data["language"])["from_to"]
    cells = [
        [one["document"], said.format(one["first"], one["last"]), *(one[name] for name in ("days", "rate", "base", "interest"))]
        for one in found
    ]
    return {"rows": cells, "note": claimed.interest_note(data)} if found else None


def _slip(data: Data) -> list[tuple[str, str]] | None:
    """What a customer who pays by cheque sends back with it."""
    if not data["display"]["payment_slip"] or data.get("payees"):
        return None
    said = words(data["language"])
    return [
        (said["customer"], f"{data['customer']['name']} ({data['customer']['code']})"),
        (said["reference"], claimed.reference(data)),
        (said["total"], " + ".join(claimed.totals(data))),
        (said["slip_amount"], ""),
    ]
