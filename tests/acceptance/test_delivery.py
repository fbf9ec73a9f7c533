"""What if the mail server refuses, hangs up or is not there? Sent, failed, unsure, queued, withdrawn (section 7)."""

import json

import pytest

from tests.acceptance.postoffice import closed_port, open_post_office
from tests.acceptance.world import TODAY


@pytest.fixture
def office():
    with open_post_office() as office:
        yield office


@pytest.fixture
def mail_through(settings, monkeypatch):
    """Send by another way from now on."""

    def through(url):
        settings.RELANCE_EMAIL_URL = url
        monkeypatch.setenv("RELANCE_EMAIL_URL", url)

    return through


@pytest.fixture
def posted(world, office, mail_through):
    """C001 and C002 with an invoice each, mailed through the post office."""
    mail_through(office.url)
    world.invoice("FA-1", "C001")
    world.invoice("FA-2", "C002")
    world.load()
    return world


def statuses(world):
    return {line["document"]: notice["status"] for notice in reversed(world.history()["notices"]) for line in notice["lines"]}


def test_what_the_server_accepts_is_sent_once_to_each(posted, office):
    run = posted.batch(TODAY, "--cc", "chef@acme.example")
    assert {notice["status"] for notice in run.notices} == {"sent"}
    assert office.addresses() == {"c001@clients.example": 1, "c002@clients.example": 1, "chef@acme.example": 2}
    assert set(office.message_ids().values()) == {1}


def test_a_message_every_recipient_refused_fails_and_changes_nothing(posted, office):
    office.refused = {"c001@clients.example"}
    answer = posted.ask("batch", "--as-of", TODAY).done()
    assert answer.err.strip()
    assert statuses(posted) == {"FA-1": "failed", "FA-2": "sent"}
    assert (posted.stored_level("FA-1"), posted.stored_level("FA-2")) == ((0, None), (1, TODAY))
    assert posted.stored("FA-1").get("comment", "") == ""
    assert posted.stored_customer("C001")["level"] == 0


def test_a_message_the_server_rejects_as_a_whole_fails_too(posted, office):
    office.rejected = {"c001@clients.example"}
    posted.batch(TODAY)
    assert statuses(posted) == {"FA-1": "failed", "FA-2": "sent"}
    assert posted.stored_level("FA-1") == (0, None)


def test_what_failed_is_proposed_again(posted, office):
    office.refused = {"c001@clients.example"}
    posted.batch(TODAY)
    office.refused = set()
    again = posted.batch(TODAY)
    assert (again.outcome("FA-1"), again.outcome("FA-2")) == (1, "already_at_level")
    assert office.addresses() == {"c001@clients.example": 1, "c002@clients.example": 1}


def test_a_message_that_some_refused_is_sent_and_says_who(world, office, mail_through):
    mail_through(office.url)
    office.refused = {"parti@clients.example"}
    world.invoice("FA-1", recipients=["parti@clients.example", "reste@clients.example"])
    world.load()
    run = world.batch(TODAY)
    assert run.notice()["status"] == "sent"
    assert world.stored_level("FA-1") == (1, TODAY)
    assert office.addresses() == {"reste@clients.example": 1}
    assert "parti@clients.example" in json.dumps(world.history())


@pytest.mark.spec("K64")
def test_single_messages_that_were_refused_do_not_make_a_run_fail(world, office, mail_through):
    mail_through(office.url)
    office.refused = {"c001@clients.example"}
    world.invoice("FA-1", "C001")
    world.invoice("FA-2", "C002", no_dunning_temporary=True)
    world.load()
    world.batch(TODAY)
    assert world.stored_document("FA-2")["no_dunning_temporary"] is False


# -- the server is not there


@pytest.fixture
def broken_off(world, mail_through):
    """A run whose mail server could not be reached."""
    world.invoice("FA-1", "C001")
    world.invoice("FA-2", "C002", no_dunning_temporary=True)
    world.load()
    with closed_port() as port:
        mail_through(f"smtp://127.0.0.1:{port}")
        world.ask("batch", "--as-of", TODAY).refused()
    mail_through(world.post.as_uri())
    return world


def test_a_server_that_cannot_be_reached_leaves_the_notices_queued(broken_off):
    assert statuses(broken_off) == {"FA-1": "queued"}
    assert broken_off.stored_level("FA-1") == (0, None)
    assert broken_off.rehearse(TODAY).outcome("FA-1") == "in_flight"


@pytest.mark.spec("K64")
def test_a_run_that_broke_off_lifts_no_temporary_block(broken_off):
    assert broken_off.stored_document("FA-2")["no_dunning_temporary"] is True


def test_the_next_run_takes_up_what_is_queued_and_sends_it_once(broken_off):
    broken_off.batch(TODAY)
    assert statuses(broken_off)["FA-1"] == "sent"
    assert broken_off.stored_level("FA-1") == (1, TODAY)
    assert len([message for message in broken_off.mails() if "c001@" in message["To"]]) == 1


