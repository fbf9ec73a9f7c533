"""How does a company come in and go out by the command line? Dossiers, and files of other software."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from relance.cli.answers import print_json, standard_output
from relance.cli.options import AsJson, CompanyCode, DossierFile, user
from relance.cli.tables.runs import show_loaded
from relance.cli.verb import say
from relance.cli.words import speech_of

WithLevels = Annotated[bool, typer.Option("--with-levels", help="Let the file's levels, dates and comments replace those stored.")]


def load(file: DossierFile, *, with_levels: WithLevels = False, as_json: AsJson = False) -> None:
    """Create or update a company from a dossier; a file with a fault stores nothing."""
    from relance import dossier

    report = dossier.load(_content(file), by=user(), with_levels=with_levels)
    for warning in report.warnings:
        say(f"warning: {warning}")
    if as_json:
        print_json(report.told())
    else:
        show_loaded(report.counts, speech_of(report.company.language), title=str(report.company))


def dump(company: CompanyCode) -> None:
    """Write a whole company, history included, as a dossier on standard output."""
    from relance import dossier
    from relance.models.finding import find_company

    standard_output().writelines(dossier.dump(find_company(company)))


def _content(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
