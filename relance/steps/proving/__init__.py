"""One customer -> what proves the claim: one PDF with numbered pieces, or an archive of them with their hashes.

Reading is no event: nothing is recorded, no level moves. The file is in French, for a French judge. What is claimed is put together in
``account``, what proves it in ``pieces``.
"""

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from relance.core import money
from relance.core.rates import UnknownRate
from relance.letters.court import account as court_file
from relance.letters.court.account import Claim, Piece
from relance.letters.court.archive import computation, pack, readme
from relance.letters.court.binding import Bound, bind
from relance.letters.typesetter import LetterProblem
from relance.models.company import Company
from relance.models.events import seal_of
from relance.models.lists.case import Case, read_case
from relance.models.parties import Customer
from relance.steps import Refused
from relance.steps.proving.account import Tell, claim_of
from relance.steps.proving.pieces import bound

__all__ = ["FORMATS", "Tell", "prove"]
Json = dict[str, Any]
FORMATS = (".pdf", ".zip")


def prove(company: Company, customer: Customer, as_of: date, out: Path, tell: Tell, *, made_on: date) -> Json:
    """Write the court file of a customer as of a day into a .pdf or a .zip; answer what it claims, and its pieces.

    Raises Refused where nothing is past due, a rate is not known, or the format is another.
    """
    if out.suffix.lower() not in FORMATS:
        raise Refused(f"a court file is a .pdf or a .zip, not {out.name}")
    try:
        case = read_case(company, customer, as_of)
    except UnknownRate as unknown:
        raise Refused(str(unknown)) from None
    if not case.claimed:
        raise Refused(f"{customer.code} has nothing past due on {as_of}: there is nothing to prove")
    with tempfile.TemporaryDirectory(prefix="relance-court-") as folder:
        try:
            pieces = bound(case, Path(folder))
            claim = claim_of(case, tell, made_on)
            body = court_file.render(claim, [Piece(one.number, one.title, one.pages) for one in pieces])
            if out.suffix.lower() == ".pdf":
                bind(body, pieces, out)
            else:
                pack(_files(case, claim, body, pieces), readme(claim, pieces), out)
        except LetterProblem as problem:
            raise Refused(str(problem)) from None
    return {
        "as_of": as_of.isoformat(),
        "principal": _answer(case.principal()),
        "credits": _answer(case.deducted()),
        "interest": _answer(case.interest()),
        "indemnities": _answer(case.indemnities()),
        "pieces": [{"number": one.number, "title": one.title, "file": one.filename} for one in pieces],
    }


def _answer(sums: dict[str, int]) -> dict[str, str]:
    return {currency: money.show(total, currency) for currency, total in sums.items()}


# -- the archive


def _files(case: Case, claim: Claim, body: bytes, pieces: list[Bound]) -> Iterator[tuple[str, bytes]]:
    yield "decompte-et-journal.pdf", body
    yield "decompte.csv", computation(claim)
    yield "journal.json", _journal(case)
    for piece in pieces:
        yield piece.filename, piece.kept.read_bytes()


def _journal(case: Case) -> bytes:
    """The events with what each seal seals, so that whoever has the file computes them again."""
    rows = [
        {
            "numero": one.number,
            "date": one.at.isoformat(),
            "auteur": one.by,
            "fait": one.what,
            "donnees": one.facts,
            "sceau_precedent": case.seals[one.number],
            "sceau": one.hash,
            "recalcule": seal_of(case.seals[one.number], one.number, one.at, one.by, one.what, one.facts) == one.hash,
        }
        for one in case.events
    ]
    chain = {"dernier_evenement": case.seal.last, "dernier_sceau": case.seal.hash, "rompue_a": case.seal.broken}
    return json.dumps({"chaine": chain, "evenements": rows}, ensure_ascii=False, indent=1).encode()
