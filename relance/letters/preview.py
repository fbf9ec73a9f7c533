"""How does somebody who writes a text, or chooses what letters show, see what comes of it? At once: as a letter or as an e-mail."""

from typing import Literal

from relance.letters.claimed import claimed
from relance.letters.letter import render_letter
from relance.letters.mailing.mail_html import html_body
from relance.letters.mailing.printable import read
from relance.letters.page import page
from relance.letters.placeholders import Data
from relance.letters.texts import text_of
from relance.letters.typesetter import own_typesetter

Kind = Literal["pdf", "png", "svg", "html"]
KINDS: tuple[Kind, ...] = ("pdf", "png", "svg", "html")


def preview(data: Data, kind: Kind) -> list[bytes]:
    """The letter as one PDF or as a picture of each page; with ``html``, the e-mail. Raises LetterProblem.

    ``data`` as in docs/reference/letter-data.md.
    """
    if kind == "html":
        return [read(html_body(data, text_of(data), claimed(data)))]
    if kind == "pdf":
        return [render_letter(data)]
    return own_typesetter().show("letter", page(data), kind=kind)
