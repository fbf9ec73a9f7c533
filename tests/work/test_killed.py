"""What if a worker is killed between taking a message up and recording it? Nobody is written to twice, nobody is forgotten."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.db import connection

from relance.models import Company, Notice
from tests.acceptance.postoffice import PostOffice, open_post_office
from tests.steps.queues import queue

MORTAL = Path(__file__).with_name("mortal.py")
Kill = Callable[..., str]
_NEVER = 10**9
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@contextmanager
def mortals(office: PostOffice) -> Iterator[Kill]:
    """A process whose children work and die: called with the point of death and how many connections, it says where that was."""
    environment = os.environ | {"RELANCE_EMAIL_URL": office.url, "DJANGO_SETTINGS_MODULE": "relance.settings"}
    parent = subprocess.Popen([sys.executable, MORTAL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True)
    assert parent.stdin
    assert parent.stdout

    def kill(point: int, connections: int = 1, scribes: int = 0) -> str:
        parent.stdin.write(f"{point} {connections} {scribes}\n")
        parent.stdin.flush()
        return parent.stdout.readline().strip()

    try:
        yield kill
    finally:
        parent.stdin.close()
        parent.wait(60)
        parent.stdout.close()


def unsure() -> set[str]:
    """The addresses of the notices that a person has to settle."""
    return set(Notice.objects.filter(status="unsure").values_list("to", flat=True))


def counted(company: Company, office: PostOffice, expected: int) -> None:
    """None twice, none lost, and nothing left on its way; what nobody knows is unsure and nothing else is."""
    received = office.addresses()
    told = dict(Notice.objects.exclude(status__in=("failed", "withdrawn")).values_list("to", "status"))
    assert [address for address, count in received.items() if count > 1] == [], "written to twice"
    assert set(told.values()) <= {"sent", "unsure"}, "left on its way"
    assert {address for address, status in told.items() if status == "sent"} <= set(received), "recorded and not received"
    assert {address for address in received if address in told} == {a for a in told if told[a] == "sent" or a in received}
    assert len(told) + Notice.objects.filter(status="failed").count() == expected, "lost"


def in_doubt() -> set[str]:
    """The addresses of queued notices whose last byte may have left, no answer being noted: the next worker calls them unsure."""
    begun = Notice.objects.filter(status="queued", transmitting_at__isnull=False, issued_at=None)
    return set(begun.values_list("to", flat=True))


def taken() -> set[str]:
    """The addresses of queued notices of which it is noted that the server took them: the next worker records that they are sent."""
    return set(Notice.objects.filter(status="queued", issued_at__isnull=False).values_list("to", flat=True))


def killed_at_each_point(office: PostOffice, *, customers: int, step: int) -> dict[str, int]:
    """Kill a worker at its first point, the next at a later one, until nothing is queued; how many died at each kind of point."""
    company, point, deaths = queue(customers), 1, Counter[str]()
    with mortals(office) as kill:
        while Notice.objects.filter(status="queued").exists():
            died_at = kill(point)
            assert died_at != "a fault"
            deaths[died_at] += 1
            decided = set(Notice.objects.exclude(status="queued").values_list("to", flat=True))
            assert set(office.addresses()) <= decided | taken() | in_doubt(), f"{died_at}: received, and would be sent again"
            assert taken() <= set(office.addresses()), f"{died_at}: noted as taken, and not received"
            assert len(in_doubt()) <= 1, f"{died_at}: more in doubt than the one that was with the server"
            point += step
        kill(_NEVER)
    counted(company, office, customers)
    return deaths


def test_a_worker_killed_at_any_point_of_a_message_leaves_it_sent_unsent_or_in_doubt(office, database_url):
    deaths = killed_at_each_point(office, customers=8, step=4)
    assert len(deaths) > 3  # which points it steps on depends on the machine: every one of them is one of the proof


@pytest.mark.proof
def test_a_worker_killed_at_every_point_of_a_message_leaves_it_sent_unsent_or_in_doubt(office, database_url):
    deaths = killed_at_each_point(office, customers=400, step=1)
    assert {"before COMMIT", "after COMMIT", "before send", "after send", "before getreply", "after getreply"} <= set(deaths)
    assert sum(deaths.values()) > 100


def troubled(office: PostOffice, dice: random.Random, customers: int) -> None:
    """Some mailboxes do not exist, some messages are not liked, after some the line is cut."""
    addresses = [f"c{number:03}@clients.example" for number in range(customers)]
    dice.shuffle(addresses)
    tenth = customers // 10
    office.refused, office.rejected = set(addresses[:tenth]), set(addresses[tenth : 2 * tenth])
    office.mute = set(addresses[2 * tenth : 3 * tenth])


def killed_again_and_again(office: PostOffice, seed: int, *, kills: int, customers: int, workers: int) -> int:
    """Workers that die at points drawn by the dice, several at a time, against a server that has its whims; how many died."""
    dice, company, died = random.Random(seed), queue(customers), 0
    troubled(office, dice, customers)
    with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
        each = [stack.enter_context(mortals(office)) for _ in range(workers)]
        while died < kills and Notice.objects.filter(status="queued").exists():
            orders = [(kill, dice.randint(1, 120), dice.randint(1, 4)) for kill in each]
            ended = list(pool.map(lambda order: order[0](order[1], order[2]), orders))
            assert "a fault" not in ended
            died += sum(where != "lived" for where in ended)
        each[0](_NEVER, 2)
        each[0](_NEVER, 2)
    counted(company, office, customers)
    cut = unsure() & office.mute
    assert cut == {address for address in office.mute if office.addresses()[address]}
    assert len(unsure() - cut) <= died * 4
    return died


def test_workers_killed_at_random_against_a_server_with_its_whims(office, database_url):
    several = 2 if connection.vendor == "postgresql" else 1
    assert killed_again_and_again(office, 1, kills=8, customers=40, workers=several) > 3


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(4))
def test_hundreds_of_workers_killed_at_random_against_a_server_with_its_whims(office, database_url, seed):
    several = 4 if connection.vendor == "postgresql" else 1
    assert killed_again_and_again(office, seed, kills=120, customers=600, workers=several) > 60


@pytest.mark.proof
def test_workers_killed_while_another_process_prepares_their_messages_write_to_nobody_twice(office, database_url):
    dice, company, died = random.Random(7), queue(150), 0
    with mortals(office) as kill:
        while died < 40 and Notice.objects.filter(status="queued").exists():
            died += kill(dice.randint(1, 400), dice.randint(1, 3), 1) != "lived"
        kill(_NEVER, 2, 1)
    counted(company, office, 150)
    assert died > 5
