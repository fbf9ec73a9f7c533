"""Does the court file claim what the ledger and the law say, bind every piece, and prove itself?"""

import csv
import hashlib
import io
import json
import zipfile

import pikepdf
import pytest

from tests.acceptance.world import TODAY, World, level
from tests.letters.invoices import invoice_pdf
from tests.letters.reading import text


@pytest.fixture
def world(world):
    """C001 owes two late invoices, one of them partly paid, one that is not due, and has a credit; it was reminded by mail."""
    world.options(interest_rate="12.00")
    world.levels(level(1, 1, None))
    world.invoice("FA-1", due="2026-01-31", amount="1000.00")
    world.invoice("FA-2", due="2026-03-31", amount="500.00")
    world.invoice("FA-3", due="2099-01-31", amount="70.00", date="2026-07-01")
    world.credit("AV-1", amount="-30.00")
    world.payment("P-1", "400.00", "2026-02-15", {"FA-1": "400.00"})
    world.load()
    world.batch()
    world.relance("call", "--company", "ACME", "--customer", "C001", "--outcome", "promised", "--note", "vendredi").done()
    return world


def written(world, suffix, as_of="2099-01-01"):
    out = world.folder / f"dossier{suffix}"
    world.ask("court-file", "--customer", "C001", "--as-of", as_of, "--out", out).done()
    return out


def in_figures(text):
    """Spaces that do not break are spaces."""
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_the_claim_is_that_of_the_aged_balance_and_of_the_interest(world):
    told = in_figures(text(written(world, ".pdf", TODAY).read_bytes()))
    owed = [world.ask("interest", "--document", number, "--as-of", TODAY).done().json for number in ("FA-1", "FA-2")]
    interest = sum(int(one["interest"].replace(".", "")) for one in owed)
    principal, shown = 110_000, f"{interest // 100},{interest % 100:02} €"
    assert "1 100,00 €" in told  # 600 + 500
    assert "-30,00 €" in told
    assert shown in told
    assert "80,00 €" in told  # twice the fixed sum
    whole = str(principal - 3_000 + interest + 8_000)
    assert f"{whole[0]} {whole[1:4]},{whole[4:]} €" in told
    assert world.aged(TODAY)["accounts"][0]["total"] == "1140.00"  # with the 70.00 that are not due


def test_the_pieces_are_numbered_listed_and_bound_in_their_order(world):
    world.ask("attach", "--document", "FA-1", _file(world, invoice_pdf())).done()
    told = in_figures(text(written(world, ".pdf").read_bytes()))
    assert "Pièce n° 1 Facture FA-1 du 01/01/2026" in told
    assert "Pièce n° 2 Facture FA-2 du 01/03/2026 (extrait comptable, original non joint)" in told
    assert "Pièce n° 3 Courriel" in told
    with pikepdf.open(written(world, ".pdf")) as pdf, pdf.open_outline() as outline:
        assert [one.title.partition(" :")[0] for one in outline.root] == ["Décompte et journal", "Pièce n° 1", "Pièce n° 2", "Pièce n° 3"]


def test_the_archive_holds_the_pieces_as_they_are_kept_with_their_hashes(world):
    world.ask("attach", "--document", "FA-1", _file(world, invoice_pdf())).done()
    with zipfile.ZipFile(written(world, ".zip")) as archive:
        sums = [line.split("  ") for line in archive.read("SHA256SUMS").decode().splitlines()]
        assert {name for _, name in sums} | {"SHA256SUMS"} == set(archive.namelist())
        assert all(hashlib.sha256(archive.read(name)).hexdigest() == digest for digest, name in sums)
        assert archive.read("pieces/001-facture-FA-1.pdf") == invoice_pdf()
        assert archive.read("pieces/003-relance-1.eml") == next(world.post.rglob("*.eml")).read_bytes()
        assert "Facture FA-1" in archive.read("LISEZMOI.txt").decode()


def test_the_seals_can_be_computed_again_by_whoever_has_the_archive(world):
    with zipfile.ZipFile(written(world, ".zip")) as archive:
        journal = json.loads(archive.read("journal.json"))
    assert journal["chaine"]["rompue_a"] is None
    for one in journal["evenements"]:
        data = json.dumps(one["donnees"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        sealed = "\0".join((one["sceau_precedent"], str(one["numero"]), one["date"], one["auteur"], one["fait"], data))
        assert hashlib.sha256(sealed.encode()).hexdigest() == one["sceau"]
    assert {"notice_sent", "called"} <= {one["fait"] for one in journal["evenements"]}


def test_the_computation_is_there_line_by_line(world):
    with zipfile.ZipFile(written(world, ".zip", TODAY)) as archive:
        lines = list(csv.DictReader(io.StringIO(archive.read("decompte.csv").decode("utf-8-sig")), delimiter=";"))
    periods = [
        one for number in ("FA-1", "FA-2") for one in world.ask("interest", "--document", number, "--as-of", TODAY).done().json["periods"]
    ]
    assert [line["interets"].replace(",", ".") for line in lines] == [one["interest"] for one in periods]


def test_the_same_file_comes_out_each_time(world):
    assert written(world, ".zip").read_bytes() == written(world, ".zip").read_bytes()
    assert written(world, ".pdf").read_bytes() == written(world, ".pdf").read_bytes()


def test_a_file_of_pieces_made_to_be_kept_is_made_to_be_kept(world):
    with pikepdf.open(written(world, ".pdf")) as pdf:
        assert b"pdfaid:part" in pdf.Root.Metadata.read_bytes()


def test_a_call_is_told_with_what_came_of_it(world):
    assert "promet de payer – vendredi" in in_figures(text(written(world, ".pdf").read_bytes()))


def test_a_mail_that_was_put_into_a_folder_is_not_said_to_have_reached_a_server(world):
    told = in_figures(text(written(world, ".pdf").read_bytes()))
    assert ("aucun serveur de messagerie ne l’a reçu" in told, "written to" in told) == (True, False)


def test_where_nothing_is_late_there_is_nothing_to_prove(world):
    out = world.folder / "dossier.pdf"
    world.ask("court-file", "--customer", "C001", "--as-of", "2026-01-15", "--out", out).refused("nothing past due")
    assert not out.exists()


def test_another_format_is_refused(world):
    world.ask("court-file", "--customer", "C001", "--as-of", TODAY, "--out", world.folder / "dossier.docx").refused(".pdf", ".zip")


def test_a_consumer_is_asked_for_neither_interest_nor_indemnity(world):
    world.customer("C001", kind="consumer")
    world.load()
    told = in_figures(text(written(world, ".pdf", TODAY).read_bytes()))
    assert "Le débiteur est un consommateur" in told
    assert "Indemnité forfaitaire de recouvrement" not in told


def test_an_insolvent_debtor_is_told_on_the_cover_with_the_last_day_to_declare(world):
    world.ask("insolvency", "--customer", "C001", "--published-on", "2026-06-01").done()
    assert "créance se déclare au plus tard le" in in_figures(text(written(world, ".pdf").read_bytes()))


def _file(world, content):
    out = world.folder / "facture.pdf"
    out.write_bytes(content)
    return out


def test_what_was_done_before_the_history_began_is_not_denied(relance, tmp_path, post):
    world = World(relance, tmp_path, post)
    world.levels(level(1, 1, None))
    world.invoice("FA-1", due="2026-01-31", level=1, last_dunned_on="2026-03-01")
    world.load()
    told = in_figures(text(written(world, ".pdf", TODAY).read_bytes()))
    assert "L’historique ne contient aucune relance" in told
    assert "il n’y a pas encore de sceau" in told
