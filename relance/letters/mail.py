"""How does a notice become an e-mail? Text and HTML that say the same, the same bytes whenever it is composed again.

The HTML is for mail programs: tables and inline styles only, 600 pixels wide at most, readable on a telephone and in dark mode.
"""

from collections.abc import Iterable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from typing import NamedTuple

from relance.letters import formats
from relance.letters.placeholders import Data
from relance.letters.texts import Text, text_of
from relance.letters.words import words

_CELL = "padding:6px 8px;border-bottom:1px solid #d5dbe3;"
_RIGHT = _CELL + "text-align:right;white-space:nowrap;"
_HEAD = "padding:6px 8px;border-bottom:2px solid #1f4e79;text-align:left;font-weight:600;"
_FONT = "font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5;"


class Row(NamedTuple):
    """One line of the table, written out."""

    document: str
    due_date: str
    days_overdue: str
    amount: str


def compose_email(data: Data, *, message_id: str, sent_at: datetime, sender: str, to: Iterable[str], cc: Iterable[str]) -> bytes:
    """The message as it travels; ``data`` as in docs/reference/letter-data.md. A line break in a name or subject is a space."""
    text = text_of(data)
    message = EmailMessage(policy=SMTP.clone(max_line_length=76))
    message["Subject"] = one_line(text.subject)
    message["From"] = Address(one_line(data["company"]["name"]), addr_spec=sender)
    message["To"] = ", ".join(to)
    if copies := ", ".join(cc):
        message["Cc"] = copies
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = message_id
    message["Content-Language"] = data["language"]
    message.set_content(_plain(data, text), cte="quoted-printable")
    message.add_alternative(_html(data, text), subtype="html", cte="quoted-printable")
    message.set_boundary(f"relance-{sha256(message_id.encode()).hexdigest()[:32]}")
    return message.as_bytes()


def subject_of(data: Data) -> str:
    """The subject alone, as it will read."""
    return one_line(text_of(data).subject)


def one_line(text: str) -> str:
    """A header cannot hold a line break: what follows one would be another header."""
    return " ".join(text.split())


def _plain(data: Data, text: Text) -> str:
    said = words(data["language"])
    rows = [f"- {row.document}, {said['due_date'].lower()} {row.due_date} : {row.amount}" for row in _rows(data)]
    credits = [f"- {said['credit']} {row.document} ({row.due_date}) : {row.amount}" for row in _credit_rows(data)]
    totals = [f"{said['total']} : {total}" for total in _totals(data)]
    parts = [
        text.header,
        "\n".join([*rows, *credits]),
        "\n".join(totals),
        "\n".join(_charges(data)),
        "\n".join(_bank(data)),
        text.footer,
        _signature(data),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _html(data: Data, text: Text) -> str:
    language, said = data["language"], words(data["language"])
    heads = "".join(f'<th style="{_HEAD}{align}">{escape(said[name])}</th>' for name, align in _COLUMNS)
    body = "".join(_html_row(row) for row in _rows(data)) + "".join(_html_credit(row, said["credit"]) for row in _credit_rows(data))
    total = "".join(
        f'<tr><td colspan="3" style="{_RIGHT}font-weight:600;">{escape(said["total"])}</td><td style="{_RIGHT}font-weight:600;">{escape(one)}</td></tr>'
        for one in _totals(data)
    )
    table = (
        f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px;margin:16px 0;">'
        f"<tr>{heads}</tr>{body}{total}</table>"
    )
    parts = [_paragraphs(text.header), table, _lines(_charges(data)), _bank_box(data), _paragraphs(text.footer), _lines([_signature(data)])]
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(one_line(text.subject))}</title></head>'
        f'<body style="margin:0;padding:16px;{_FONT}"><table role="presentation" width="100%" cellpadding="0" cellspacing="0">'
        f'<tr><td align="center"><table role="presentation" width="100%" style="max-width:600px;{_FONT}"><tr><td>'
        f"{''.join(parts)}</td></tr></table></td></tr></table></body></html>"
    )


_COLUMNS = (("document", ""), ("due_date", ""), ("days_overdue", "text-align:right;"), ("open", "text-align:right;"))


def _html_row(row: Row) -> str:
    return (
        f'<tr><td style="{_CELL}">{escape(row.document)}</td><td style="{_CELL}">{escape(row.due_date)}</td>'
        f'<td style="{_RIGHT}">{escape(row.days_overdue)}</td><td style="{_RIGHT}">{escape(row.amount)}</td></tr>'
    )


def _html_credit(row: Row, label: str) -> str:
    return (
        f'<tr><td colspan="3" style="{_CELL}">{escape(label)} {escape(row.document)} ({escape(row.due_date)})</td>'
        f'<td style="{_RIGHT}">{escape(row.amount)}</td></tr>'
    )


def _rows(data: Data) -> list[Row]:
    language = data["language"]
    return [
        Row(
            line["document"],
            formats.day(line["due_date"], language),
            str(line["days_overdue"]) if line["days_overdue"] > 0 else "",
            formats.amount(line["open"], line["currency"], language),
        )
        for line in data["lines"]
    ]


def _credit_rows(data: Data) -> list[Row]:
    language = data["language"]
    return [
        Row(one["document"], formats.day(one["due_date"], language), "", formats.amount(one["open"], one["currency"], language))
        for one in data["credits"]
    ]


def _totals(data: Data) -> list[str]:
    return [formats.amount(total, currency, data["language"]) for currency, total in sorted(data["totals"].items())]


def _charges(data: Data) -> list[str]:
    """Interest and indemnity, apart from the totals: what the law adds is not a price."""
    if not data["charges"]:
        return []
    said, language = words(data["language"]), data["language"]
    owed = [
        f"{said[label]} : {formats.amount(amount, currency, language)}"
        for kind, label in (("interest", "interest_total"), ("indemnity", "indemnity_total"))
        for currency, amount in sorted(data["charges"][kind].items())
    ]
    return [f"{said['charges']} :", *owed] if owed else []


def _bank(data: Data) -> list[str]:
    company, said = data["company"], words(data["language"])
    if not company["iban"]:
        return []
    account = f"IBAN {formats.iban(company['iban'])}" + (f" – BIC {company['bic']}" if company["bic"] else "")
    return [f"{said['pay_to']} :", f"{said['beneficiary']} : {company['name']}", account, f"{said['reference']} : {reference(data)}"]


def reference(data: Data) -> str:
    """What the customer is asked to quote: his code, and the number of the notice once it has one."""
    return f"{data['customer']['code']} {data['number']}".strip()


def _signature(data: Data) -> str:
    company = data["company"]
    return "\n".join(line for line in (company["name"], *company["address"], company["sender_email"]) if line)


def _paragraphs(text: str) -> str:
    return "".join(f'<p style="margin:0 0 12px;">{_broken(part)}</p>' for part in text.split("\n\n") if part.strip())


def _lines(lines: list[str]) -> str:
    return f'<p style="margin:12px 0;">{"<br>".join(_broken(line) for line in lines)}</p>' if any(lines) else ""


def _bank_box(data: Data) -> str:
    lines = "<br>".join(escape(line) for line in _bank(data))
    return f'<div style="border-left:4px solid #1f4e79;padding:4px 12px;margin:16px 0;">{lines}</div>' if lines else ""


def _broken(text: str) -> str:
    return escape(text.strip()).replace("\n", "<br>")
