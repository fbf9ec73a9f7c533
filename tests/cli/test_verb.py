"""What does a user see of what goes wrong? A message and an exit status; never a traceback."""

import pytest
import typer
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from typer.testing import CliRunner

from relance.cli.verb import Verb
from relance.core.rates import UnknownRate
from relance.models.finding import Unfound
from relance.steps import Refused

pytestmark = pytest.mark.django_db


def run(failure):
    """A command that fails so."""
    app = typer.Typer(pretty_exceptions_enable=False)

    @app.command(cls=Verb)
    def fail(word: str = "") -> None:
        raise failure

    return CliRunner().invoke(app, [])


@pytest.mark.parametrize("failure", [Refused("no levels"), Unfound("no levels"), UnknownRate("no levels")])
def test_a_refusal_is_told_in_its_own_words(failure):
    result = run(failure)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "no levels\n")


def test_a_database_that_cannot_be_reached_is_told_in_one_line():
    result = run(OperationalError("connection refused\nis the server running?"))
    assert (result.exit_code, result.stderr) == (1, "the database cannot be used: connection refused\n")


@pytest.mark.parametrize("failure", [DatabaseError("file is not a database"), InterfaceError("the connection is closed")])
def test_a_database_that_is_none_or_has_gone_is_told_in_one_line(failure):
    assert run(failure).stderr == f"the database cannot be used: {failure}\n"


def test_what_the_database_was_asked_wrongly_is_a_fault_of_the_program():
    assert run(ProgrammingError("syntax error")).stderr.startswith("internal error: ProgrammingError: syntax error")


def test_a_file_that_cannot_be_read_is_named():
    result = run(FileNotFoundError(2, "No such file or directory", "dossier.json"))
    assert (result.exit_code, result.stderr) == (1, "dossier.json: No such file or directory\n")


def test_a_fault_of_the_program_is_one_line_and_its_traceback_is_in_the_log(home):
    result = run(ZeroDivisionError("division by zero"))
    log = home / "relance.log"
    assert result.exit_code == 1
    assert result.stderr == f"internal error: ZeroDivisionError: division by zero; details in {log}\n"
    assert "Traceback (most recent call last)" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


def test_where_no_log_can_be_written_the_line_still_comes(settings, tmp_path):
    settings.RELANCE_HOME = tmp_path / "nowhere"
    assert run(ZeroDivisionError("division by zero")).stderr == "internal error: ZeroDivisionError: division by zero\n"


def test_an_interruption_says_what_it_leaves():
    result = run(KeyboardInterrupt())
    assert result.exit_code == 130
    assert "what was finished stays done" in result.stderr


@pytest.mark.parametrize("word", ["caf\udce9", "\ud800", "a\0b"])
def test_text_that_no_database_can_hold_is_wrong_usage(word):
    app = typer.Typer()

    @app.command(cls=Verb)
    def greet(word: str) -> None:
        typer.echo(word)

    result = CliRunner().invoke(app, [word])
    assert result.exit_code == 2
    assert result.stdout == ""


def test_an_argument_that_the_terminal_could_not_read_is_read_as_utf_8():
    app = typer.Typer()

    @app.command(cls=Verb)
    def greet(word: str) -> None:
        typer.echo(word)

    as_a_c_locale_gives_it = "Élan".encode().decode("ascii", "surrogateescape")
    assert CliRunner().invoke(app, [as_a_c_locale_gives_it]).stdout == "Élan\n"
