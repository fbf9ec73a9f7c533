"""What does a bank's application read in the QR code?"""

import re
import zlib

import pytest
import segno

from relance.letters.transfer_code import code, payload, picture
from tests.letters.notices import notice

OPEN = "FA-1 2026-09-06 2026-10-06 {0} {0}"


def test_the_code_asks_for_exactly_the_total_under_the_reference_of_the_text():
    assert payload(notice(credits="AV-7 2026-11-02 -120.50")).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "AGRIFRPPXXX",
        "Maison Aubrelle",
        "FR7630006000011234567890189",
        "EUR1414.00",
        "",
        "",
        "C001 2026-000123",
    ]


@pytest.mark.parametrize(
    "data",
    [
        notice(company={"iban": ""}),
        notice(OPEN.format("0.00")),
        notice(OPEN.format("10.00"), credits="AV-1 2026-11-02 -10.01"),
        notice(f"{OPEN.format('10.00')} USD"),
        notice(f"{OPEN.format('10.00')}\n{OPEN.format('10.00')} USD"),
        notice(OPEN.format("1000000000.00")),
        notice(customer={"code": "é" * 140, "name": "", "kind": "business"}),
    ],
    ids=["no account", "nothing open", "more credit than debt", "dollars", "two currencies", "too much", "too long"],
)
def test_there_is_no_code_where_one_transfer_in_euros_cannot_settle_the_notice(data):
    assert payload(data) is None
    assert code(data) is None


def test_what_stands_in_the_code_fits_the_guideline():
    data = notice(
        OPEN.format("999999999.99"),
        company={"name": "Société\nd’exploitation " + "x" * 100, "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "AGRI FRPP"},
        customer={"code": "C" * 150, "name": "", "kind": "business"},
    )
    lines = payload(data).split("\n")
    assert lines[4:8] == ["AGRIFRPP", ("Société d’exploitation " + "x" * 100)[:70], "FR7630006000011234567890189", "EUR999999999.99"]
    assert lines[10] == "C" * 140
    assert len("\n".join(lines).encode()) <= 331


def test_the_drawing_is_the_code_dot_by_dot():
    drawn = code(notice())
    dots = [[0] * drawn["size"] for _ in range(drawn["size"])]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn["path"]):
        dots[int(y)][int(x) : int(x) + int(width)] = [1] * int(width)
    meant = segno.make_qr(payload(notice()).encode(), error="m", mask=3, boost_error=False)
    assert dots == [[int(dot) for dot in row] for row in meant.matrix]
    assert meant.error == "M"
    assert meant.version <= 13


def test_the_picture_is_the_code_with_four_modules_of_white_around_it():
    made, drawn = picture(notice()), segno.make_qr(payload(notice()).encode(), error="m", mask=3, boost_error=False)
    side = len(drawn.matrix) + 8
    rows = zlib.decompress(made[made.index(b"IDAT") + 4 : -16])
    assert made[16:25] == (side * 8).to_bytes(4) * 2 + b"\1"
    assert len(rows) == side * 8 * (side + 1)
    modules = [rows[at * (side + 1) + 1 : (at + 1) * (side + 1)] for at in range(3, side * 8, 8)]
    assert modules[:4] == modules[-4:] == [b"\xff" * side] * 4
    assert modules[4:-4] == [b"\xff" * 4 + bytes(0 if dot else 255 for dot in row) + b"\xff" * 4 for row in drawn.matrix]
