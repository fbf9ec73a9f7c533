"""Do files come in by themselves, from a folder or a pipe, each once?"""

import fcntl
import os
import time
from pathlib import Path

import pytest

from tests.acceptance.world import World
from tests.cli.test_import_items import LIST
from tests.cli.test_import_lists import CONTACTS, CUSTOMERS, PAYMENTS
from tests.importers.ledgers import rows, written

FEC = written(rows("VE 1 20260105 411000 C8 FC1 120 0\n VE 1 20260105 707000 . FC1 0 120"))


@pytest.fixture
def books(world: World) -> World:
    """A company with an invoice."""
    world.invoice("FA-1", "C1", amount="120.00")
    world.load()
    return world


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A folder into which other programs write."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(inbox: Path, name: str, content: str | bytes, age: int = 60) -> Path:
    path = inbox / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def taken(books: World, *places: object, **more: str):
    return books.relance("import", "auto", *places, "--company", "ACME", **more)


def lying(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def test_each_file_of_a_folder_is_recognised_applied_and_moved(books, inbox):
    for age, (name, content) in enumerate([("p.csv", PAYMENTS), ("k.csv", CONTACTS), ("c.csv", CUSTOMERS), ("f.txt", FEC)]):
        put(inbox, name, content, 100 + age)
    answer = books.relance("import", "auto", inbox, "--company", "ACME", "--json").done()
    assert [(one["file"], one["kind"]) for one in answer.json["files"]] == [
        ("f.txt", "fec"),
        ("c.csv", "customers"),
        ("k.csv", "contacts"),
        ("p.csv", "payments"),
    ]
    assert lying(inbox) == ["done/c.csv", "done/f.txt", "done/k.csv", "done/p.csv"]


def test_it_is_silent_where_nothing_is_wrong(books, inbox):
    put(inbox, "impayes.csv", LIST)
    answer = taken(books, inbox).done()
    assert (answer.out, answer.err) == ("", "")
    assert (taken(books, inbox).done().out, lying(inbox)) == ("", ["done/impayes.csv"])


def test_a_refused_file_lies_apart_with_the_reason_beside_it_and_stops_no_other(books, inbox):
    put(inbox, "a.csv", LIST.replace("120,00;120,00", "120,00;cent"), 90)
    put(inbox, "b.csv", CUSTOMERS)
    answer = taken(books, inbox).refused("a.csv: line 2, Reste dû: not an amount")
    assert answer.out == ""
    assert lying(inbox) == ["done/b.csv", "refused/a.csv", "refused/a.csv.txt"]
    assert "line 2, Reste dû: not an amount" in (inbox / "refused" / "a.csv.txt").read_text()


def test_a_file_that_the_program_cannot_cope_with_stays_and_stands_in_no_others_way(books, inbox, monkeypatch):
    from relance.cli import receiving

    def broken(path, asked):
        raise RuntimeError("no such thing")

    monkeypatch.setitem(receiving._IMPORTERS, "contacts", broken)
    put(inbox, "a.csv", CONTACTS, 90)
    put(inbox, "b.csv", CUSTOMERS)
    answer = taken(books, inbox)
    assert (answer.exit_code, answer.out) == (1, "")
    assert "a.csv: internal error: RuntimeError: no such thing; details in" in answer.err
    assert lying(inbox) == ["a.csv", "done/b.csv"]


def test_a_file_still_being_written_is_left_alone(books, inbox):
    put(inbox, "late.csv", LIST, age=0)
    put(inbox, "copy.csv.part", LIST)
    taken(books, inbox).done()
    assert lying(inbox) == ["copy.csv.part", "late.csv"]


def test_of_two_calls_at_a_time_one_does_nothing(books, inbox):
    put(inbox, "impayes.csv", LIST)
    with (inbox / ".relance.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        taken(books, inbox).done()
    assert lying(inbox) == ["impayes.csv"]


def test_a_file_applied_but_not_moved_when_it_was_killed_is_moved_by_the_next_call(books, inbox):
    path = put(inbox, "impayes.csv", LIST)
    books.relance("import", "items", path, "--company", "ACME").done()
    before = {key: value for key, value in books.dump().items() if key != "company"}
    taken(books, inbox).done()
    assert {key: value for key, value in books.dump().items() if key != "company"} == before
    assert lying(inbox) == ["done/impayes.csv"]


def test_the_same_name_again_takes_another_name(books, inbox):
    for text in (LIST, LIST.replace("30,00", "20,00")):
        put(inbox, "impayes.csv", text)
        taken(books, inbox).done()
    assert lying(inbox) == ["done/impayes (2).csv", "done/impayes.csv"]


def test_standard_input_is_taken(books):
    taken(books, "-", stdin=CUSTOMERS).done()
    assert books.stored_customer("C2")["name"] == "Éts Martin"
    taken(books, "-", stdin="rien;du;tout\n1;2;3\n").refused("standard-input: no row among the first 60 names columns")
