"""In which order do names stand?"""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from relance.core.names import collation_key

IN_ORDER = """
3 Suisses
Abbaye de Fontfroide
Æquo
ÂGE D'OR
eclair
Écluse
Edmond
ÉTÉ & FILS
Été-Hiver
Le Mans Primeurs
Lebrun
L'Étoile
Łódź Handel
Müller
Nuñez
Œuvres du Vin
ofenrohr
Øresund
Straßer
Stratus
S.U.D. Vins
zebra
Ελιά
Яблоко
東京酒店
"""


def test_names_stand_as_a_french_directory_files_them() -> None:
    names = IN_ORDER.strip().splitlines()
    assert sorted(sorted(names), key=collation_key) == names


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("L'Étoile d’Or", "letoile dor"),
        ("  S.A.R.L.  Œnothèque & Fils ", "sarl oenotheque fils"),
        ("Saint-Émilion (33)", "saint emilion 33"),
        ("ÇA VA", "ca va"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź, Ångström, Þór", "lodz angstrom thor"),
        ("ELEVE\u0301", "eleve"),
        ("Άλφα", "αλφα"),
        ("Йод", "йод"),
        ("ガス", "ガス"),
        ("किराना", "किराना"),
        ("***", "***"),
        ("", ""),
    ],
)
def test_the_key_forgets_case_accents_and_punctuation(name: str, key: str) -> None:
    assert collation_key(name) == key


@given(st.text())
@example("ŉ")
@example("İ")
@example("ǆ")
@example("0\x80ⷠ")
def test_the_key_of_a_key_is_itself(name: str) -> None:
    key = collation_key(name)
    assert collation_key(key) == key


@given(st.text(st.characters(max_codepoint=0x17F, categories=("L", "N", "Zs"), exclude_characters="µ")))
def test_names_in_latin_letters_give_plain_ascii(name: str) -> None:
    assert collation_key(name).isascii()


@given(st.text(min_size=1).filter(str.strip))
def test_no_name_has_an_empty_key(name: str) -> None:
    assert collation_key(name)
