"""Proposed letters -> a control list in a file: what would be dunned, with last level and last date; nothing is stored (register A10)."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from relance.letters import control_list
from relance.letters.control_list import Heading, Row
from relance.letters.typesetter import LetterProblem
from relance.models.company import Company
from relance.models.outgoing.frozen import Frozen, Json, Line, shown_level
from relance.steps import Refused


def write_control_list(
    notices: Iterable[Frozen], sales_reps: Mapping[int, str], company: Company, as_of: date, level: int, out: Path
) -> None:
    """Write the due items and credits of proposed notices, in their order; ``sales_reps`` are by customer id.

    The suffix of ``out`` says the format. Raises Refused when the file cannot be written.
    """
    heading = Heading(company.name, company.language, as_of, level)
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            draft = Path(folder) / out.name
            control_list.write(control_rows(notices, sales_reps), heading, draft)
            draft.replace(out)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error
    except (LetterProblem, ValueError) as error:
        raise Refused(str(error)) from error


def control_rows(notices: Iterable[Frozen], sales_reps: Mapping[int, str]) -> Iterator[Row]:
    """The rows of a control list: the due items and credits of proposed notices, in their order; ``sales_reps`` are by customer id."""
    return (row for notice in notices for row in _rows(notice, sales_reps.get(notice.customer_id, "")))


def _rows(notice: Frozen, sales_rep: str) -> Iterator[Row]:
    for line in notice.lines:
        yield _line(notice, line, sales_rep)
    for credit in notice.credits:
        yield _credit(notice, credit, sales_rep)


def _line(notice: Frozen, line: Line, sales_rep: str) -> Row:
    return Row(
        customer=notice.recipient["code"],
        name=notice.recipient["name"],
        sales_rep=sales_rep,
        document=line.document_number,
        date=line.date,
        due_date=line.due_date,
        level_before=shown_level(line.level_before),
        last_dunned_on=line.dunned_before,
        level_after=shown_level(line.level_after),
        days_overdue=line.days_overdue,
        open=line.open_amount,
        currency=line.currency,
    )


def _credit(notice: Frozen, credit: Json, sales_rep: str) -> Row:
    return Row(
        customer=notice.recipient["code"],
        name=notice.recipient["name"],
        sales_rep=sales_rep,
        document=credit["document"],
        date=date.fromisoformat(credit["date"]),
        due_date=date.fromisoformat(credit["due_date"]),
        level_before=None,
        last_dunned_on=None,
        level_after=None,
        days_overdue=None,
        open=-abs(credit["open"]),
        currency=credit["currency"],
    )
