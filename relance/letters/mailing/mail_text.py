"""What does an e-mail say to a reader of plain text?"""

from relance.letters.claimed import Claimed, interest_note
from relance.letters.mailing.printable import quoted
from relance.letters.placeholders import Data
from relance.letters.texts import Text
from relance.letters.words import words


def text_body(data: Data, text: Text, claim: Claimed) -> bytes:
    """The whole notice as paragraphs, parted by empty lines, in quoted-printable."""
    told = (_claim(data, claim), _charges(data, claim), _not_due(data, claim), _transfer(data, claim))
    parts = (text.header, *told, text.footer, _signature(data, claim))
    return b"\r\n\r\n".join([quoted(part.strip()) for part in parts if part.strip()]) + b"\r\n"


def _claim(data: Data, claim: Claimed) -> str:
    said = words(data["language"])
    rows = [f"- {', '.join((row.what, *row.details))}{said['colon']} {row.amount}" for row in claim.rows]
    return "\n".join([*rows, *(f"{said['total']}{said['colon']} {total}" for total in claim.totals)])


def _charges(data: Data, claim: Claimed) -> str:
    said = words(data["language"])
    owed = [f"- {what}{said['colon']} {amount}" for what, amount in claim.charges]
    periods = [f"  {said['period_line'].format(**one)}{said['colon']} {one['interest']}" for one in claim.periods]
    note = [interest_note(data)] if periods else []
    return "\n".join([f"{said['charges']}{said['colon']}", *owed, *periods, *note]) if owed else ""


def _not_due(data: Data, claim: Claimed) -> str:
    said = words(data["language"])
    later = [f"- {', '.join((row.what, *row.details))}{said['colon']} {row.amount}" for row in claim.not_due]
    return "\n".join([f"{said['not_due']}{said['colon']}", *later]) if later else ""


def _transfer(data: Data, claim: Claimed) -> str:
    said = words(data["language"])
    lines = [f"{label}{said['colon']} {value}" for label, value in claim.transfer]
    return "\n".join([f"{said['pay_to']}{said['colon']}", *lines]) if lines else ""


def _signature(data: Data, claim: Claimed) -> str:
    company = data["company"]
    return "\n".join(line for line in (company["name"], *company["address"], company["sender_email"], *claim.identity) if line)
