"""What stands in a court file, and in which order? In French: cover, list of pieces, account of the claim, what was done, chain of events.

The pieces follow, each page of them marked with its number. What a lawyer looks for before an order to pay (legal facts, sections 1, 2, 5
and 6): the parties, a claim that is certain, liquid and due, how interest came about, when the claim is time-barred, what interrupted that.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from relance.core.charges import Charges
from relance.letters import formats
from relance.letters.court.binding import page_count
from relance.letters.typesetter import own_typesetter

Block = dict[str, Any]
Sums = dict[str, int]  # minor units by currency
FR = "fr"


class Party(NamedTuple):
    """Creditor or debtor, as the cover shows it."""

    name: str
    lines: list[str]


class Invoice(NamedTuple):
    """An invoice that is claimed; amounts in minor units."""

    number: str
    dated_on: date
    due: tuple[date, ...]
    amount: int
    open: int
    currency: str
    barred_on: date | None
    remark: str
    charges: Charges
    basis: str
    piece: int
    original: bool


class Deduction(NamedTuple):
    """A credit note, or what a payment has left; and a payment that was allocated."""

    what: str
    on: date
    amount: int
    currency: str


class Exchange(NamedTuple):
    """Something that was written to the debtor."""

    on: date
    what: str
    to: str
    proof: str
    piece: int | None


class Happening(NamedTuple):
    """An event of the history with its seal."""

    number: int
    at: str
    by: str
    what: str
    told: str
    seal: str


class Piece(NamedTuple):
    """What stands in the list of pieces."""

    number: int
    title: str
    pages: int


class Claim(NamedTuple):
    """All that the file tells."""

    as_of: date
    made_on: date
    creditor: Party
    debtor: Party
    consumer: bool
    invoices: list[Invoice]
    deductions: list[Deduction]
    not_due: list[Deduction]
    paid: list[Deduction]
    principal: Sums
    deducted: Sums
    interest: Sums
    indemnities: Sums
    indemnity_count: int
    daily: Sums  # interest of each further day
    exchanges: list[Exchange]
    said: list[Exchange]  # calls and promises
    events: list[Happening]
    warnings: list[str]
    seal: list[str]


def render(claim: Claim, pieces: Sequence[Piece]) -> bytes:
    """The account of the claim, as PDF/A-2b; the list of pieces tells on which page of the whole each begins. Raises LetterProblem."""
    total = sum(piece.pages for piece in pieces)
    own = page_count(_set(claim, pieces, 99, 99 + total))
    made = _set(claim, pieces, own, own + total)
    return made if page_count(made) == own else _set(claim, pieces, page_count(made), page_count(made) + total)


def sheet(title: str, author: str, on: date, blocks: list[Block]) -> bytes:
    """A sheet of its own: a message, or what stands for a piece that is no PDF. Raises LetterProblem."""
    said = {"date": on.isoformat(), "title": title, "author": author, "running": "", "about": "", "pages": 0}
    return own_typesetter().set("court_file", said | {"blocks": [heading(title), *blocks]})


def heading(text: str, level: int = 1) -> Block:
    """What heads a section."""
    return {"kind": "heading", "text": text, "level": level}


def facts(pairs: Iterable[tuple[str, str]]) -> Block:
    """Pairs of what it is and its value; those without a value are left out."""
    return {"kind": "facts", "pairs": [pair for pair in pairs if pair[1]]}


def text(*paragraphs: str) -> Block:
    """Paragraphs, their lines kept."""
    return {"kind": "text", "lines": [one.split("\n") for one in paragraphs]}


def note(*lines: str, alarm: bool = False) -> Block:
    """A remark set apart."""
    return {"kind": "note", "lines": list(lines), "alarm": alarm}


def table(heads: Sequence[str], widths: str, aligns: str, rows: Iterable[Sequence[str]], totals: Iterable[Sequence[str]] = ()) -> Block:
    """A table: widths with spaces between (millimetres, ``*`` for the rest, ``-`` for what it takes), aligned l or r."""
    shown = [{"cells": list(row), "strong": False, "under": ""} for row in rows]
    shown += [{"cells": list(row), "strong": True, "under": ""} for row in totals]
    return {"kind": "table", "heads": list(heads), "widths": [w.replace("-", "") for w in widths.split()], "aligns": aligns, "rows": shown}


def day(on: date) -> str:
    """A date in figures."""
    return formats.day(on.isoformat(), FR)


def amount(minor: int, currency: str) -> str:
    """An amount with its currency."""
    return formats.amount(minor, currency, FR)


def amounts(sums: Sums) -> str:
    """Amounts of several currencies, never added."""
    return " + ".join(amount(total, currency) for currency, total in sums.items()) or "néant"


def _set(claim: Claim, pieces: Sequence[Piece], own: int, total: int) -> bytes:
    said = {
        "date": claim.made_on.isoformat(),
        "title": f"Dossier de preuve : {claim.creditor.name} contre {claim.debtor.name}",
        "author": claim.creditor.name,
        "running": f"{claim.creditor.name} c/ {claim.debtor.name}",
        "about": f"Dossier de preuve, créance arrêtée au {day(claim.as_of)}",
        "pages": total,
    }
    return own_typesetter().set("court_file", said | {"blocks": _blocks(claim, pieces, own)})


def _blocks(claim: Claim, pieces: Sequence[Piece], own: int) -> list[Block]:
    return [
        *_cover(claim),
        {"kind": "break"},
        *_contents(pieces, own),
        {"kind": "break"},
        *_account(claim),
        *_invoices(claim),
        *_interest(claim),
        *_movements(claim),
        *_exchanges(claim),
        *_to_check(claim),
        *_chain(claim),
    ]


def _cover(claim: Claim) -> list[Block]:
    long = formats.long_day(claim.as_of.isoformat(), FR)
    return [
        {"kind": "cover", "above": "RECOUVREMENT DE CRÉANCE", "title": "Dossier de preuve", "below": f"Créance arrêtée au {long}"},
        {
            "kind": "parties",
            "sides": [
                {"what": "Créancier", "name": claim.creditor.name, "lines": claim.creditor.lines},
                {"what": "Débiteur", "name": claim.debtor.name, "lines": claim.debtor.lines},
            ],
        },
        {"kind": "space"},
        _sums(claim),
        *(note(one, alarm=True) for one in claim.warnings),
        text(f"Établi le {formats.long_day(claim.made_on.isoformat(), FR)} à partir des écritures et de l’historique scellé du créancier."),
    ]


def _sums(claim: Claim) -> Block:
    pairs = [(f"Principal : {_counted(len(claim.invoices), 'facture échue', 'factures échues')}, TTC", amounts(claim.principal))]
    if claim.deducted:
        pairs.append(("Avoirs et règlements à déduire", amounts(claim.deducted)))
    if claim.interest:
        pairs.append((f"Intérêts de retard au {day(claim.as_of)}", amounts(claim.interest)))
    if claim.indemnities:
        pairs.append((f"Indemnité forfaitaire de recouvrement ({claim.indemnity_count} × facture)", amounts(claim.indemnities)))
    whole: Sums = {}
    for sums in (claim.principal, claim.deducted, claim.interest, claim.indemnities):
        for currency, one in sums.items():
            whole[currency] = whole.get(currency, 0) + one
    return {"kind": "sums", "pairs": pairs, "total": [("Total de la créance", amounts(whole))]}


def _contents(pieces: Sequence[Piece], own: int) -> list[Block]:
    lines, page = [], own + 1
    for piece in pieces:
        lines.append((f"Pièce n° {piece.number}", piece.title, str(page)))
        page += piece.pages
    parts = ["Décompte de la créance", "Factures", "Calcul des intérêts", "Paiements et déductions", "Relances et échanges"]
    parts += ["Points à vérifier", "Journal des événements et sceaux"]
    return [
        heading("Sommaire et bordereau des pièces"),
        text("Ce document : " + " · ".join(f"{place}. {name}" for place, name in enumerate(parts, 1))),
        heading("Bordereau des pièces", 2),
        {"kind": "contents", "lines": lines} if lines else text("Aucune pièce."),
    ]


def _account(claim: Claim) -> list[Block]:
    further = []
    if claim.daily:
        further = [
            note(
                f"À parfaire : les intérêts continuent de courir à compter du lendemain du {day(claim.as_of)}, jusqu’au parfait paiement, "
                f"à raison de {amounts(claim.daily)} par jour de retard tant que rien n’est payé et que le taux ne change pas."
            )
        ]
    if claim.consumer:
        further.append(
            note(
                "Le débiteur est un consommateur : ni pénalités de retard de plein droit ni indemnité forfaitaire (l’article L441-10 du "
                "Code "
                "de commerce ne s’applique pas). Les intérêts au taux légal courent à compter de la mise en demeure (articles 1231-6 et "
                "1344-1 du Code civil) ; ils ne sont pas calculés ici."
            )
        )
    return [heading("1. Décompte de la créance"), _sums(claim), *further]


def _invoices(claim: Claim) -> list[Block]:
    rows = [
        (
            one.number,
            day(one.dated_on),
            ", ".join(map(day, one.due)),
            amount(one.amount, one.currency),
            amount(one.open, one.currency),
            f"{(claim.as_of - one.due[0]).days} j",
            day(one.barred_on) if one.barred_on else "–",
            f"{one.piece}" + ("" if one.original else " (extrait)"),
        )
        for one in claim.invoices
    ]
    totals = [("Total", "", "", "", amount(total, currency), "", "", "") for currency, total in claim.principal.items()]
    heads = ("Facture", "Date", "Échéance", "Montant TTC", "Reste échu", "Retard", "Prescrite le", "Pièce")
    remarks = [f"{one.number} : {one.remark}" for one in claim.invoices if one.remark]
    return [
        heading("2. Factures échues et impayées"),
        table(heads, "* 19 19 25 25 14 20 19", "lllrrrll", rows, totals),
        *([note(*remarks, alarm=True)] if remarks else []),
        text("Retard compté du lendemain de la première échéance impayée."),
    ]


def _interest(claim: Claim) -> list[Block]:
    if not claim.interest and not claim.indemnities:
        return [heading("3. Calcul des intérêts"), text("Ni intérêts ni indemnité ne sont dus à cette date.")]
    rows = [
        (
            one.number,
            f"{day(period.first)} – {day(period.last)}",
            str(period.days),
            formats.percent(period.rate, FR),
            amount(period.base, one.currency),
            amount(period.interest, one.currency),
        )
        for one in claim.invoices
        for period in one.charges.interest.periods
    ]
    totals = [("Total", "", "", "", "", amount(total, currency)) for currency, total in claim.interest.items()]
    bases = dict.fromkeys(one.basis for one in claim.invoices if one.charges.interest.periods)
    return [
        heading("3. Calcul des intérêts et de l’indemnité"),
        text(
            "Intérêts simples : somme TTC restant due × taux annuel × jours de retard / 365, arrondis au centime par période. Le premier "
            "jour "
            "est le lendemain de l’échéance, le dernier celui de l’arrêté du compte ou du paiement, inclus. Une période s’arrête à chaque "
            "paiement et à chaque changement de semestre. " + " ".join(f"Taux : {basis}." for basis in bases)
        ),
        table(("Facture", "Période", "Jours", "Taux", "Base TTC", "Intérêts"), "* 40 14 18 28 25", "llrrrr", rows, totals),
        text(
            f"Indemnité forfaitaire pour frais de recouvrement, par facture payée en retard (articles L441-10 II et D441-5 du Code de "
            f"commerce) : {amounts(claim.indemnities)} pour {_counted(claim.indemnity_count, 'facture', 'factures')}. Pénalités et "
            f"indemnité "
            "sont exigibles sans rappel et n’entrent pas dans le champ de la TVA."
        ),
    ]


def _movements(claim: Claim) -> list[Block]:
    found = [heading("4. Paiements et déductions")]

    def shown(title: str, rows: list[Deduction]) -> list[Block]:
        if not rows:
            return []
        lines = [(day(one.on), one.what, amount(one.amount, one.currency)) for one in rows]
        return [heading(title, 2), table(("Date", "Libellé", "Montant"), "22 * 32", "llr", lines)]

    found += shown("Payé sur les factures réclamées", claim.paid)
    found += shown("Avoirs et acomptes déduits", claim.deductions)
    found += shown("À échoir, non réclamé à ce jour", claim.not_due)
    return found if len(found) > 1 else [*found, text("Aucun paiement, aucun avoir, rien à échoir.")]


def _exchanges(claim: Claim) -> list[Block]:
    heads, widths = ("Date", "Nature", "Destinataire", "Preuve", "Pièce"), "19 * 48 46 12"
    rows = [(day(one.on), one.what, one.to, one.proof, str(one.piece or "–")) for one in claim.exchanges]
    said = [(day(one.on), one.what, one.to, one.proof) for one in claim.said]
    return [
        heading("5. Relances et échanges"),
        table(heads, widths, "lllll", rows) if rows else text("L’historique ne contient aucune relance."),
        *([heading("Appels et promesses de paiement", 2)] if said else []),
        *([table(("Date", "Nature", "Interlocuteur ou pièce", "Suite"), "19 * 48 58", "llll", said)] if said else []),
    ]


def _to_check(claim: Claim) -> list[Block]:
    formal = [one for one in claim.exchanges if "mise en demeure" in one.what.casefold()]
    missing = [one.number for one in claim.invoices if not one.original]
    first = min((one.barred_on for one in claim.invoices if one.barred_on), default=None)
    lines = [
        "Mise en demeure : "
        + (", ".join(f"{day(one.on)} (pièce n° {one.piece})" if one.piece else day(one.on) for one in formal) or "aucune dans l’historique")
        + ".",
        "Originaux de factures : " + (f"manquent {', '.join(missing)} (un extrait comptable les remplace)." if missing else "tous joints."),
    ]
    if first:
        lines.append(
            f"Prescription : la première facture se prescrit le {day(first)}, sous réserve des causes d’interruption. Une relance, même "
            "recommandée, n’interrompt pas la prescription ; un paiement partiel ou une demande de délai, qui vaut reconnaissance de la "
            "dette, "
            "l’interrompt (articles 2240 et suivants du Code civil) : voir les paiements et les promesses ci-dessus."
        )
    return [heading("6. Points à vérifier avant de saisir le juge"), *(text(f"• {line}") for line in lines)]


def _chain(claim: Claim) -> list[Block]:
    rows = [
        {"cells": [str(one.number), one.at, one.by, one.what], "strong": False, "under": "\n".join(filter(None, (one.told, one.seal)))}
        for one in claim.events
    ]
    listed = table(("N°", "Date et heure", "Auteur", "Fait"), "14 32 52 *", "llll", ())
    return [
        heading("7. Journal des événements et sceaux"),
        text(
            "Chaque événement reçoit un numéro sans lacune et un sceau : l’empreinte SHA-256 de son contenu et du sceau qui le précède. "
            "Modifier "
            "ou retirer un événement rompt la chaîne. La liste ne retient que les événements qui concernent le débiteur ; les numéros "
            "absents "
            "concernent d’autres clients du créancier."
        ),
        note(*claim.seal, alarm=any("ROMPUE" in line for line in claim.seal)),
        listed | {"rows": rows} if rows else text("Aucun événement."),
    ]


def _counted(number: int, one: str, several: str) -> str:
    return f"{number} {several if number > 1 else one}"
