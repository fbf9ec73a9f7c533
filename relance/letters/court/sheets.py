"""How does a message, or a letter that is no PDF, stand among the pieces of a court file? On a sheet of its own, with its hash."""

import hashlib
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from relance.letters.court.account import Block, facts, heading, sheet, table, text


def message_sheet(message: bytes, title: str, proof: list[tuple[str, str]], author: str, on: date) -> bytes:
    """A message on paper: its heads, its text, its attachments by their hashes; the message itself is in the archive."""
    mail = message_from_bytes(message, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    heads = [(said, str(mail.get(name) or "")) for said, name in _HEADS]
    plain = mail.get_body(("plain", "html"))
    beside = [(part.get_filename() or "?", hashlib.sha256(part.get_payload(decode=True) or b"").hexdigest()) for part in _attachments(mail)]
    blocks: list[Block] = [
        facts([*heads, *proof, ("SHA-256 du message", hashlib.sha256(message).hexdigest())]),
        heading("Texte", 2),
        text(*(plain.get_content() if plain else "").replace("\r\n", "\n").strip().split("\n\n")),
    ]
    if beside:
        blocks += [heading("Fichiers joints", 2), table(("Fichier", "SHA-256"), "* 112", "ll", beside)]
    return sheet(f"Courriel : {title}", author, on, blocks)


_HEADS = (("De", "From"), ("À", "To"), ("Copie", "Cc"), ("Date", "Date"), ("Objet", "Subject"), ("Identifiant", "Message-ID"))


def _attachments(mail: EmailMessage) -> Iterator[Any]:
    return (part for part in mail.walk() if part.get_content_disposition() == "attachment")


def own_format_sheet(found: bytes, title: str, filename: str, author: str, on: date) -> bytes:
    """What stands in the PDF for a letter that was issued as a document of a word processor."""
    told = f"Cette lettre a été émise dans un format de traitement de texte : le fichier {filename} de l’archive est l’exemplaire émis."
    said = facts([("Fichier", filename), ("SHA-256", hashlib.sha256(found).hexdigest())])
    return sheet(f"Lettre : {title}", author, on, [text(told), said])
