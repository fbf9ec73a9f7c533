"""Does the history of a dump come back by number, seals and all, beside what happens afterwards, and never over another history?"""

import json
from collections.abc import Callable

import pytest

from relance.dossier import dump
from relance.models import Company, Customer, Event, Notice, NoticeLine, Run
from relance.models.events import Fact, first_broken_seal, record
from relance.models.outgoing.left_out import read_left_out
from tests.dossier.files import Json, books, customer, events, faults_of, stored, take_in, text_of
from tests.dossier.lives import emptied, lived_in

pytestmark = pytest.mark.django_db


def dumped(status: str = "sent") -> Json:
    """The dump of a company with a history."""
    return dict(json.loads("".join(dump(lived_in(status)))))


def test_the_seals_hold_in_the_database_that_it_came_into():
    dossier = dumped()
    emptied()
    company = take_in(dossier).company
    assert first_broken_seal(company.pk) is None
    assert [event.what for event in Event.objects.order_by("number")] == ["notice_issued", "document_seen", "run_ended"]


def test_numbers_go_on_where_they_stopped():
    dossier = dumped()
    emptied()
    company = take_in(dossier).company
    assert (company.last_run_number, company.last_notice_number, company.last_event_number) == (3, 8, 3)


def test_what_was_left_out_is_found_again_under_its_run_for_any_customer():
    dossier = dumped()
    emptied()
    take_in(dossier)
    run, of = Run.objects.get(), Customer.objects.get(code="C001")
    assert [entry.document for entry in read_left_out(run.pk)] == ["FA-9", "FA-8"]
    assert "FA-9" in [entry.document for entry in read_left_out(run.pk, of.pk)]


def test_a_notice_in_flight_claims_its_due_item_again():
    dossier = dumped("queued")
    emptied()
    take_in(dossier)
    assert NoticeLine.objects.get(in_flight=True).due_item.document.number == "FA-1"


def test_what_the_load_changes_is_recorded_after_the_history_that_it_brings():
    dossier = dumped()
    emptied()
    take_in(books(customers=[customer()], files=dossier["files"], documents=dossier["documents"][1:]))
    dossier["documents"][1]["no_auto_dunning"] = True
    company = take_in(dossier).company
    assert [what for what, _ in events()] == ["notice_issued", "document_seen", "run_ended", "blocked"]
    assert first_broken_seal(company.pk) is None


def test_only_what_is_absent_comes_in():
    """The dump of Friday over the state of Monday: the end of the week is added, the beginning is left alone."""
    monday = dumped()
    company = Company.objects.get()
    record(company.pk, "jeanne", [Fact("called", customer_id=Customer.objects.get(code="C001").pk)])
    friday = text_of()
    emptied()
    take_in(monday)
    report = take_in(friday.encode())
    assert (report.counts["events"].created, report.counts["events"].unchanged, report.counts["notices"].unchanged) == (1, 3, 1)
    assert text_of() == friday


def test_a_notice_that_is_stored_stays_as_it_is():
    dossier = dumped()
    Notice.objects.update(status="bounced", outcome="550 unknown")
    take_in(dossier)
    assert (Notice.objects.get().status, Notice.objects.get().outcome) == ("bounced", "550 unknown")


OTHERWISE: dict[str, tuple[Callable[[Json], object], str]] = {
    "another event under a number": (
        lambda history: record(Company.objects.get().pk, "x", [Fact("other")]) and history["events"].append(sealed(history["events"][-1])),
        "history.events[3]: another history: event 4 is stored, and is something else",
    ),
    "an event that was rewritten": (
        lambda history: history["events"][1]["facts"].update(z=[2]) or Event.objects.filter(number__gte=2).delete(),
        "history.events[1].hash: does not seal this event and the one before it",
    ),
    "an event that was taken away": (
        lambda history: history["events"].pop(1),
        "history.events[1].number: event 2 is missing before it",
    ),
    "another run under a number": (
        lambda history: history["runs"][0].update(started_at="2026-07-19T12:00:00+00:00"),
        "history.runs[0].number: another history: 3 is stored, and is something else",
    ),
    "another notice under a number": (
        lambda history: history["notices"][0].update(customer="C002"),
        "history.notices[0].number: another history: 7 is stored, and is something else",
    ),
    "a notice of an unknown run": (
        lambda history: history["notices"][0].update(number=9, run=8),
        "history.notices[0].run: unknown run: 8",
    ),
    "a line about an unknown due item": (
        lambda history: history["notices"][0].update(number=9) or history["notices"][0]["lines"][0].update(no=4),
        "history.notices[0].lines[0]: unknown due item",
    ),
    "a letter that was changed": (
        lambda history: history["notices"][0].update(number=9) or history["notices"][0]["renditions"][0].update(sha256="0" * 64),
        "history.notices[0].renditions[0].compressed: is not what its SHA-256 says",
    ),
    "a letter that is no bytes": (
        lambda history: history["notices"][0]["renditions"][0].update(compressed="?"),
        'history.notices[0].renditions[0].compressed: not bytes in base64: "?"',
    ),
    "a block that is not there": (
        lambda history: history["runs"][0].update(left_out=["f" * 64]),
        f"history.runs[0].left_out[0]: unknown block: {'f' * 64}",
    ),
    "a mail to nobody": (
        lambda history: history["mails"][0].update(to=[""]),
        "history.mails[0].to: at least one is due",
    ),
    "an instant without its offset": (
        lambda history: history["events"][0].update(at="2026-07-18T12:00:00"),
        'history.events[0].at: an instant without its offset from UTC: "2026-07-18T12:00:00"',
    ),
}  # fmt: skip


def sealed(event: Json) -> Json:
    """The event after this one, whatever it says."""
    return event | {"number": event["number"] + 1, "hash": "e" * 64}


@pytest.mark.parametrize("how", OTHERWISE)
def test_another_history_is_refused_and_nothing_stored(how: str):
    dossier = dumped()
    take_in(books(customers=[customer("C002")]))
    change, told = OTHERWISE[how]
    change(dossier["history"])
    assert faults_of(dossier) == [told]


def test_a_second_notice_in_flight_for_a_due_item_is_refused():
    dossier = dumped("queued")
    dossier["history"]["notices"][0]["number"] = 9
    assert faults_of(dossier) == ["history.notices[0].lines[0].in_flight: another notice in flight claims this due item"]


def test_an_empty_database_takes_no_history_that_begins_in_the_middle():
    dossier = dumped()
    emptied()
    dossier["history"]["events"].pop(0)
    assert faults_of(dossier) == ["history.events[0].number: event 1 is missing before it"]
    assert stored() is None
