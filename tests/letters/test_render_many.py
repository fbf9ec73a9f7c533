"""What if there are many letters, and one of them is impossible?"""

import os
import signal
from itertools import count, islice

import pytest

from relance.letters import letter, press
from relance.letters.letter import LetterProblem, render_letter, render_many
from relance.letters.press import Press
from tests.letters.notices import many, notice
from tests.letters.reading import text


def numbered(numbers):
    return (notice("FA-1 2026-09-06 2026-10-06 10.00 10.00", number=f"2026-{number:06}") for number in numbers)


def seen(letters):
    """The numbers that stand on the letters."""
    return [next(word for word in text(one).split() if word.startswith("2026-")) for one in letters]


@pytest.mark.parametrize("amount", [0, 1, 3, 12])
def test_letters_come_in_the_order_in_which_they_were_given(amount):
    assert seen(render_many(numbered(range(amount)), processes=2)) == [f"2026-{number:06}" for number in range(amount)]


def test_a_worker_sets_the_same_bytes_as_this_process(closing_press):
    data = notice(many(30))
    assert closing_press.set("letter", data) == render_letter(data)


def test_letters_are_asked_for_as_they_are_needed(monkeypatch):
    monkeypatch.setattr(letter, "AHEAD", 4)
    taken = []

    def endless():
        for number in count():
            taken.append(number)
            yield notice(number=f"2026-{number:06}")

    rendered = render_many(endless(), processes=1)
    assert seen(islice(rendered, 2)) == ["2026-000000", "2026-000001"]
    rendered.close()
    assert len(taken) < 20


def test_a_letter_that_cannot_be_set_is_a_problem_and_the_others_come(monkeypatch, closing_press):
    monkeypatch.setattr(press, "SECONDS", 0.5)
    problem = closing_press.set("letter", notice(many(3_000)))
    assert isinstance(problem, LetterProblem)
    assert "too long" in str(problem)
    monkeypatch.setattr(press, "SECONDS", 60)
    assert text(closing_press.set("letter", notice()))


def test_a_few_letters_with_very_many_lines_are_not_set_in_this_process(monkeypatch):
    monkeypatch.setattr(letter, "LONG", 10)
    monkeypatch.setattr(letter, "own_typesetter", lambda: pytest.fail("set in this process"))
    assert len(list(render_many(iter([notice(many(20))])))) == 1


def test_a_worker_that_was_killed_is_replaced(closing_press):
    closing_press.set("letter", notice())
    os.kill(closing_press.pid, signal.SIGKILL)
    assert text(closing_press.set("letter", notice()))


def test_a_worker_is_replaced_after_many_pages(monkeypatch, closing_press):
    monkeypatch.setattr(press, "ORDERS", 2)
    workers = []
    for _ in range(5):
        closing_press.set("letter", notice())
        workers.append(closing_press.pid)
    assert [workers.count(worker) for worker in dict.fromkeys(workers)] == [2, 2, 1]


def test_a_fault_of_ours_is_not_the_letters_problem(closing_press):
    with pytest.raises(RuntimeError, match="KeyError"):
        closing_press.set("letter", {"date": "2026-11-23"})


def test_no_worker_is_left_behind():
    rendered = render_many(numbered(range(20)), processes=2)
    next(rendered)
    rendered.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.fixture
def closing_press():
    one = Press()
    yield one
    one.close()