# -- changed between issue and delivery


CHANGES = [
    pytest.param(
        {
            "payments": [
                {
                    "reference": "P1",
                    "customer": "C001",
                    "date": TODAY,
                    "amount": "40.00",
                    "allocations": [{"document": "FA-1", "no": 1, "amount": "40.00"}],
                }
            ]
        },
        "60.00",
        id="a payment",
    ),
    pytest.param(
        {
            "payments": [
                {
                    "reference": "P1",
                    "customer": "C001",
                    "date": TODAY,
                    "amount": "100.00",
                    "allocations": [{"document": "FA-1", "no": 1, "amount": "100.00"}],
                }
            ]
        },
        None,
        id="paid in full",
    ),
    pytest.param({"documents": [{"number": "FA-1", "customer": "C001", "no_auto_dunning": True}]}, None, id="a block"),
    pytest.param({"documents": [{"number": "FA-1", "customer": "C001", "due": [{"no": 1, "status": "LITIGE"}]}]}, None, id="a dispute"),
    pytest.param(
        {"documents": [{"number": "FA-1", "customer": "C001", "recipients": ["other@clients.example"]}]}, "100.00", id="an address"
    ),
]


@pytest.mark.parametrize(("nouns", "claimed"), CHANGES)
def test_a_queued_notice_that_no_longer_says_the_truth_is_withdrawn(world, nouns, claimed):
    world.invoice("FA-1")
    world.load()
    queued = world.batch(TODAY, "--no-wait").notice()
    assert queued["status"] == "queued"
    assert not world.mails()
    world.update(**nouns)
    world.batch(TODAY)
    world.batch(TODAY)
    history = {notice["id"]: notice for notice in world.history()["notices"]}
    assert history[queued["id"]]["status"] == "withdrawn"
    sent = [notice["lines"][0]["open"] for notice in history.values() if notice["status"] == "sent"]
    assert sent == ([claimed] if claimed else [])
    assert len(world.mails()) == len(sent)
    assert world.stored_level("FA-1") == ((1, TODAY) if claimed else (0, None))


def test_a_queued_notice_that_still_says_the_truth_is_sent_as_it_is(world):
    world.invoice("FA-1")
    world.load()
    queued = world.batch(TODAY, "--no-wait").notice()
    world.batch(TODAY)
    assert {notice["id"]: notice["status"] for notice in world.history()["notices"]} == {queued["id"]: "sent"}
    assert len(world.mails()) == 1


# -- the server's answer was not heard


@pytest.fixture
def unsure(posted, office):
    """A run in which the line was cut after C001's message, before the answer."""
    office.mute = {"c001@clients.example"}
    posted.relance("batch", "--company", "ACME", "--as-of", TODAY, "--json")
    [notice] = posted.history("--customer", "C001")["notices"]
    posted.unsure = notice["id"]
    assert notice["status"] == "unsure"
    return posted


def test_an_unsure_notice_stores_nothing_and_keeps_its_items_in_flight(unsure, office):
    assert unsure.stored_level("FA-1") == (0, None)
    unsure.batch(TODAY)
    assert unsure.batch(TODAY).outcome("FA-1") == "in_flight"
    assert office.addresses()["c001@clients.example"] == 1


def test_an_unsure_notice_settled_as_sent_is_issued_at_its_runs_date(unsure):
    changed = unsure.relance("settle", unsure.unsure, "--sent", "--json").done().json["changed"]
    assert {change["document"] for change in changed if change["document"]} == {"FA-1"}
    assert unsure.stored_level("FA-1") == (1, TODAY)
    assert unsure.stored("FA-1")["comment"] == "Relancé automatiquement par mail le 15/07/2026"
    assert statuses(unsure)["FA-1"] == "sent"


def test_an_unsure_notice_settled_as_not_sent_fails_and_frees_its_items(unsure):
    unsure.relance("settle", unsure.unsure, "--not-sent", "--json").done()
    assert statuses(unsure)["FA-1"] == "failed"
    assert unsure.stored_level("FA-1") == (0, None)
    assert unsure.rehearse(TODAY).outcome("FA-1") == 1


def test_only_an_unsure_notice_can_be_settled(world):
    world.invoice("FA-1")
    world.load()
    sent = world.batch(TODAY).notice()["id"]
    before = world.rows()
    world.relance("settle", sent, "--not-sent", "--json").refused()
    world.relance("settle", 999999, "--sent", "--json").refused("999999")
    assert world.rows() == before


@pytest.mark.parametrize("flags", [(), ("--sent", "--not-sent")])
def test_settling_asks_for_one_of_two_answers(unsure, flags):
    assert unsure.relance("settle", unsure.unsure, *flags, "--json").exit_code in (1, 2)
    assert unsure.history("--customer", "C001")["notices"][0]["status"] == "unsure"
