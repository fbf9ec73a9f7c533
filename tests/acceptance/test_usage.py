"""How does the command line behave? Exit status, one JSON document, no traceback, whatever is typed (contract)."""

import shlex
import subprocess

import pytest

from tests.acceptance.doors import PROGRAM
from tests.acceptance.world import TODAY

COMMANDS = [
    "demo",
    "load",
    "dump",
    "import",
    "batch",
    "edition",
    "aged",
    "explain",
    "set-level",
    "interest",
    "history",
    "cancel",
    "block",
    "unblock",
    "arrears",
    "settle",
]

# What each command that takes a company asks for at least.
ASKED = {
    "batch": ("--as-of", TODAY, "--dry-run"),
    "edition": ("--as-of", TODAY, "--level", "1"),
    "aged": ("--as-of", TODAY),
    "explain": ("--document", "FA-1", "--as-of", TODAY),
    "set-level": ("--level", "1", "--date", TODAY),
    "interest": ("--document", "FA-1", "--as-of", TODAY),
    "history": (),
    "block": ("--document", "FA-1", "--kind", "manual"),
    "unblock": ("--document", "FA-1", "--kind", "manual"),
    "arrears": ("--customer", "C001"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(relance, command):
    told = relance(command, "--help").done()
    assert "--help" in told.out


def test_the_program_lists_its_commands(relance):
    told = relance("--help").done().out
    assert [command for command in COMMANDS if command not in told] == []


@pytest.mark.parametrize("command", ASKED)
def test_a_company_that_is_not_there_is_refused(world, command):
    world.load()
    answer = world.relance(command, "--company", "NOBODY", *ASKED[command], "--json").refused("NOBODY")
    assert answer.out.strip() == ""


@pytest.mark.parametrize("command", ASKED)
def test_the_answer_is_one_json_document_and_nothing_else(world, command):
    world.invoice("FA-1")
    world.load()
    assert isinstance(world.ask(command, *ASKED[command]).done().json, dict)


@pytest.mark.parametrize("command", ASKED)
def test_without_json_people_get_words(world, command):
    world.invoice("FA-1")
    world.load()
    world.relance(command, "--company", "ACME", *ASKED[command]).done()


@pytest.mark.parametrize("command", ASKED)
def test_leaving_the_company_out_is_wrong_usage(world, command):
    world.relance(command, *ASKED[command], "--json").misused()


@pytest.mark.parametrize(
    ("command", "option"),
    [(command, flags[place]) for command, flags in ASKED.items() for place in range(0, len(flags), 2) if flags[place] != "--dry-run"],
)
def test_leaving_out_what_must_be_said_is_wrong_usage(world, command, option):
    world.load()
    flags = list(ASKED[command])
    place = flags.index(option)
    del flags[place : place + 2]
    world.ask(command, *flags).misused()


@pytest.mark.parametrize(
    ("command", "option"), [(command, option) for command, flags in ASKED.items() for option in ("--as-of", "--date") if option in flags]
)
@pytest.mark.parametrize("date", ["2026-02-30", "15/07/2026", "20260715", "demain", ""])
def test_what_is_not_a_date_is_refused_and_nothing_changes(world, command, option, date):
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    flags = [date if previous == option else word for previous, word in zip(("", *ASKED[command]), ASKED[command], strict=False)]
    answer = world.ask(command, *flags)
    assert answer.exit_code in (1, 2)
    assert answer.err.strip()
    assert world.rows() == before


@pytest.mark.parametrize(
    "typed", [("frobnicate",), ("batch", "--colour", "blue"), ("load",), ("dump",), ("settle",), ("load", "a.json", "b.json")]
)
def test_what_the_program_does_not_know_is_wrong_usage(relance, typed):
    relance(*typed).misused()


def test_progress_and_messages_never_reach_standard_output(world):
    for number in range(30):
        world.invoice(f"FA-{number}", f"C{number}")
    world.load()
    answer = world.ask("batch", "--as-of", TODAY).done()
    assert answer.json["issued"] is True


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (("frobnicate",), 2),
        (("batch", "--company", "NOBODY", "--as-of", TODAY, "--json"), 1),
        (("cancel", "12", "--reason", "x", "--json"), 1),
        (("settle", "12", "--sent", "--json"), 1),
    ],
)
def test_what_cannot_be_done_is_told_with_its_status(relance, typed, status):
    answer = relance(*typed)
    assert answer.exit_code == status
    assert answer.err.strip()


