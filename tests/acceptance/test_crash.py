"""What if the machine dies in the middle of a run? Nobody is written to twice, nobody is forgotten, and doubt is admitted."""

import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing

import pikepdf
import pytest

from tests.acceptance.doors import Program
from tests.acceptance.postoffice import PostOffice, open_post_office
from tests.acceptance.world import TODAY, World


@pytest.fixture
def office():
    with open_post_office() as office:
        yield office


def books(world: World, customers: int) -> list[str]:
    """Load so many customers with an invoice and an address each; their addresses."""
    for number in range(customers):
        world.invoice(f"FA-{number:03}", f"C{number:03}")
    world.load()
    return [f"c{number:03}@clients.example" for number in range(customers)]


def run_and_kill(program: Program, office: PostOffice, dice: random.Random) -> bool:
    """Start a run and kill it at a moment drawn by the dice; whether it was still running then."""
    target = len(office.received) + dice.randint(0, 6)
    moment = dice.choice(["while the message is with the server", "a little later", "early"])
    reached = threading.Event()

    def watch(count: int) -> None:
        if count >= target:
            reached.set()
            if moment.startswith("while"):
                time.sleep(0.3)  # the answer comes only after the kill

    office.before_answer = watch
    run = program.start("batch", "--company", "ACME", "--as-of", TODAY, "--json")
    if moment == "early":
        time.sleep(dice.uniform(0.05, 1.5))
    else:
        deadline = time.monotonic() + 60
        while not reached.is_set() and run.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.05))
    alive = run.poll() is None
    run.kill()
    run.wait()
    office.before_answer = lambda _count: None
    return alive


def run_to_the_end(program: Program) -> None:
    """Run again until nothing is on its way any more."""
    for _ in range(5):
        program("batch", "--company", "ACME", "--as-of", TODAY, "--json").done()
        if not {"queued", "proposed"} & {status for _, _, status in notices(program)}:
            return


def held(program: Program, question: str) -> list[tuple]:
    """What stands in the database of the program, read beside it: a question put to the program itself takes a start of it."""
    with closing(sqlite3.connect(program.home / "relance.sqlite3")) as database:
        return database.execute(question).fetchall()


def notices(program: Program) -> list[tuple[int, str, str]]:
    """Identity, recipients and status of each notice, the first one first."""
    return held(program, 'SELECT id, "to", status FROM relance_notice ORDER BY id')


def latest(program: Program) -> dict[str, tuple[int, str]]:
    """Identity and status of each address's last notice that was not withdrawn."""
    return {to: (identity, status) for identity, to, status in notices(program) if status not in ("withdrawn", "failed")}


def levels(program: Program) -> dict[str, int]:
    """The level of each document."""
    items = "relance_dueitem AS item JOIN relance_document AS document ON document.id = item.document_id"
    return dict(held(program, f"SELECT document.number, item.level FROM {items}"))


def killed_again_and_again(tmp_path, office: PostOffice, customers: int, kills: int, seed: int) -> None:
    program = Program.installed(tmp_path / "home", office.url)
    addresses = books(World(program, tmp_path, tmp_path), customers)
    dice = random.Random(seed)
    killed = sum(run_and_kill(program, office, dice) for _ in range(kills))
    run_to_the_end(program)

    received, status = office.addresses(), latest(program)
    assert [address for address, count in received.items() if count > 1] == [], "written to twice"
    assert [identity for identity, count in office.message_ids().items() if count > 1] == [], "one message twice"
    unsure = {address for address, (_, told) in status.items() if told == "unsure"}
    assert {address for address in addresses if not received[address]} <= unsure, "lost without a doubt admitted"
    assert {told for _, told in status.values()} <= {"sent", "unsure"}
    assert len(unsure) <= killed, "more doubts than kills"

    for address in unsure:
        program("settle", status[address][0], "--sent" if received[address] else "--not-sent", "--json").done()
    run_to_the_end(program)
    assert office.addresses() == dict.fromkeys(addresses, 1)
    assert levels(program) == {f"FA-{number:03}": 1 for number in range(customers)}


def test_a_run_killed_three_times_writes_to_each_customer_once(tmp_path, office):
    killed_again_and_again(tmp_path, office, customers=25, kills=3, seed=20260715)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(3))
def test_a_run_killed_twelve_times_writes_to_each_customer_once(tmp_path, office, seed):
    killed_again_and_again(tmp_path, office, customers=120, kills=12, seed=seed)


