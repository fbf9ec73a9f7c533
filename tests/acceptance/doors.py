"""How does the suite knock? Two doors to one command line: inside this process (fast), or as the program a user runs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import IO, Any

from typer import testing
from typer.testing import CliRunner

from tests.tables import sqlite_with_tables

testing._get_command = cache(testing._get_command)  # the commands are put together once, not for each that a test gives
PROGRAM = Path(sys.executable).parent / "relance"


@dataclass(frozen=True)
class Answer:
    """What a command said: its exit status, standard output and standard error."""

    exit_code: int
    out: str
    err: str

    @cached_property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)

    def done(self) -> "Answer":
        """This answer, provided that the command succeeded."""
        assert self.exit_code == 0, f"exit {self.exit_code}: {self.err or self.out}"
        return self

    def refused(self, *told: str) -> "Answer":
        """This answer, provided that the command refused, with a reason on standard error that holds each of the words."""
        assert self.exit_code == 1, f"exit {self.exit_code}: {self.out}{self.err}"
        assert self.err.strip(), "a refusal gives its reason on standard error"
        assert "Traceback" not in self.err + self.out
        assert "internal error" not in self.err
        missing = [words for words in told if words not in unwrapped(self.err)]
        assert not missing, f"{missing} not in: {self.err}"
        return self

    def misused(self) -> "Answer":
        """This answer, provided that the command called it wrong usage."""
        assert self.exit_code == 2, f"exit {self.exit_code}: {self.out}{self.err}"
        assert "Traceback" not in self.err + self.out
        return self


def unwrapped(text: str) -> str:
    """The text with its line breaks as spaces, so that a message folded by a terminal can be searched."""
    return " ".join(text.split())


def inside(*args: object, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Answer:
    """Run a command in this process, on the database of the test."""
    from relance.cli.app import app

    result = CliRunner().invoke(app, [str(arg) for arg in args], input=stdin, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@dataclass(frozen=True)
class Program:
    """The installed program with a data folder of its own."""

    home: Path
    email_url: str = ""

    @classmethod
    def installed(cls, home: Path, email_url: str = "") -> "Program":
        """The program on a data folder whose database has its tables already: to make them takes longer than most commands."""
        home.mkdir(mode=0o700, exist_ok=True)
        shutil.copyfile(sqlite_with_tables(), home / "relance.sqlite3")
        return cls(home, email_url)

    def environment(self) -> dict[str, str]:
        """This process's environment, less what would lead the program to another database."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
        kept.pop("RELANCE_EMAIL_URL", None)
        kept |= {"RELANCE_HOME": str(self.home), "COLUMNS": "400"}
        return kept | ({"RELANCE_EMAIL_URL": self.email_url} if self.email_url else {})

    def __call__(self, *args: object, stdin: str | None = None, env: Mapping[str, str] | None = None) -> Answer:
        """Run the program to its end."""
        ended = subprocess.run(
            [PROGRAM, *map(str, args)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=300,
            env=self.environment() | dict(env or {}),
            check=False,
        )
        return Answer(ended.returncode, ended.stdout, ended.stderr)

    def start(self, *args: object, errors: IO[bytes] | int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        """Start the program and leave it running; what it says on standard error goes into a file, where one is given."""
        nowhere = subprocess.DEVNULL
        return subprocess.Popen([PROGRAM, *map(str, args)], stdin=nowhere, stdout=nowhere, stderr=errors, env=self.environment())
