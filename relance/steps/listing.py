"""Proposed letters -> a control list in a file: what would be dunned, with last level and last date; nothing is stored (register A10)."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from relance.letters import control_list
from relance.letters.control_list import Heading, Row
from relance.letters.typesetter import LetterProblem
from relance.models.company import Company
from relance.models.frozen import Frozen, Line, shown_level
from relance.steps import Refused


def write_control_list(
    notices: Iterable[Frozen], sales_reps: Mapping[int, str], company: Company, as_of: date, level: int, out: Path
) -> None:
    """Write the due items and credits of proposed notices, in their order; ``sales_reps`` are by customer id.

    The suffix of ``out`` says the format. Raises Refused when the file cannot be written.
    """
    rows = (row for notice in notices for row in _rows(notice, sales_reps.get(notice.customer_id, "")))
    heading = Heading(company.name, company.language, as_of, level)
    try:
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            draft = Path(folder) / out.name
            control_list.write(rows, heading, draft)
            draft.replace(out)
    except OSError as error:
        raise Refused(f"{out} cannot be written: {error.strerror}") from error
    except (LetterProblem, ValueError) as error:
        raise Refused(str(error)) from error


def _rows(notice: Frozen, sales_rep: str) -> Iterator[Row]:
    who = (notice.recipient["code"], notice.recipient["name"], sales_rep)
    for line in notice.lines:
        yield Row(*who, *_line(line))
    for credit in notice.credits:
        dates = (date.fromisoformat(credit["date"]), date.fromisoformat(credit["due_date"]))
        yield Row(*who, credit["document"], *dates, None, None, None, None, -abs(credit["open"]), credit["currency"])


def _line(line: Line) -> tuple[str, date, date, int | str, date | None, int | str, int, int, str]:
    return (
        line.document_number,
        line.date,
        line.due_date,
        shown_level(line.level_before),
        line.dunned_before,
        shown_level(line.level_after),
        line.days_overdue,
        line.open_amount,
        line.currency,
    )