def test_a_kill_after_the_servers_answer_was_sent_leaves_at_most_one_doubt(tmp_path, office):
    program = Program.installed(tmp_path / "home", office.url)
    books(World(program, tmp_path, tmp_path), 10)
    answered = threading.Event()
    office.before_answer = lambda count: answered.set() if count == 4 else None
    run = program.start("batch", "--company", "ACME", "--as-of", TODAY, "--json")
    assert answered.wait(60)
    run.kill()
    run.wait()
    run_to_the_end(program)
    assert sum(status == "unsure" for _, _, status in notices(program)) <= 1
    assert set(office.addresses().values()) == {1}


def test_two_runs_at_once_write_to_each_customer_once(tmp_path, office):
    program = Program.installed(tmp_path / "home", office.url)
    addresses = books(World(program, tmp_path, tmp_path), 20)
    runs = [program.start("batch", "--company", "ACME", "--as-of", TODAY, "--json") for _ in range(2)]
    for run in runs:
        run.wait(120)
    run_to_the_end(program)
    assert office.addresses() == dict.fromkeys(addresses, 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_says_so_and_the_next_one_goes_on(tmp_path, office, number):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background a shell has it ignored, and programs inherit that
    program = Program.installed(tmp_path / "home", office.url)
    addresses = books(World(program, tmp_path, tmp_path), 12)
    third = threading.Event()

    def slowly(count: int) -> None:
        if count >= 3:  # nine more would take longer than a signal does on the busiest machine
            third.set()
            time.sleep(0.5)

    office.before_answer = slowly
    told = tmp_path / "told"
    with told.open("wb") as errors:
        run = program.start("batch", "--company", "ACME", "--as-of", TODAY, "--json", errors=errors)
        assert third.wait(60)
        run.send_signal(number)
        assert run.wait(60) != 0
    assert "Traceback" not in told.read_text()
    office.before_answer = lambda _count: None
    run_to_the_end(program)
    received = office.addresses()
    unsure = {to for _, to, status in notices(program) if status == "unsure"}
    assert [address for address in addresses if received[address] != 1 and address not in unsure] == []
    assert len(unsure) <= 1


# -- letters


def printed(program: Program) -> Counter:
    """How many letters claim each document."""
    lines = "relance_noticeline AS line JOIN relance_notice AS notice ON notice.id = line.notice_id"
    return Counter(number for (number,) in held(program, f"SELECT line.document_number FROM {lines} WHERE notice.status = 'printed'"))


def edition(tmp_path, name: str) -> tuple:
    return ("edition", "--company", "ACME", "--as-of", TODAY, "--level", 1, "--definitive", "--out", tmp_path / f"{name}.pdf", "--json")


def test_two_editions_at_once_claim_each_document_once(program, tmp_path):
    books(World(program, tmp_path, tmp_path), 10)
    for run in [program.start(*edition(tmp_path, name)) for name in ("one", "other")]:
        run.wait(120)
    program(*edition(tmp_path, "last")).done()
    assert printed(program) == {f"FA-{number:03}": 1 for number in range(10)}


@pytest.mark.parametrize("seconds", [pytest.param(0.8, marks=pytest.mark.proof), 1.2, pytest.param(1.6, marks=pytest.mark.proof)])
def test_an_edition_killed_half_way_leaves_whole_letters_done_or_not_done(program, tmp_path, seconds):
    books(World(program, tmp_path, tmp_path), 30)
    run = program.start(*edition(tmp_path, "killed"))
    time.sleep(seconds)
    run.kill()
    run.wait()
    claimed = printed(program)
    assert levels(program) == {f"FA-{number:03}": claimed[f"FA-{number:03}"] for number in range(30)}
    program(*edition(tmp_path, "last")).done()
    assert printed(program) == {f"FA-{number:03}": 1 for number in range(30)}


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(3))
def test_an_edition_killed_again_and_again_prints_each_letter_once(program, tmp_path, seed):
    books(World(program, tmp_path, tmp_path), 900)
    dice, killed = random.Random(seed), 0
    for attempt in range(6):
        run = program.start(*edition(tmp_path, f"killed{attempt}"))
        time.sleep(dice.uniform(1, 4))  # all 900 take longer
        killed += run.poll() is None
        run.kill()
        run.wait()
    program(*edition(tmp_path, "last")).done()
    assert killed > 1
    assert printed(program) == {f"FA-{number:03}": 1 for number in range(900)}
    with pikepdf.open(tmp_path / "last.pdf") as pdf:
        assert len(pdf.pages) == 900
