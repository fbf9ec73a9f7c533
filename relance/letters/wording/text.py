"""Of what does a notice's text consist, and what does one language bring to the standing texts?"""

from collections.abc import Mapping
from typing import NamedTuple


class Text(NamedTuple):
    """The words around the table; paragraphs are separated by an empty line."""

    subject: str
    header: str
    footer: str


class Wording(NamedTuple):
    """One language. By rank: the texts, and the headers where the account was never reminded of anything (levels may be skipped).

    By the creditor's country and the customer's kind: what the law adds by itself to a late payment, which ``{law}`` stands for, and on
    what the formal notice rests, which ``{basis}`` stands for.
    """

    texts: Mapping[str, Text]
    unpreceded: Mapping[str, str]
    law: Mapping[tuple[str, str], str]
    basis: Mapping[tuple[str, str], str]
    rate: Mapping[tuple[str, str], str]  # by the same: how the law fixes the rate of interest
