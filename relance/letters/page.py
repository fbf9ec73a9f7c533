"""What stands on a letter? The data of a notice as the strings that the template sets, in the order in which they are read.

Everything is written out here, to the cent; the template only places it. Nothing of it is markup.
"""

import re
import unicodedata
from itertools import groupby
from typing import Any

from relance.letters import formats, payment
from relance.letters.glyphs import printable
from relance.letters.placeholders import Data
from relance.letters.texts import text_of
from relance.letters.words import words

Json = dict[str, Any]
_POSTCODE_TOWN = re.compile(r"\d{5} \S.*")


def page(data: Data) -> Json:
    """All that the template ``letter`` sets."""
    said, language, text = words(data["language"]), data["language"], text_of(data)
    return printable(
        {
            "date": data["date"],
            "language": language,
            "words": said,
            "title": f"{text.subject} {data['number']}".strip(),
            "draft": data["provisional"],
            "duplicate": data["duplicate"],
            "company": _company(data["company"]),
            "address": _address(data),
            "references": _references(data),
            "place_date": _place_date(data),
            "subject": text.subject,
            "header": paragraphs(text.header, language),
            "tables": [_table(data, currency) for currency in sorted(data["totals"])],
            "charges": _charges(data),
            "payment": _payment(data),
            "footer": paragraphs(text.footer, language),
        }
    )


def paragraphs(text: str, language: str) -> list[list[str]]:
    """Paragraphs, parted by empty lines, each as its lines, with the spaces that must not break."""
    lines = [line.strip() for line in formats.unbroken(text, language).splitlines()]
    return [list(group) for filled, group in groupby(lines, key=bool) if filled]


def _company(company: Json) -> Json:
    identity = [company["name"], *company["address"]]
    numbers = [f"SIREN {company['siren']}" if company["siren"] else "", f"TVA {company['vat_number']}" if company["vat_number"] else ""]
    return {
        "name": company["name"],
        "address": company["address"],
        "email": company["sender_email"],
        "identity": " – ".join(part for part in (*identity, *numbers) if part),
    }


def _address(data: Data) -> Json:
    """The address as the post reads it; with no line but the name, an anomaly that is seen."""
    lines = [line for part in (data["recipient"]["name"], *data["recipient"]["address"]) for line in part.splitlines() if line.strip()]
    if data["company"]["country"] == "FR" and lines and _POSTCODE_TOWN.fullmatch(lines[-1]):
        lines[-1] = _as_the_post_writes(lines[-1])
    return {"lines": lines, "unknown": not data["recipient"]["address"]}


def _as_the_post_writes(town: str) -> str:
    """Capitals without accents or punctuation (NF Z 10-011)."""
    bare = "".join(char for char in unicodedata.normalize("NFD", town.upper()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[-'’,.]", " ", bare).split())


def _references(data: Data) -> list[list[str]]:
    said = words(data["language"])
    pairs = [(said["our_reference"], data["number"]), (said["customer_code"], data["customer"]["code"])]
    return [[label, value] for label, value in pairs if value]


def _place_date(data: Data) -> str:
    """``Bordeaux, le 21 novembre 2026`` where the creditor's town is known, and the language says it so."""
    on = formats.long_day(data["date"], data["language"])
    if data["language"] != "fr":
        return on
    last = data["company"]["address"][-1] if data["company"]["address"] else ""
    town = re.sub(r"\s+CEDEX.*", "", last[6:], flags=re.IGNORECASE) if _POSTCODE_TOWN.fullmatch(last) else ""
    return f"{town}, le {on}" if town else f"Le {on}"


def _table(data: Data, currency: str) -> Json:
    """The lines, credits and total of one currency; each line with what the lines down to it come to, for pages that carry it on."""
    language = data["language"]
    lines = [line for line in data["lines"] if line["currency"] == currency]
    credits = [one for one in data["credits"] if one["currency"] == currency]
    rows: list[Json] = []
    carried = 0
    for due_date, group in groupby(lines, key=lambda line: line["due_date"]) if data["subtotals"] else [("", iter(lines))]:
        first = carried
        for line in group:
            carried += line["open"]
            rows.append(_row(line, language) | {"carried": formats.number(carried, currency, language)})
        if due_date:
            rows.append({"subtotal": formats.day(due_date, language), "open": formats.number(carried - first, currency, language)})
    for one in credits:
        carried -= abs(one["open"])
        rows.append(_credit(one, language) | {"carried": formats.number(carried, currency, language)})
    return {
        "currency": currency,
        "rows": rows,
        "interest": any(line["interest"] for line in lines),
        "total": formats.amount(data["totals"][currency], currency, language),
    }


def _row(line: Json, language: str) -> Json:
    currency = line["currency"]
    return {
        "document": line["document"],
        "label": "" if line["label"] == line["document"] else line["label"],
        "date": formats.day(line["date"], language),
        "due_date": formats.day(line["due_date"], language),
        "days_overdue": str(line["days_overdue"]) if line["days_overdue"] > 0 else "",
        "amount": formats.number(line["amount"], currency, language),
        "paid": formats.number(line["paid"], currency, language) if line["paid"] else "",
        "open": formats.number(line["open"], currency, language),
        "interest": formats.number(line["interest"], currency, language) if line["interest"] else "",
    }


def _credit(credit: Json, language: str) -> Json:
    return {
        "credit": credit["document"],
        "date": formats.day(credit["date"], language),
        "open": formats.number(-abs(credit["open"]), credit["currency"], language),
    }


def _charges(data: Data) -> list[list[str]]:
    """Interest and indemnity by currency, apart from the totals: what the law adds is not a price."""
    said, language = words(data["language"]), data["language"]
    return [
        [said[label], formats.amount(amount, currency, language)]
        for kind, label in (("interest", "interest_total"), ("indemnity", "indemnity_total"))
        for currency, amount in sorted((data["charges"] or {}).get(kind, {}).items())
    ]


def _payment(data: Data) -> Json | None:
    """Where to pay, and the code that a bank's application reads."""
    company, language = data["company"], data["language"]
    if not company["iban"]:
        return None
    return {
        "beneficiary": company["name"],
        "iban": formats.iban(company["iban"]),
        "bic": company["bic"],
        "reference": payment.reference(data),
        "total": " + ".join(formats.amount(total, currency, language) for currency, total in sorted(data["totals"].items())),
        "code": payment.code(data),
    }
