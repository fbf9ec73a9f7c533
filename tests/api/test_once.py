"""Is what is asked for again under its key done once, and answered alike?"""

import threading

import pytest
from django.db import connections

from relance.api import once
from relance.models import Answered, Company, Document, Event, Notice, Run
from relance.steps import running

CALL = {"customer": "C001", "outcome": "reached"}
LAUNCH = {"as_of": "2026-07-15", "wait": True}


def test_a_call_noted_again_under_its_key_is_one_call(program):
    caller = program()
    answers = [caller.send("/calls", CALL, key="k1").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert Event.objects.filter(what="called").count() == 1


def test_another_request_under_the_same_key_is_refused(program):
    caller = program()
    caller.send("/calls", CALL, key="k1")
    answers = [caller.send("/calls", CALL | {"note": "other"}, key="k1"), caller.send("/blocks", CALL, key="k1")]
    assert [one.status_code for one in answers] == [422, 422]
    assert Event.objects.filter(what="called").count() == 1


def test_a_key_is_its_token_s_own(program):
    for caller in (program("collector", "write"), program("manager", "write")):
        assert caller.send("/calls", CALL, key="k1").status_code == 200
    assert Event.objects.filter(what="called").count() == 2


def test_what_was_refused_may_be_put_right_under_its_key(program):
    caller = program()
    assert caller.send("/calls", CALL | {"customer": "C999"}, key="k1").status_code == 404
    assert Answered.objects.count() == 0
    assert caller.send("/calls", CALL, key="k1").status_code == 200


def test_a_run_launched_again_under_its_key_is_one_run(program, world):
    caller = program("manager", "dun")
    first, second = (caller.send("/runs", LAUNCH, key="night").json() for _ in range(2))
    assert first == second
    assert first["notices"][0]["status"] == "sent"
    assert (Run.objects.count(), len(list(world.post.iterdir()))) == (1, 1)


def test_a_process_killed_between_storing_and_sending_is_made_up_for(program, world, monkeypatch):
    caller = program("manager", "dun")

    def killed(*_args, **_said):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(running, "see_through", killed)
        with pytest.raises(SystemExit):
            caller.send("/runs", LAUNCH, key="night")
    assert Notice.objects.get().status == "queued"
    assert caller.send("/runs", LAUNCH, key="night").json()["notices"][0]["status"] == "sent"
    assert (Run.objects.count(), len(list(world.post.iterdir()))) == (1, 1)


def test_a_process_killed_while_it_writes_leaves_neither_the_rows_nor_the_key(program, monkeypatch):
    caller = program()
    said = {
        "documents": [{"number": "FA-9", "customer": "C001", "date": "2026-06-01", "due": [{"due_date": "2026-07-01", "amount": "1.00"}]}]
    }

    def killed(*_args, **_said):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(once.answered, "keep", killed)
        with pytest.raises(SystemExit):
            caller.send("/documents", said, key="k")
    assert (Document.objects.filter(number="FA-9").count(), Answered.objects.count()) == (0, 0)
    assert caller.send("/documents", said, key="k").json()["results"] == {"documents": ["new"]}


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_several_at_once_it_is_done_once(program, acme: Company):
    caller, answers = program(), []

    def call() -> None:
        try:
            answers.append(caller.send("/calls", CALL, key="k1").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [200] * 4
    assert Event.objects.filter(what="called").count() == 1


def test_a_key_that_is_none_is_told(program):
    assert program().send("/calls", CALL, key=" ").json()["faults"][0]["place"] == "Idempotency-Key"
