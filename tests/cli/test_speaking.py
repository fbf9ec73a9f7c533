"""Does the command line tell what goes wrong in the terminal's language, and what its exit status means?"""

import json

import pytest
from typer.main import get_command

from relance.cli.app import app
from relance.cli.speaking import EXIT_STATUS, in_french, texts_of
from relance.cli.verb import Verb
from tests.acceptance.doors import inside, unwrapped

FRENCH = {"LC_ALL": "fr_FR.UTF-8", "COLUMNS": "300"}
ENGLISH = {"LC_ALL": "C", "COLUMNS": "300"}
GIVEN = {"company": "NOPE", "DATE": "2026-07-15", "CODE": "C1", "NUMBER": "12", "LEVEL": "2", "kind": "manual", "channel": "email"}
SILENT = ("demo", "serve", "worker", "schedule list", "user list")  # they refuse nothing of what they are given here


def commands(group=None, *path):
    """Every command by its name, and what it must be given."""
    for name, command in (group or get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


COMMANDS = dict(commands())


def something(command):
    """A value for all that the command cannot do without."""
    for one in command.params:
        if one.required:
            value = GIVEN.get(one.name, GIVEN.get(one.metavar, "7"))
            yield from [value] if one.param_type_name == "argument" else [one.opts[0], value]


def reason(answer):
    """What is on standard error, without how the command is called."""
    return {line for line in answer.err.splitlines() if line.strip() and not line.startswith("Usage:") and set(line.strip()) != {"─"}}


@pytest.mark.django_db
def test_a_refusal_of_each_command_is_told_in_the_language_of_the_terminal():
    untold = []
    for name in COMMANDS.keys() - SILENT:
        args = [*name.split(), *something(COMMANDS[name])]
        english, french = inside(*args, env=ENGLISH, stdin=""), inside(*args, env=FRENCH, stdin="")
        assert (french.exit_code, french.out) == (english.exit_code, "")
        if english.exit_code not in (1, 2) or reason(english) & {*reason(french)} - {"╰" + "─" * 298 + "╯"}:
            untold.append((name, english, french))
    assert untold == []


@pytest.mark.parametrize("name", ["batch", "import bank", "user list", ""])
def test_wrong_usage_is_told_in_french_and_how_to_ask_for_help(name):
    answer = inside(*name.split(), "--no-such-thing", env=FRENCH).misused()
    assert "l’option --no-such-thing n’existe pas" in unwrapped(answer.err)
    assert "Pour l’aide" in answer.err


def test_each_command_tells_what_its_exit_status_means():
    assert {type(command) for command in COMMANDS.values()} == {Verb}


@pytest.mark.parametrize("name", ["batch", "import bank", "import", ""])
@pytest.mark.parametrize(("env", "language"), [(ENGLISH, "en"), (FRENCH, "fr")])
def test_help_ends_with_what_the_exit_status_means(name, env, language):
    assert unwrapped(inside(*name.split(), "--help", env=env).done().out).endswith(EXIT_STATUS[language])


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ("batch", "il manque l’option '--company'."),
        ("nope", "la commande 'nope' n’existe pas."),
        ("holds", "la commande 'holds' n’existe pas. Vouliez-vous dire 'hold' ?"),
        ("aged --company A --as-of 15/07/2026", 'pas une date de la forme AAAA-MM-JJ\u00a0: "15/07/2026"'),
        ("calendar --company A --as-of 2026-07-15 --days x", "un nombre entier est attendu"),
        ("user add ann", "valeur refusée pour 'ADRESSE'\u00a0: pas une adresse e-mail"),
        ("schedule set B --company A --at 8h", 'pas une heure comme 08:30\u00a0: "8h"'),
        ("import fec --company A", "il manque 'FICHIER…'."),
        ("preview --company A --level 2 --out a.txt", "a.txt ne peut pas être écrit\u00a0: seulement .pdf"),
    ],
)
def test_wrong_usage_is_told_in_french(args, told):
    assert told.replace("\u00a0", " ") in unwrapped(inside(*args.split(), env=FRENCH).misused().err)


def texts(command, *path):
    """What the help of each command says, in English and in French, with the command that it stands in."""
    with command.make_context("", [], resilient_parsing=True) as context:
        for text in [one for one in texts_of(command, context) if one.words]:
            yield path, " ".join(text.words.split()), " ".join(in_french(text.words, text.context).split())
    for name, under in getattr(command, "commands", {}).items():
        yield from texts(under, *path, name)


def test_the_help_of_each_command_is_told_in_french_and_nothing_of_it_in_english():
    said = list(texts(get_command(app)))
    answers = {
        path: [unwrapped(inside(*path, "--help", env=env).done().out) for env in (ENGLISH, FRENCH)] for path in {one[0] for one in said}
    }
    assert {english for _, english, french in said if english == french} == {"[OPTIONS]", "CODE", "DATE", "HH:MM", "MESSAGE", "N", "TYPE"}
    assert [one for one in said if one[1] not in answers[one[0]][0] or one[2] not in answers[one[0]][1]] == []
    assert [one for one in said if " " in one[1] and one[1] in answers[one[0]][1]] == []
    assert not any(kind in text for both in answers.values() for text in both for kind in ("<bool>", "<str>", "<path>", "<list[Path]>"))


def test_every_fault_of_a_dossier_is_told_in_french_with_its_place_and_what_stands_there(world, tmp_path):
    world.customer("C001", language="ru")
    world.invoice("FA-1", amount="12,5O", due="2026-01-31")
    file = tmp_path / "dossier.json"
    file.write_text(json.dumps(world.dossier))
    assert inside("load", file, env=FRENCH).refused().err.replace("\u00a0", " ").splitlines() == [
        'customers[0].language : aucune des valeurs possibles (fr, en, de) : "ru"',
        'documents[0].due[0].amount : pas un montant décimal : "12,5O"',
    ]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ("explain --document FA-9 --as-of 2026-07-15", "pièce inconnue dans ACME : « FA-9 »"),
        ("edition --as-of 2026-07-15 --level 7", "le niveau 7 n’est pas réglé"),
        ("hold --customer C9", "client inconnu dans ACME : « C9 »"),
        ("import bank {file}", "le fichier est vide"),
        ("import items {file}", "le fichier est vide"),
    ],
)
def test_a_refusal_is_told_in_french_and_nothing_is_written(world, tmp_path, args, told):
    world.customer("C001")
    world.invoice("FA-1", due="2026-01-31")
    world.load()
    (tmp_path / "empty").touch()
    before = inside("dump", "--company", "ACME").out
    answer = inside(*args.format(file=tmp_path / "empty").split(), "--company", "ACME", "--json", env=FRENCH).refused()
    assert told in answer.err.replace("\u00a0", " ")
    assert inside("dump", "--company", "ACME").out == before


def test_answers_in_json_are_the_same_in_every_language(world):
    world.customer("C001")
    world.invoice("FA-1", due="2026-01-31")
    world.load()
    asked = ("explain", "--company", "ACME", "--document", "FA-1", "--as-of", "2026-07-15", "--json")
    assert inside(*asked, env=FRENCH).done().out == inside(*asked, env=ENGLISH).done().out
