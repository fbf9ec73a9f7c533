"""Which pieces prove a claim? Invoices, notices, mails, in their order, each as it is kept and as a page of the file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.timezone import localtime

from relance.core.forms import FORM_OF
from relance.letters.court import account as court_file
from relance.letters.court.binding import Bound, page_count
from relance.letters.court.sheets import message_sheet, own_format_sheet
from relance.letters.extract import render_extract
from relance.letters.mailing.mail import subject_of
from relance.models import files
from relance.models.lists.case import Case, Claimed, rendition_of
from relance.models.mails import Mail, message_of
from relance.models.notices import Notice
from relance.models.outgoing.enclosing import books_say
from relance.models.outgoing.frozen import read
from relance.models.outgoing.letter_data import letter_data
from relance.models.renditions import EMAIL, content
from relance.models.rules import frozen_settings

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
STATUSES = {
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
_NO_SERVER = {"written to the mail folder": "déposé dans un dossier : aucun serveur de messagerie ne l’a reçu"}


class _Raw(NamedTuple):
    """A piece before it is typeset: its file as it is kept, and its PDF where that is another."""

    title: str
    filename: str
    content: bytes
    pdf: bytes


def bound(case: Case, folder: Path) -> list[Bound]:
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


def answer_told(outcome: str) -> str:
    """What the mail server answered, in its own words; where there was none, that nothing was handed over."""
    return _NO_SERVER.get(outcome, outcome)


def _notice_piece(case: Case, notice: Notice) -> _Raw | None:
    kept = rendition_of(notice)
    if kept is None:
        return None
    found, title, name = content(kept), f"{subject_told(notice)}, {court_file.day(notice.run.as_of)}", f"relance-{notice.number}"
    if kept.media_type == EMAIL:
        proof = [("Envoi", STATUSES.get(notice.status, notice.status)), ("Réponse du serveur", answer_told(notice.outcome))]
        return _Raw(f"Courriel : {title}", f"{name}.eml", found, message_sheet(found, title, proof, case.company.name, case.as_of))
    form = FORM_OF.get(kept.media_type, "bin")
    letter = found if form == "pdf" else own_format_sheet(found, title, f"{name}.{form}", case.company.name, case.as_of)
    return _Raw(f"Lettre : {title}", f"{name}.{form}", found, letter)


def _mail_piece(case: Case, mail: Mail) -> _Raw:
    found, title = message_of(mail), f"{mail.subject}, {court_file.day(localtime(mail.at).date())}"
    proof = [("Envoi", STATUSES.get(mail.status, mail.status)), ("Réponse du serveur", answer_told(mail.outcome))]
    return _Raw(
        f"Courriel : {title}", f"courriel-{mail.number}.eml", found, message_sheet(found, title, proof, case.company.name, case.as_of)
    )


def subject_told(notice: Notice) -> str:
    """What a notice is headed."""
    frozen = next(read([notice.pk]))
    return subject_of(letter_data(frozen, notice.run.settings, notice.run.as_of)) or f"Relance de niveau {notice.level}"


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-.") or "sans-numero"
