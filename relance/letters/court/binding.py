"""How do the account of a claim and its pieces become one PDF?"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pikepdf

from relance.letters.binding import merge
from relance.letters.stamping import stamp_piece


class Bound(NamedTuple):
    """A piece ready to be bound: its number, what it is, what its file is called; on disk, that file as it is kept and the PDF of it."""

    number: int
    title: str
    filename: str
    kept: Path
    pdf: Path
    pages: int


def page_count(pdf: bytes) -> int:
    """How many pages it has."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def bind(body: bytes, pieces: Sequence[Bound], out: Path) -> None:
    """One PDF: the account, then the pieces, each of their pages marked; with bookmarks. PDF/A where every piece is."""
    own = page_count(body)
    merge(_parts(body, own, pieces), out)
    with pikepdf.open(out, allow_overwriting_input=True) as pdf:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("Décompte et journal", 0))
            page = own
            for piece in pieces:
                outline.root.append(pikepdf.OutlineItem(f"Pièce n° {piece.number} : {piece.title}", page))
                page += piece.pages
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        pdf.Root.Lang = pikepdf.String("fr")
        pdf.save(out, deterministic_id=True)


def _parts(body: bytes, own: int, pieces: Sequence[Bound]) -> Iterator[bytes]:
    total = own + sum(piece.pages for piece in pieces)
    yield body
    page = own
    for piece in pieces:
        marks = [
            (f"Pièce n° {piece.number}", f"{place}/{piece.pages} · page {page + place}/{total}") for place in range(1, piece.pages + 1)
        ]
        yield stamp_piece(piece.pdf.read_bytes(), marks)
        page += piece.pages
