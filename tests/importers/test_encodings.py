"""Is the alphabet of a file recognised, and doubt admitted?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.importers.encodings import Alphabet, ByteCensus

FRENCH = "Société Générale – règlement facture n° 12 à échéance, reçu par chèque. Où est le coût ?\n"


def alphabet_of(*blocks: bytes) -> Alphabet:
    census = ByteCensus()
    for block in blocks:
        census.add(block)
    return census.alphabet()


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("Facture 12 VENTES\n", "ascii", "ASCII"),
        (FRENCH, "utf-8", "UTF-8"),
        (FRENCH, "cp1252", "Windows-1252"),
        (FRENCH.replace("–", "-"), "iso8859-15", "ISO-8859-15"),
        ("Œuvre à 3 € réglée à l'échéance\n", "iso8859-15", "ISO-8859-15"),
        ("Œuvre à 3 € réglée à l’échéance\n", "cp1252", "Windows-1252"),
        (FRENCH.replace("–", "-"), "cp850", "DOS code page 850"),
        ("CRÉDIT À ÉCHOIR, FACTURES N° 1 À 12, REÇU\n", "cp850", "DOS code page 850"),
        ("CRÉDIT À ÉCHOIR, FACTURES N° 1 À 12, REÇU\n", "cp1252", "ISO-8859-15"),
    ],
)
def test_the_alphabet_is_told_by_the_letters_of_french(text: str, encoding: str, name: str):
    content = text.encode(encoding) * 3
    alphabet = alphabet_of(content)
    assert alphabet.name == name
    assert alphabet.doubt == ""
    assert content.decode(alphabet.codec) == text * 3


def test_a_few_letters_leave_a_doubt_that_is_told():
    assert alphabet_of(b"CLIENT N\xf8 12\n" * 6) == Alphabet("cp858", "DOS code page 850", "only 6 letters beyond ASCII to judge by")


def test_all_blocks_of_a_file_are_judged_together():
    assert alphabet_of(b"VENTES\n" * 9, b"R\xe8glement \xe9chu\n" * 9).name == "ISO-8859-15"


def test_a_long_file_of_one_byte_a_letter_is_not_taken_for_broken_utf8():
    assert alphabet_of(*["réglé à échéance\n".encode("cp1252") * 50] * 200).name == "ISO-8859-15"


def test_utf8_whose_labels_were_cut_inside_a_letter_is_still_utf8():
    alphabet = alphabet_of("échéance réglée\n".encode() * 20 + "réglé".encode()[:-1] + b"\n")
    assert alphabet == Alphabet("utf-8", "UTF-8", "1 letter broken")


def test_what_reads_as_french_in_no_alphabet_says_so():
    assert alphabet_of(b"\xb1\xb6\xd7\xde" * 3).doubt == "it reads as French in no alphabet known here"


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_any_bytes_have_an_alphabet_that_reads_them(blocks: list[bytes]):
    alphabet = alphabet_of(*blocks)
    assert b"".join(blocks).decode(alphabet.codec, "replace") is not None
