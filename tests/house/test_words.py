"""Does any file say what none may say?"""

import re

import pytest

from tests.house.project import ROOT, text_files

# Written backwards, so that this file does not say them either: the products that Relance takes the place of.
PRODUCTS = [name[::-1] for name in ("syta", "oetiuka")]

FORBIDDEN = {
    "the name of another product": re.compile("|".join(PRODUCTS), re.IGNORECASE),
    "a path of somebody's machine": re.compile(r"(?<![\w.$~}-])/(?:work|farm|root|home/\w+|Users/\w+)/"),
    "the address of a package registry": re.compile(r"(?:pypi|pythonhosted)\.org|(?:index-url|find-links|registry) *[=:]", re.IGNORECASE),
    "unfinished work": re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b|NotImplementedErro[r]"),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in text_files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("the name of another product", f"as in {PRODUCTS[0].upper()}"),
        ("a path of somebody's machine", "open('/home" + "/jean/relance/file')"),
        ("the address of a package registry", "see https://files.pythonhosted" + ".org/x"),
        ("unfinished work", "# TO" + "DO: later"),
    ],
)
def test_what_no_file_may_hold_is_recognised(what: str, line: str):
    assert FORBIDDEN[what].search(line)
