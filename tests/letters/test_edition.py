"""Do the choices of an edition reach the paper? Through the command line, read back from the PDF."""

import pytest

from tests.acceptance.world import TODAY, item, level
from tests.letters.reading import lines, text

DEMANDS = [level(1, -5, 10), level(2, 11, 30, header="Entête du niveau deux", footer="Pied du niveau deux", subject="Niveau deux")]


def edited(world, *flags, name="letters.pdf", number=1):
    """The letters of an edition, as bytes."""
    out = world.folder / name
    world.edition(number, TODAY, "--out", out, *flags)
    return out.read_bytes()


@pytest.mark.spec("A26")
@pytest.mark.parametrize(("flags", "subtotals"), [((), []), (("--subtotals",), ["70,00", "30,00"])])
@pytest.mark.parametrize("definitive", [(), ("--definitive",)])
def test_a_letter_adds_up_each_due_date_where_asked(world, flags, subtotals, definitive):
    world.invoice("FA-1", due=[item("2026-07-06", "60.00"), item("2026-07-07", "30.00")], date="2026-06-01")
    world.invoice("FA-2", due="2026-07-06", amount="10.00")
    world.load()
    seen = lines(edited(world, *flags, *definitive))
    assert [line.split()[-1] for line in seen if line.startswith("Sous-total")] == subtotals


@pytest.mark.spec("A26")
@pytest.mark.parametrize(("flags", "subtotals"), [((), ["100,00"]), (("--no-subtotals",), [])])
def test_subtotals_are_the_companys_choice_unless_the_edition_says_otherwise(world, flags, subtotals):
    world.dossier["display"] = {"subtotals": True}
    world.invoice("FA-1")
    world.load()
    seen = lines(edited(world, *flags))
    assert [line.split()[-1] for line in seen if line.startswith("Sous-total")] == subtotals


@pytest.mark.spec("A38")
def test_a_letter_bears_its_levels_subject_header_and_footer(world):
    world.levels(*DEMANDS)
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-01")
    world.customer("C001", level=1)
    world.load()
    seen = text(edited(world, number=2))
    assert [part for part in ("Niveau deux", "Entête du niveau deux", "Pied du niveau deux") if part not in seen] == []


@pytest.mark.spec("A16")
def test_provisional_letters_are_marked_and_store_nothing_and_definitive_ones_are_not(world):
    world.invoice("FA-1")
    world.load()
    before = world.dump()
    assert "PROVISOIRE" in text(edited(world))
    assert world.dump() == before
    final = text(edited(world, "--definitive", name="final.pdf"))
    assert "PROVISOIRE" not in final
    assert "2026-000001" in final


def test_the_letter_of_an_edition_shows_amounts_address_and_bank_details(world):
    world.company(iban="FR7630006000011234567890189", bic="AGRIFRPP", address=["1 rue Neuve", "33000 Bordeaux"])
    world.invoice("FA-1", amount="1234.50")
    world.credit("AV-1", amount="-34.50")
    world.load()
    seen = lines(edited(world, "--definitive"))
    wanted = [
        "33000 BORDEAUX",
        "Bordeaux, le 15 juillet 2026",
        "FA-1 07/06/2026 07/07/2026 8 1 234,50 1 234,50",
        "Total à régler 1 200,00 €",
    ]
    assert [line for line in wanted if line not in seen] == []
    assert "IBAN FR76 3000 6000 0112 3456 7890 189" in seen


@pytest.mark.spec("A10")
@pytest.mark.parametrize("suffix", ["pdf", "csv"])
def test_a_control_list_shows_last_level_and_last_date_of_each_document(world, suffix):
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-01")
    world.customer("C001", level=1, sales_rep="DUP")
    world.load()
    before = world.dump()
    content = edited(world, "--control-list", name=f"list.{suffix}", number=2)
    if suffix == "pdf":
        assert "FA-1 07/06/2026 07/07/2026 1 01/07/2026 2 8 100,00 €" in lines(content)
    else:
        assert "C001;Client C001;Alice Dupuis;FA-1;07/06/2026;07/07/2026;1;01/07/2026;2;8;100,00;EUR" in content.decode("utf-8-sig")
    assert world.dump() == before


def test_a_control_list_that_cannot_be_written_is_a_message(world, tmp_path):
    world.invoice("FA-1")
    world.load()
    flags = ("--level", 1, "--control-list", "--out", tmp_path / "nowhere" / "list.pdf")
    world.ask("edition", "--as-of", TODAY, *flags).refused()
