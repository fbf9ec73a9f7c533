"""What happens around every command? Django is opened for it, and whatever stops it becomes a message and an exit status.

0 done; 1 refused or failed, with the reason on standard error; 2 wrong usage. No traceback ever reaches a user: an unexpected
error is told in one line, and its traceback is kept in ``relance.log`` of the data folder.
"""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from relance import __version__
from relance.cli.speaking import exit_status, frame, told, usage_told, worded

FAILED, INTERRUPTED = 1, 130
_PASSED_ON = (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError)


class _Told:
    """What a command and a family of them have in common: their help is in the terminal's language."""

    epilog: str | None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, which ends with what the exit status means."""
        frame()
        self.epilog = exit_status()
        with worded(self, ctx):
            super().format_help(ctx, formatter)  # type: ignore[misc]  # of the command that this is put before

    def get_usage(self, ctx: Any) -> str:
        """How it is called, as it stands above wrong usage."""
        with worded(self, ctx):
            return str(super().get_usage(ctx))  # type: ignore[misc]


class Verb(_Told, TyperCommand):
    """A command of Relance."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options as UTF-8, whatever the terminal says; text that is none is wrong usage."""
        return super().parse_args(ctx, [_readable(arg, ctx) for arg in args])

    def invoke(self, ctx: Any) -> Any:
        """Run the command with Django at hand."""
        with told_to_the_user(ctx.command_path):
            from relance.cli.startup import open_house

            open_house()
            answer = super().invoke(ctx)
            sys.stdout.flush()
        return answer


def _readable(arg: str, ctx: Any) -> str:
    """The argument without the marks that Python leaves where the terminal's encoding could not read a byte."""
    try:
        text = arg if arg.isascii() else arg.encode("utf-8", "surrogateescape").decode()
    except UnicodeError:
        text = "\0"
    if "\0" in text:
        raise typer.BadParameter(f"not readable text: {arg!a}", ctx=ctx)
    return text


class Verbs(_Told, TyperGroup):
    """Commands of a family, or all of them: wrong usage of any is told in the terminal's language."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Read what stands before the command."""
        with usage_told():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Read the rest, and run the command."""
        with usage_told():
            return super().invoke(ctx)


@contextmanager
def told_to_the_user(command: str) -> Iterator[None]:
    """Turn what goes wrong inside into a message on standard error and an exit status."""
    try:
        yield
    except _PASSED_ON:
        raise
    except KeyboardInterrupt:
        say("interrupted: what was under way is not done, what was finished stays done")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:  # noqa: BLE001 - the one place where no error goes further, but for a folder that is watched
        say(what_failed(error, command))
        raise typer.Exit(FAILED) from None


def what_failed(error: Exception, command: str) -> str:
    """What a failure says to the user; of a fault of the program the traceback goes into the log."""
    return _reason(error) or _internal(error, command)


def say(message: str) -> None:
    """Tell the user something, on standard error, in the terminal's language."""
    typer.echo(told(message), err=True)


def _reason(error: Exception) -> str:
    """What a failure that is no fault of the program says to the user; empty for a fault of the program."""
    from django.db import DatabaseError, InterfaceError, OperationalError

    if isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError:  # the last: a file that is none
        return f"the database cannot be used: {_first_line(error)}"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename else str(error)
    return str(error) if isinstance(error, _answers()) else ""


def _answers() -> tuple[type[Exception], ...]:
    """The exceptions whose text was written for the user. Where Django could not be opened, models cannot be imported."""
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    from relance.core.rates import UnknownRate
    from relance.steps import Refused

    if not apps.ready:
        return ImproperlyConfigured, Refused
    from relance.dossier import Faults
    from relance.models.finding import Unfound

    return ImproperlyConfigured, Refused, UnknownRate, Faults, Unfound


def _internal(error: Exception, command: str) -> str:
    """One line for the user, the traceback for the log."""
    line = f"internal error: {type(error).__name__}: {_first_line(error)[:200]}"
    try:
        return f"{line}; details in {_log(command)}"
    except OSError:
        return line


def _log(command: str) -> Path:
    from django.conf import settings

    log = Path(settings.RELANCE_HOME) / "relance.log"
    log.touch(mode=0o600)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} relance {__version__}: {command}\n{traceback.format_exc()}\n")
    return log


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "").strip()
