"""Which promised behaviours are proved, and by which tests?

Prints docs/reference/register.md with the tests that carry each row's identifier.
Exits 1, naming the rows, where register and tests disagree.
"""

import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
REGISTER = "docs/reference/register.md"
IDENTIFIERS = [f"A{number}" for number in range(1, 53)] + [f"K{number}" for number in range(1, 86)]
STATES = ("done", "open", "context")

_ROW = re.compile(r"\| ([A-Z]\d+) \| (.+) \| (\w+) \|")
_DONE_ONCE = re.compile(r"\+\| ([A-Z]\d+) \| .+ \| done \|")


class Row(NamedTuple):
    """One promised behaviour."""

    identifier: str
    behaviour: str
    state: str


class Marks:
    """What pytest finds when it collects: the tests under each identifier. A test that is always skipped proves nothing."""

    def __init__(self) -> None:
        self.tests: dict[str, list[str]] = defaultdict(list)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        if item.get_closest_marker("skip"):
            return
        test = item.nodeid.partition("[")[0]
        for identifier in [identifier for mark in item.iter_markers("spec") for identifier in mark.args]:
            if test not in self.tests[identifier]:
                self.tests[identifier].append(test)


def read_rows(text: str) -> list[Row]:
    """The rows of a register."""
    return [Row(*match.groups()) for line in text.splitlines() if (match := _ROW.fullmatch(line))]


def faults(rows: list[Row], tests: Mapping[str, list[str]], done_once: set[str]) -> Iterator[str]:
    """Every disagreement, in words. ``done_once``: the identifiers that were ``done`` in any earlier version of the register."""
    counts = Counter(row.identifier for row in rows)
    yield from (f"{identifier}: not in the register" for identifier in IDENTIFIERS if not counts[identifier])
    yield from (f"{identifier}: {count} times in the register" for identifier, count in counts.items() if count > 1)
    yield from (f"{identifier}: no such identifier, in the register" for identifier in counts if identifier not in IDENTIFIERS)
    yield from (f"{identifier}: no such identifier, in {tests[identifier][0]}" for identifier in tests if identifier not in IDENTIFIERS)
    for row in rows:
        if row.state not in STATES:
            yield f"{row.identifier}: no such state: {row.state}"
        if row.state == "done" and not tests.get(row.identifier):
            yield f"{row.identifier}: done, but no test carries it"
        if row.state != "done" and row.identifier in done_once:
            yield f"{row.identifier}: was done once, and is {row.state} now: the list of open rows has grown"


def lines(rows: list[Row], tests: Mapping[str, list[str]]) -> Iterator[str]:
    """The register as a reader wants it in a terminal, and the sums."""
    for row in rows:
        yield f"{row.identifier:4} {row.state:8} {row.behaviour}"
        yield from (f"{'':14}{test}" for test in tests.get(row.identifier, ()))
    states = Counter(row.state for row in rows)
    yield ", ".join(f"{states[state]} {state}" for state in STATES)
    tested = [row.identifier for row in rows if row.state == "open" and tests.get(row.identifier)]
    if tested:
        yield f"open, though a test carries it: {' '.join(tested)}"


def was_done_once() -> set[str]:
    """The identifiers that the history of the project has seen ``done``; as far as the history at hand goes back."""
    command = ["git", "log", "--patch", "--format=", "--", REGISTER]
    history = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    return {match[1] for line in history.splitlines() if (match := _DONE_ONCE.fullmatch(line))}


def main() -> int:
    """Collect, compare, print. Returns the exit code."""
    marks, said = Marks(), StringIO()
    with redirect_stdout(said):
        collected = pytest.main(["--collect-only", "-q", "--rootdir", str(ROOT), str(ROOT / "tests")], plugins=[marks])
    if collected is not pytest.ExitCode.OK:
        sys.stderr.write(said.getvalue())
        return 1
    rows = read_rows((ROOT / REGISTER).read_text())
    print("\n".join(lines(rows, marks.tests)))
    found = list(faults(rows, marks.tests, was_done_once()))
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
