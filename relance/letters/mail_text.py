"""What does an e-mail say to a reader of plain text?"""

from relance.letters import claimed
from relance.letters.placeholders import Data
from relance.letters.texts import Text
from relance.letters.words import words


def text_body(data: Data, text: Text) -> str:
    """The whole notice as paragraphs, parted by empty lines."""
    parts = (text.header, _claim(data), _charges(data), _not_due(data), _transfer(data), text.footer, _signature(data))
    return "\n\n".join(part.strip() for part in parts if part.strip()) + "\n"


def _claim(data: Data) -> str:
    said = words(data["language"])
    rows = [f"- {', '.join((row.what, *row.details))}{said['colon']} {row.amount}" for row in claimed.rows(data)]
    return "\n".join([*rows, *(f"{said['total']}{said['colon']} {total}" for total in claimed.totals(data))])


def _charges(data: Data) -> str:
    said = words(data["language"])
    owed = [f"- {what}{said['colon']} {amount}" for what, amount in claimed.charges(data)]
    periods = [f"  {said['period_line'].format(**one)}{said['colon']} {one['interest']}" for one in claimed.periods(data)]
    note = [claimed.interest_note(data)] if periods else []
    return "\n".join([f"{said['charges']}{said['colon']}", *owed, *periods, *note]) if owed else ""


def _not_due(data: Data) -> str:
    said = words(data["language"])
    later = [f"- {', '.join((row.what, *row.details))}{said['colon']} {row.amount}" for row in claimed.not_due(data)]
    return "\n".join([f"{said['not_due']}{said['colon']}", *later]) if later else ""


def _transfer(data: Data) -> str:
    said = words(data["language"])
    lines = [f"{label}{said['colon']} {value}" for label, value in claimed.transfer(data)]
    return "\n".join([f"{said['pay_to']}{said['colon']}", *lines]) if lines else ""


def _signature(data: Data) -> str:
    company = data["company"]
    return "\n".join(line for line in (company["name"], *company["address"], company["sender_email"], *claimed.identity(data)) if line)
