"""What is in the archive of a court file besides its pieces? What explains it, the computation as a list, the hash of each file."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from relance.core import money
from relance.letters.control_list import inert
from relance.letters.court.account import Claim, day
from relance.letters.court.binding import Bound

_STAMPED_AT = (1980, 1, 1, 0, 0, 0)  # the same archive each time: what is inside says when it was made
README = "LISEZMOI.txt"
SUMS = "SHA256SUMS"


def pack(files: Iterator[tuple[str, bytes]], told: str, out: Path) -> None:
    """An archive of the files with what explains them, and the SHA-256 of each as ``sha256sum --check`` reads them."""
    sums = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ((README, told.encode()), *files):
            archive.writestr(zipfile.ZipInfo(name, _STAMPED_AT), content, zipfile.ZIP_DEFLATED)
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        archive.writestr(zipfile.ZipInfo(SUMS, _STAMPED_AT), "".join(sums))


def readme(claim: Claim, pieces: Sequence[Bound]) -> str:
    """What is in the archive, and how it is verified, in French."""
    listed = "\n".join(f"  {piece.filename}\n      Pièce n° {piece.number} : {piece.title}" for piece in pieces)
    return f"""DOSSIER DE PREUVE
{claim.creditor.name} contre {claim.debtor.name}
Créance arrêtée au {day(claim.as_of)}, dossier établi le {day(claim.made_on)}.

CONTENU
  decompte-et-journal.pdf
      Parties, décompte, factures, calcul des intérêts, relances, journal scellé.
  decompte.csv
      Le calcul des intérêts ligne à ligne, pour un tableur.
  journal.json
      Les événements qui concernent le débiteur, avec leurs sceaux.
{listed}

VÉRIFIER LES FICHIERS
  SHA256SUMS donne l'empreinte SHA-256 de chaque fichier. Sous Linux ou macOS :
      sha256sum --check SHA256SUMS
  Sous Windows, fichier par fichier, dans PowerShell :
      Get-FileHash -Algorithm SHA256 nom-du-fichier

VÉRIFIER LES SCEAUX
  Le sceau d'un événement est l'empreinte SHA-256, en hexadécimal, de ces textes séparés par un octet nul, en UTF-8 :
      sceau_precedent, numero, date, auteur, fait, donnees
  où « donnees » est écrit en JSON sans espaces, clés triées. Le numéro 1 n'a pas de sceau précédent (texte vide).
"""


def computation(claim: Claim) -> bytes:
    """The interest line by line, for a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(("facture", "du", "au", "jours", "taux", "base", "interets", "devise"))
    for one in claim.invoices:
        for period in one.charges.interest.periods:
            base, owed = (money.show(value, one.currency).replace(".", ",") for value in (period.base, period.interest))
            days = (day(period.first), day(period.last), period.days)
            writer.writerow((inert(one.number), *days, f"{period.rate / 100:.2f}".replace(".", ","), base, owed, one.currency))
    return text.getvalue().encode("utf-8-sig")