# -- as a user runs it


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (("--help",), 0),
        (("batch",), 2),
        (("dump", "--company", "NOBODY"), 1),
        (("settle", "twelve", "--sent", "--json"), 2),
    ],
)
def test_the_program_ends_with_the_status_of_the_contract(program, typed, status):
    answer = program(*typed)
    assert answer.exit_code == status, answer.err
    assert "Traceback" not in answer.out + answer.err
    if status:
        assert answer.err.strip()


@pytest.mark.parametrize(
    "env",
    [
        {"DATABASE_URL": "mysql://nowhere"},
        {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
        {"DATABASE_URL": "sqlite:////no/such/folder/relance.sqlite3"},
        {"RELANCE_HOME": "/dev/null/home"},
    ],
    ids=str,
)
def test_a_wrong_environment_is_a_message_not_a_traceback(program, env):
    answer = program("dump", "--company", "ACME", env=env)
    assert answer.exit_code == 1
    assert answer.err.strip()
    assert "Traceback" not in answer.out + answer.err


def test_a_wrong_way_to_send_mail_sends_nothing_and_loses_nothing(real_world):
    real_world.invoice("FA-1")
    real_world.load()
    real_world.relance("batch", "--company", "ACME", "--as-of", TODAY, "--json", env={"RELANCE_EMAIL_URL": "gopher://x"}).refused()
    assert real_world.stored_level("FA-1") == (0, None)


@pytest.mark.parametrize("url", ["gopher://x", "nonsense", "smtp://", "file://", "file:///dev/null/mail"])
def test_each_wrong_way_to_send_mail_is_refused(world, settings, url):
    world.invoice("FA-1")
    world.load()
    settings.RELANCE_EMAIL_URL = url
    world.ask("batch", "--as-of", TODAY).refused()
    assert world.stored_level("FA-1") == (0, None)


@pytest.mark.parametrize("closed", [">&-", "<&- >&- 2>&-"])
def test_a_stream_that_the_caller_has_closed_leads_nowhere(program, closed):
    typed = shlex.join([str(PROGRAM), "dump", "--company", "ACME"])
    ended = subprocess.run(f"{typed} {closed}", shell=True, capture_output=True, text=True, env=program.environment(), check=False)
    told = "" if "2>&-" in closed else 'no company "ACME"; none has been loaded yet\n'
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", told)


def test_the_program_prints_accents_whatever_the_terminal(real_world):
    real_world.customer("C001", name="Élan – 東京")
    real_world.invoice("FA-1")
    real_world.load()
    answer = real_world.relance(
        "aged", "--company", "ACME", "--as-of", TODAY, "--json", env={"LC_ALL": "C", "PYTHONIOENCODING": "", "PYTHONUTF8": "0"}
    )
    assert answer.done().json["accounts"][0]["name"] == "Élan – 東京"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_cannot_write_a_name_gets_the_rest(real_world, encoding):
    real_world.customer("C001", name="Élan – 東京")
    real_world.invoice("FA-1")
    real_world.load()
    answer = real_world.relance("aged", "--company", "ACME", "--as-of", TODAY, env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert "C001" in answer.done().out


def test_a_reader_who_leaves_early_gets_no_traceback(real_world):
    for number in range(200):
        real_world.invoice(f"FA-{number}", f"C{number}")
    real_world.load()
    command = ["sh", "-c", '"$0" dump --company ACME | head -c 10', str(PROGRAM)]
    ended = subprocess.run(command, capture_output=True, text=True, env=real_world.relance.environment(), timeout=120, check=False)
    assert "Traceback" not in ended.stderr


def test_the_demo_fills_a_company_that_is_ready_to_be_asked(program):
    told = program("demo").done()
    assert told.out.strip()
