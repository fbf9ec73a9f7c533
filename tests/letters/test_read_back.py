"""Does what stands on the paper agree with the ledger, to the cent? Random letters are issued, read back, and added up from the books."""

import io
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest

from tests.acceptance.world import TODAY, World, day, item
from tests.letters.reading import lines

NAMES = ("Garage Müller & Fils", "L'Épicerie d'Olympe", "SARL Œuvrard", "Maison Nuñez", "Brücke & Söhne", "1001 Vins")
NUMBER = re.compile(r"2026-\d{6}")
ROW = re.compile(r"(?P<document>FA-\S+) .*?\d\d/\d\d/\d{4} (?P<due>\d\d/\d\d/\d{4}) \d+ (?P<figures>.*)")
FIGURE = re.compile(r"\d{1,3}(?: \d{3})*,\d\d")


def cents(amount: str) -> int:
    return int(amount.replace(".", ""))


def euros(amount: int) -> str:
    """As a French letter writes it, with plain spaces."""
    whole = f"{abs(amount) // 100:,}".replace(",", " ")
    return f"{'−' if amount < 0 else ''}{whole},{abs(amount) % 100:02}"


def written(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def books(world: World, customers: int, dice: random.Random) -> None:
    """So many customers with one to nine overdue instalments each; part payments and credit notes here and there."""
    for number in range(customers):
        code = f"C{number:04}"
        world.customer(code, name=f"{dice.choice(NAMES)} {number}")
        for place in range(dice.choice((1, 1, 1, 2, 3, 9))):
            amount = dice.choice((dice.randint(1_001, 9_999), dice.randint(10_000, 99_999_999)))
            due = day(TODAY, -dice.randint(1, 200))
            name = f"FA-{number}-{place}"
            world.invoice(name, code, due=[item(due, written(amount))], date=day(due, -30), label=f"Livraison {place}")
            if dice.random() < 0.3:
                paid = written(dice.randint(1, amount - 1_001) if amount > 1_002 else 1)
                world.payment(f"P-{number}-{place}", paid, day(TODAY, -1), {name: paid}, code)
        if dice.random() < 0.2:
            world.credit(f"AV-{number}", code, amount=f"-{written(dice.randint(1, 1_000))}")


def owed(world: World) -> dict[str, tuple[list[tuple[str, str, str]], str]]:
    """By customer, added up here from the books alone: due date, document and open amount of each line, and the total."""
    paid: dict[str, int] = {}
    for payment in world.dossier["payments"]:
        for part in payment["allocations"]:
            paid[part["document"]] = paid.get(part["document"], 0) + cents(part["amount"])
    rows: dict[str, list[tuple[str, str, int]]] = {}
    for document in world.dossier["documents"]:
        [due] = document["due"]
        left = cents(due["amount"]) - paid.get(document["number"], 0)
        rows.setdefault(document["customer"], []).append((due["due_date"], document["number"], left))
    return {code: (_told(of), euros(sum(left for _, _, left in of))) for code, of in rows.items()}


def _told(rows: list[tuple[str, str, int]]) -> list[tuple[str, str, str]]:
    invoices = sorted(row for row in rows if row[2] > 0)
    return [("/".join(reversed(due.split("-"))), number, euros(left)) for due, number, left in invoices]


def read(seen: list[str]) -> tuple[list[tuple[str, str, str]], str]:
    """The lines of a letter's table, and its total."""
    rows = [row for row in map(ROW.fullmatch, seen) if row]
    found = [(row["due"], row["document"], FIGURE.findall(row["figures"])[-1]) for row in rows]
    [total] = [line.removeprefix("Total à régler ").removesuffix(" €") for line in seen if line.startswith("Total à régler")]
    return found, total


def issued(world: World) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """Each customer's code with the notice as answered and the letter as printed."""
    world.letters(1)
    notices = {f"2026-{notice['number']:06}": notice for notice in world.history()["notices"]}
    with pikepdf.open(world.folder / "letters.pdf") as pdf:
        for letter in _letters(pdf):
            number = next(word for word in NUMBER.findall(" ".join(lines(letter))))
            yield notices[number]["customer"], notices[number], letter


def _letters(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    """The printed file, parted where a page is the first of its letter."""
    starts = [place for place, page in enumerate(pdf.pages) if "Page 1/" in " ".join(lines(_some(pdf, place, place + 1)))]
    for start, end in zip(starts, [*starts[1:], len(pdf.pages)], strict=True):
        yield _some(pdf, start, end)


def _some(pdf: pikepdf.Pdf, start: int, end: int) -> bytes:
    with pikepdf.new() as part:
        part.pages.extend(list(pdf.pages)[start:end])
        part.save(made := io.BytesIO())
    return made.getvalue()


def agrees(world: World, customers: int, seed: int) -> None:
    books(world, customers, random.Random(seed))
    world.load()
    expected, found = owed(world), {}
    for code, notice, letter in issued(world):
        found[code] = read(lines(letter))
        assert notice["totals"] == {"EUR": found[code][1].replace(" ", "").replace(",", ".")}
    assert found == {code: told for code, told in expected.items() if code in found}
    owing = {code for code, (rows, total) in expected.items() if rows and not total.startswith(("−", "0,00"))}
    assert owing - found.keys() == set()


def test_a_dozen_random_letters_say_what_the_ledger_says(world):
    agrees(world, 12, seed=7)


@pytest.mark.proof
def test_a_thousand_random_letters_say_what_the_ledger_says(world):
    agrees(world, 1_000, seed=2026)


@pytest.mark.proof
def test_another_programs_reader_finds_the_same_totals(world):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    books(world, 1_000, random.Random(11))
    world.load()
    world.letters(1)
    said = subprocess.run(["pdftotext", "-layout", world.folder / "letters.pdf", "-"], capture_output=True, check=True).stdout.decode()
    totals = sorted(re.sub(r"\s", " ", total) for total in re.findall(r"Total à régler\s+(\S.*?)\s€", said))
    notices = world.history()["notices"]
    assert totals == sorted(euros(cents(notice["totals"]["EUR"])) for notice in notices)
