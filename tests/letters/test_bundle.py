"""Are letters handed over whole, whatever the formats they were made in?"""

import zipfile

import pytest

from relance.letters.bundle import Letter, in_one, write

MINE, THEIRS = b"<!doctype html>\n<!-- a letter of Relance -->\n", b"<!DOCTYPE html>\n<p>made by LibreOffice</p>"


def names(path):
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.fixture
def folder(tmp_path):
    """A folder with nothing in it."""
    made = tmp_path / "letters"
    made.mkdir()
    return made


def test_pages_that_cannot_be_joined_are_files_of_their_own(folder):
    written = write([Letter("C1", "html", THEIRS), Letter("C2", "html", THEIRS)], folder / "letters.html")
    assert written.beside == folder / "letters.zip"
    assert names(written.beside) == ["0001-C1.html", "0002-C2.html"]
    assert in_one(folder) == written.beside


def test_letters_of_two_kinds_are_handed_over_together(folder):
    (folder / "letters.html").write_bytes(MINE)
    write([Letter("C1", "html", THEIRS)], folder / "letters.zip")
    whole = in_one(folder)
    assert names(whole) == ["letters.html", "0001-C1.html"]
    assert whole.suffix == ".zip"


def test_where_there_is_no_letter_there_is_no_file(folder):
    assert in_one(folder) is None
