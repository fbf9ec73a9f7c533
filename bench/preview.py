"""How long does somebody who writes a text wait for what it looks like, against the engine alone setting the same page in the same run?

Run it with ``make bench`` or ``python bench/preview.py [sqlite|postgresql]``. Every preview is of a text that differs from the one before,
as when somebody types; the middle one of each kind counts. The engine alone sets the finished content of the same letters.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

TIMES = 30
LONGEST, BOUND = 0.300, 6.0  # seconds; how many times as long as the engine alone, two pages made into pictures being the most


def main(arguments: list[str]) -> None:
    """Measure each kind of preview on each database named, and print the ratios."""
    import place

    for kind in [word for word in arguments if word in ("sqlite", "postgresql")] or ["sqlite"]:
        with place.database(kind):
            print(_measured(kind), flush=True)


def _measured(kind: str) -> str:
    from relance import dossier
    from relance.demo import demo_dossier
    from relance.letters.preview import KINDS
    from relance.models import Customer
    from relance.steps.previewing import Draft, show

    today = date(2026, 11, 23)
    company = dossier.load(json.dumps(demo_dossier(today)).encode(), by="bench").company
    customer = Customer.objects.get(company=company, code="C057")
    words = itertools.count()

    def draft() -> Draft:
        return Draft(3, texts={"header": f"Madame, Monsieur,\n\nÀ la date du {{date}}, vous nous devez {{total}} ({next(words)})."})

    first = _seconds(lambda: show(company, draft(), "png", as_of=today))
    engine = _middle(_engine())
    told = [f"{kind}: the engine alone {engine * 1000:.0f} ms; the first of all {first * 1000:.0f} ms"]
    for what in KINDS:
        for whose, name in ((None, "made up"), (customer, "a customer's")):
            taken = _middle(lambda what=what, whose=whose: show(company, draft(), what, customer=whose, as_of=today))
            told.append(f"{what} of {name} {taken * 1000:.0f} ms = {taken / engine:.1f} x")
    return f"{', '.join(told)} (bounds {LONGEST * 1000:.0f} ms, {BOUND:.0f} x)"


def _engine() -> Callable[[], object]:
    """typst with the finished content of a letter, another one each time."""
    import typst

    from relance.letters.own.specimens import specimen
    from relance.letters.page import page
    from relance.letters.typesetter import TEMPLATES, fonts_folder

    compiler = typst.Compiler(str(TEMPLATES / "letter.typ"), root=str(TEMPLATES), font_paths=[fonts_folder()], ignore_system_fonts=True)
    contents = (json.dumps(page(specimen(rank="final") | {"number": f"2026-{number:06}"})) for number in itertools.count())
    return lambda: compiler.compile(format="pdf", sys_inputs={"data": next(contents)}, pdf_standards="a-2b")


def _middle(work: Callable[[], object]) -> float:
    work()
    return median(_seconds(work) for _ in range(TIMES))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main(sys.argv[1:])
