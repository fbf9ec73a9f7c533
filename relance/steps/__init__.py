"""What does Relance do? One file per arrow of the process, one transaction per thing done."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from relance.core.terms import PaymentTerms, parse_terms
from relance.importers.problems import Problem


class Refused(Exception):
    """What the user asked for is not done, and nothing of it is stored; the text says why, to the user."""


class Changed(Refused):
    """What somebody looked at is no longer so: it is not done before it has been looked at again."""


class Unreadable(Refused):
    """A file has faults, each at its place; nothing of it is stored. ``count`` is how many there are, where not all are kept."""

    def __init__(self, filename: str, problems: Iterable[Problem], count: int = 0) -> None:
        self.problems = list(problems)
        more = f"\n… and {count - len(self.problems)} more" if count > len(self.problems) else ""
        super().__init__("\n".join(f"{filename}: {problem}" for problem in self.problems) + more)


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """The file, to be read. Raises Refused where it cannot be."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error
    with file:
        yield file


def terms_of(text: str) -> PaymentTerms:
    """Payment terms that somebody has written down. Raises Refused where they are none."""
    try:
        return parse_terms(text)
    except ValueError as error:
        raise Refused(str(error)) from error
