"""How is a table of the demo read? Its columns stand two spaces apart, its first line names them, a dash is an empty cell."""

import re


def rows(table: str) -> list[list[str]]:
    """The lines below the first, each as its cells; an empty cell is an empty string."""
    return [["" if cell == "-" else cell for cell in re.split("  +", line)] for line in table.strip().splitlines()[1:]]
