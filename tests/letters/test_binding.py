"""Are letters put into one file in their order, however many, and is the file as good an archive as they are?"""

import io

import pikepdf
import pytest

from relance.letters import binding
from relance.letters.binding import merge
from relance.letters.letter import render_letter
from tests.letters.archivist import objections
from tests.letters.notices import many, notice
from tests.letters.reading import lines, pages, text


def letter(number, count=1):
    return render_letter(notice(many(count), number=f"2026-{number:06}"))


def page_of(document, number):
    """One page of a document, as a document of its own."""
    with pikepdf.open(io.BytesIO(document)) as pdf, pikepdf.new() as single:
        single.pages.append(pdf.pages[number])
        single.save(made := io.BytesIO())
        return made.getvalue()


@pytest.mark.parametrize("amount", [1, 3, 5])
def test_letters_are_put_into_one_document_in_their_order(monkeypatch, tmp_path, amount):
    monkeypatch.setattr(binding, "LETTERS", 2)
    out = tmp_path / "letters.pdf"
    assert merge((letter(number) for number in range(amount)), out).letters == amount
    whole = out.read_bytes()
    assert [f"2026-{number:06}" in text(page_of(whole, number)) for number in range(pages(whole))] == [True] * amount


def test_a_letter_in_the_file_reads_as_it_does_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(binding, "BYTES", 1)
    alone = [letter(1, 60), letter(2, 3)]
    merge(iter(alone), tmp_path / "letters.pdf")
    whole = (tmp_path / "letters.pdf").read_bytes()
    assert lines(whole) == [line for one in alone for line in lines(one)]


def test_a_file_of_archival_letters_is_archival(monkeypatch, tmp_path):
    monkeypatch.setattr(binding, "LETTERS", 2)
    merged = merge((letter(number) for number in range(3)), tmp_path / "letters.pdf")
    assert merged.archival
    assert objections((tmp_path / "letters.pdf").read_bytes()) == []


def test_a_file_with_one_that_is_not_archival_does_not_claim_to_be(tmp_path):
    with pikepdf.new() as plain:
        plain.add_blank_page()
        plain.save(made := io.BytesIO())
    merged = merge(iter([letter(1), made.getvalue()]), tmp_path / "letters.pdf")
    assert not merged.archival
    assert objections((tmp_path / "letters.pdf").read_bytes())[0] == "does not say that it is PDF/A-2b"


def test_what_looks_like_a_reference_in_a_text_stays_as_it_is(tmp_path):
    with pikepdf.new() as odd:
        page = odd.add_blank_page().obj
        page.Said = pikepdf.String("see \\(7 0 R) (8 0 R")
        page.Bytes = pikepdf.String(b"\xff\x00 9 0 R")
        odd.save(made := io.BytesIO())
    merge(iter([letter(1), made.getvalue()]), tmp_path / "letters.pdf")
    with pikepdf.open(tmp_path / "letters.pdf") as pdf:
        said = pdf.pages[1].obj
        assert (str(said.Said), bytes(said.Bytes)) == ("see \\(7 0 R) (8 0 R", b"\xff\x00 9 0 R")


def test_the_same_letters_are_the_same_file(tmp_path):
    for name in ("one", "other"):
        merge((letter(number) for number in range(3)), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_nothing_to_merge_is_no_document(tmp_path):
    assert merge(iter(()), tmp_path / "letters.pdf").letters == 0
    assert not (tmp_path / "letters.pdf").exists()
