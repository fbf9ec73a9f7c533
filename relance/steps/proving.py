"""One customer -> what proves the claim: one PDF with numbered pieces, or an archive of them with their hashes.

Reading is no event: nothing is recorded, no level moves. The file is in French, for a French judge.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from relance.core import money
from relance.core.addresses import address_lines
from relance.core.charges import Terms
from relance.core.facts import Site
from relance.core.forms import FORM_OF
from relance.core.rates import CustomerKind, UnknownRate
from relance.letters import court_file, formats
from relance.letters.court_archive import computation, pack, readme
from relance.letters.court_binding import Bound, bind, page_count
from relance.letters.court_file import Claim, Deduction, Exchange, Happening, Invoice, Party, Piece
from relance.letters.court_sheets import message_sheet, own_format_sheet
from relance.letters.extract import render_extract
from relance.letters.mail import subject_of
from relance.letters.typesetter import LetterProblem
from relance.letters.wording import WORDINGS
from relance.models import files
from relance.models.case import Case, Claimed, read_case, rendition_of
from relance.models.company import Company
from relance.models.enclosing import books_say
from relance.models.events import seal_of
from relance.models.frozen import read
from relance.models.history import Event
from relance.models.letter_data import letter_data
from relance.models.mails import Mail, message_of
from relance.models.notices import Notice
from relance.models.parties import Customer
from relance.models.renditions import EMAIL, content
from relance.models.rules import frozen_settings
from relance.steps import Refused

FORMATS = (".pdf", ".zip")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_STATUSES = {
    "sent": "envoyé",
    "printed": "imprimé",
    "drafted": "préparé pour envoi",
    "failed": "non distribué",
    "bounced": "revenu, non distribué",
    "unsure": "remise incertaine",
    "cancelled": "annulé par la suite",
    "queued": "en attente",
    "sending": "en cours d’envoi",
}
_PROMISES = {"kept": "promesse tenue", "broken": "promesse non tenue", "pending": "échéance de la promesse à venir"}


Json = dict[str, Any]
Tell = Callable[[Iterable[Event]], Iterator[Any]]  # events as lines with ``what``, ``about`` and ``told``, in French


class _Raw(NamedTuple):
    """A piece before it is typeset: its file as it is kept, and its PDF where that is another."""

    title: str
    filename: str
    content: bytes
    pdf: bytes


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
            pieces = _bound(case, Path(folder))
            claim = _claim(case, tell, made_on)
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


# -- the pieces, in their order: invoices, notices, mails


def _bound(case: Case, folder: Path) -> list[Bound]:
    """The pieces, numbered, their PDF on disk: few of them are in memory."""
    found = []
    for number, raw in enumerate(_raw_pieces(case), 1):
        pdf = folder / f"{number:03}.pdf"
        pdf.write_bytes(raw.pdf)
        kept = folder / f"{number:03}.kept"
        kept.write_bytes(raw.content)
        name = f"pieces/{number:03}-{raw.filename}"
        found.append(Bound(number, raw.title, name, kept, pdf, page_count(raw.pdf)))
    return found


def _raw_pieces(case: Case) -> Iterator[_Raw]:
    for claimed in case.claimed:
        yield _invoice_piece(case, claimed)
    for notice in case.notices:
        if (piece := _notice_piece(case, notice)) is not None:
            yield piece
    for mail in case.mails:
        yield _mail_piece(case, mail)


def _invoice_piece(case: Case, claimed: Claimed) -> _Raw:
    document = claimed.document
    name = f"facture-{_safe(document.number)}.pdf"
    if claimed.original:
        found = files.content(claimed.original.file_id)
        told = "" if claimed.original.kind == "original" else " (duplicata)"
        return _Raw(f"Facture {document.number} du {court_file.day(document.date)}{told}", name, found, found)
    said = dict(books_say([document.pk]))[document.pk]
    made = render_extract(said, frozen_settings(case.company)["company"], "fr")
    return _Raw(f"Facture {document.number} du {court_file.day(document.date)} (extrait comptable, original non joint)", name, made, made)


def _notice_piece(case: Case, notice: Notice) -> _Raw | None:
    kept = rendition_of(notice)
    if kept is None:
        return None
    found, title, name = content(kept), f"{_subject(notice)}, {court_file.day(notice.run.as_of)}", f"relance-{notice.number}"
    if kept.media_type == EMAIL:
        proof = [("Envoi", _STATUSES.get(notice.status, notice.status)), ("Réponse du serveur", notice.outcome)]
        return _Raw(f"Courriel : {title}", f"{name}.eml", found, message_sheet(found, title, proof, case.company.name, case.as_of))
    form = FORM_OF.get(kept.media_type, "bin")
    letter = found if form == "pdf" else own_format_sheet(found, title, f"{name}.{form}", case.company.name, case.as_of)
    return _Raw(f"Lettre : {title}", f"{name}.{form}", found, letter)


def _mail_piece(case: Case, mail: Mail) -> _Raw:
    found, title = message_of(mail), f"{mail.subject}, {court_file.day(localtime(mail.at).date())}"
    proof = [("Envoi", _STATUSES.get(mail.status, mail.status)), ("Réponse du serveur", mail.outcome)]
    return _Raw(
        f"Courriel : {title}", f"courriel-{mail.number}.eml", found, message_sheet(found, title, proof, case.company.name, case.as_of)
    )


def _subject(notice: Notice) -> str:
    frozen = next(read([notice.pk]))
    return subject_of(letter_data(frozen, notice.run.settings, notice.run.as_of)) or f"Relance de niveau {notice.level}"


# -- the account


def _claim(case: Case, tell: Tell, made_on: date) -> Claim:
    numbers = _numbers(case)
    return Claim(
        as_of=case.as_of,
        made_on=made_on,
        creditor=_creditor(case.company),
        debtor=_debtor(case),
        consumer=CustomerKind(case.customer.kind) is CustomerKind.CONSUMER,
        invoices=[_invoice(case, place, one) for place, one in enumerate(case.claimed, 1)],
        deductions=[*(Deduction(f"{_KINDS[one.type]} {one.document}", one.document_date, one.open, one.currency) for one in case.credits)]
        + [Deduction(f"Règlement {one.reference}, à affecter", one.date, -one.open, one.currency) for one in case.on_account],
        not_due=[Deduction(f"{one.document}, échéance", one.due_date, one.open, one.currency) for one in case.not_due],
        paid=[
            Deduction(f"{one.payment.reference} sur {one.due_item.document.number}", one.date, one.amount, one.payment.currency)
            for one in case.paid
        ],
        principal=case.principal(),
        deducted=case.deducted(),
        interest=case.interest(),
        indemnities=case.indemnities(),
        indemnity_count=sum(one.charges.indemnity is not None for one in case.claimed),
        daily=_daily(case),
        exchanges=_exchanges(case, numbers),
        said=_said(case),
        events=_happenings(case, tell),
        warnings=_warnings(case),
        seal=_seal(case),
    )


_KINDS = {"invoice": "Facture", "credit_note": "Avoir", "payment_on_account": "Acompte"}


def _numbers(case: Case) -> dict[tuple[str, int], int]:
    """Under which number each notice and each mail is a piece."""
    kept = [one for one in case.notices if rendition_of(one) is not None]
    keys = [("notice", one.pk) for one in kept] + [("mail", one.pk) for one in case.mails]
    return {key: number for number, key in enumerate(keys, len(case.claimed) + 1)}


def _creditor(company: Company) -> Party:
    numbers = [("SIREN", company.siren), ("TVA", company.vat_number), ("IBAN", formats.iban(company.iban) if company.iban else "")]
    lines = [*company.address.split("\n"), company.sender_email, *(f"{name} {said}" for name, said in numbers if said)]
    return Party(company.name, [line for line in lines if line])


def _debtor(case: Case) -> Party:
    customer = case.customer
    site = customer.sites.first()
    where = Site._make(getattr(site, name) for name in Site._fields) if site else None
    kind = {"business": "Professionnel", "consumer": "Consommateur", "public": "Personne publique"}[customer.kind]
    lines = address_lines(where, customer.name, "") if where else []
    return Party(customer.name, [*(lines or ["Adresse inconnue"]), f"Code client {customer.code}", kind])


def _invoice(case: Case, number: int, one: Claimed) -> Invoice:
    document = one.document
    stopped = any(item.stopped for item in one.items)
    remarks = [
        "contestation ou statut qui suspend la relance, à examiner" if stopped else "",
        f"bloquée : {document.block_comment}"
        if document.block_comment and (document.no_auto_dunning or document.no_manual_dunning)
        else "",
    ]
    return Invoice(
        number=document.number,
        dated_on=document.date,
        due=tuple(item.due_date for item in one.items),
        amount=sum(document.due_items.values_list("amount", flat=True)),
        open=one.open,
        currency=one.currency,
        barred_on=one.barred_on,
        remark="; ".join(filter(None, remarks)),
        charges=one.charges,
        basis=_basis(one.terms),
        piece=number,
        original=one.original is not None and one.original.kind == "original",
    )


def _basis(terms: Terms) -> str:
    if terms.contractual_rate is not None:
        return f"taux convenu de {formats.percent(terms.contractual_rate, 'fr')}"
    return WORDINGS["fr"].rate.get((terms.country, str(terms.kind)), "taux légal")


def _daily(case: Case) -> dict[str, int]:
    """What each further day costs, half up to the minor unit."""
    sums: dict[str, int] = {}
    for one in case.claimed:
        for period in one.charges.interest.periods:
            if period.last == case.as_of:
                sums[one.currency] = sums.get(one.currency, 0) + period.base * period.rate
    return {currency: (2 * total + 3_650_000) // 7_300_000 for currency, total in sums.items()}


def _exchanges(case: Case, numbers: dict[tuple[str, int], int]) -> list[Exchange]:
    found = [
        Exchange(
            one.run.as_of,
            f"{'Lettre' if one.channel == 'letter' else 'Courriel'} : {_subject(one)}",
            one.to.replace("\n", ", ") or ", ".join(one.recipient.get("address") or ["–"]),
            _proof(one.status, one.outcome, one.issued_at),
            numbers.get(("notice", one.pk)),
        )
        for one in case.notices
    ]
    found += [
        Exchange(
            localtime(one.at).date(),
            f"Courriel : {one.subject}",
            one.to.replace("\n", ", "),
            _proof(one.status, one.outcome, one.at),
            numbers[("mail", one.pk)],
        )
        for one in case.mails
    ]
    return sorted(found, key=lambda one: one.on)


def _proof(status: str, outcome: str, at: Any) -> str:
    when = f" le {_moment(at)}" if at else ""
    return f"{_STATUSES.get(status, status)}{when}" + (f"\n{outcome}" if outcome else "")


def _said(case: Case) -> list[Exchange]:
    calls = [
        Exchange(
            localtime(one.at).date(),
            "Appel téléphonique",
            one.facts.get("contact", "") or one.by,
            " – ".join(filter(None, (_CALLS.get(one.facts.get("outcome", ""), ""), one.facts.get("note", "")))),
            None,
        )
        for one in case.events
        if one.what == "called"
    ]
    made = [
        Exchange(
            date.fromisoformat(one["made_on"] or one["promised_on"]),
            "Promesse de paiement",
            one["document"],
            f"{_promised(one)} pour le {court_file.day(date.fromisoformat(one['promised_on']))} : {_PROMISES[one['standing']]}",
            None,
        )
        for one in case.promises
    ]
    return sorted(calls + made, key=lambda one: one.on)


_CALLS = {
    "reached": "joint",
    "no_answer": "sans réponse",
    "message_left": "message laissé",
    "promised": "promet de payer",
    "disputed": "conteste la dette",
    "wrong_number": "numéro erroné",
}


def _promised(one: dict[str, Any]) -> str:
    if one["promised_amount"] is None:
        return "solde promis"
    return f"{court_file.amount(money.parse(one['promised_amount'], one['currency']), one['currency'])} promis"


def _happenings(case: Case, tell: Tell) -> list[Happening]:
    told = tell(case.events)
    return [
        Happening(one.number, _moment(one.at), one.by, f"{line.what} {line.about}".strip(), line.told, one.hash)
        for one, line in zip(case.events, told, strict=True)
    ]


def _warnings(case: Case) -> list[str]:
    found = []
    if case.customer.insolvent_on and case.declare_by:
        found.append(
            f"Procédure collective publiée le {court_file.day(case.customer.insolvent_on)} : les poursuites individuelles sont arrêtées ; "
            f"la créance se déclare au plus tard le {court_file.day(case.declare_by)}."
        )
    if any(item.stopped for one in case.claimed for item in one.items):
        found.append("Une facture au moins est contestée ou sa relance est suspendue : voir la section 2.")
    return found


def _seal(case: Case) -> list[str]:
    seal = case.seal
    if not seal.last and seal.broken is None:
        return ["Aucun événement n’est enregistré pour le créancier : il n’y a pas encore de sceau."]
    state = (
        f"Chaîne vérifiée de l’événement 1 à l’événement {seal.last} : aucune rupture."
        if seal.broken is None
        else f"Chaîne ROMPUE à l’événement {seal.broken} : l’historique a été modifié."
    )
    return [state, f"Dernier sceau (événement {seal.last}) : {seal.hash or '–'}"]


def _moment(at: Any) -> str:
    here = localtime(at)
    return f"{court_file.day(here.date())} {here:%H:%M}"


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


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-.") or "sans-numero"
