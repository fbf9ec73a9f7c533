"""What becomes of a message that is handed to a mail server which refuses, hangs up, hangs or talks nonsense?"""

import socket
import time

import pytest

from relance.channels import Unreachable, open_channel, smtp
from tests.channels.hostile import HANG, HANG_UP, USUAL, hostile

MESSAGE = b"Subject: Rappel\r\n\r\nBonjour,\r\n.\r\n..deux points\r\nla fin\r\n"
LONG = 60  # seconds: as long as a machine may be busy with something else
ONE, TWO = ("a@leblanc.example",), ("a@leblanc.example", "b@leblanc.example")


@pytest.fixture(params=["250 hostile", "250-hostile\n250 PIPELINING"], ids=["line by line", "in one breath"])
def listens(request, monkeypatch):
    """The server listens to one line at a time, or to several."""
    monkeypatch.setitem(USUAL, "EHLO", request.param)


def send(channel, recipients=ONE, message=MESSAGE, marks=None):
    """Hand one message over; what came of it, and whether the mark was made."""
    marks = [] if marks is None else marks
    outcome = channel.send("compta@acme.example", recipients, message, lambda: marks.append("transmitting"))
    return outcome, bool(marks)


def sent(recipients=ONE, message=MESSAGE, **answers):
    timeout = 2 if HANG in {answers.get("DATA"), answers.get("BODY")} else LONG
    with hostile(**answers) as server, open_channel(server.url, timeout=timeout) as channel:
        return send(channel, recipients, message)


UNMARKED = [
    ("refused", "550 5.1.8 no such sender", {"MAIL": "550 5.1.8 no such sender"}),
    ("postponed", "451 4.3.0 later", {"MAIL": "451 4.3.0 later"}),
    ("refused", "550 no such mailbox", {"RCPT": "550 no such mailbox"}),
    ("postponed", "450 greylisted", {"RCPT": ["550 unknown", "450 greylisted"]}),
    ("refused", "554 no", {"DATA": "554 no"}),
    ("postponed", "452 disk full", {"DATA": "452 disk full"}),
    ("postponed", "421 closing", {"DATA": "421 closing"}),
    ("broken", "lost", {"MAIL": HANG_UP}),
    ("broken", "lost", {"RCPT": HANG_UP}),
    ("broken", "lost", {"DATA": HANG_UP}),
    ("broken", "timed out", {"DATA": HANG}),
    ("broken", "Line too long", {"DATA": "x" * 10_000}),
    ("postponed", "not SMTP", {"DATA": "nonsense"}),
]


@pytest.mark.usefixtures("listens")
@pytest.mark.parametrize(("kind", "text", "answers"), UNMARKED)
def test_what_is_decided_before_the_end_of_the_message_leaves_no_mark(kind, text, answers):
    outcome, marked = sent(TWO, **answers)
    assert (outcome.kind, marked) == (kind, False)
    assert text in outcome.text


@pytest.mark.parametrize("behaviour", [HANG_UP, HANG])
def test_a_message_cut_in_its_middle_is_never_in_doubt(behaviour):
    outcome, marked = sent(message=MESSAGE + b"0123456789" * 2_000_000, BODY=behaviour)
    assert (outcome.kind, marked) == ("broken", False)


def test_a_server_that_says_no_in_the_middle_of_a_message_is_heard():
    with hostile(BODY=["552 too much", ""]) as server, open_channel(server.url, timeout=LONG) as channel:
        outcome, _ = send(channel, message=MESSAGE + (b"x" * 70 + b"\r\n") * 20_000)
    assert (outcome.kind, outcome.text) == ("refused", "552 too much")


MARKED = [
    ("accepted", "250 queued as 42", {"END": "250 queued as 42"}),
    ("accepted", "251 2.0.0 two lines", {"END": "251-2.0.0\n251 two lines"}),
    ("refused", "554 5.7.1 spam", {"END": "554 5.7.1 spam"}),
    ("postponed", "451 try again", {"END": "451 try again"}),
    ("postponed", "421 shutting down", {"END": "421 shutting down"}),
    ("unknown", "not heard", {"END": HANG_UP}),
    ("unknown", "timed out", {"END": HANG}),
    ("unknown", "not SMTP", {"END": "nonsense"}),
    ("unknown", "354 what", {"END": "354 what"}),
]


@pytest.mark.parametrize(("kind", "text", "answers"), MARKED)
def test_only_the_answer_to_the_end_of_a_message_says_whether_it_was_accepted(monkeypatch, kind, text, answers):
    monkeypatch.setattr(smtp, "PATIENCE", 1 / 30 if answers["END"] == HANG else 1)
    outcome, marked = sent(**answers)
    assert (outcome.kind, marked) == (kind, True)
    assert text in outcome.text


def test_a_server_may_think_longer_about_a_whole_message_than_about_a_line():
    def thoughtful():
        time.sleep(2.2)
        return "250 after all"

    with hostile(END=thoughtful) as server, open_channel(server.url, timeout=2) as channel:
        assert send(channel)[0].kind == "accepted"


def test_the_mark_is_made_when_all_but_the_end_of_the_message_has_left():
    with hostile() as server, open_channel(server.url, timeout=LONG) as channel:
        ends = []

        def mark():
            server.wait_for_body(b"la fin\r\n")
            ends.append(server.ended)

        channel.send("compta@acme.example", ONE, MESSAGE, mark)
        assert (ends, server.ended) == ([0], 1)


@pytest.mark.parametrize("fault", [OSError("disk full"), KeyboardInterrupt(), LookupError("the claim is lost")])
def test_a_mark_that_cannot_be_made_keeps_the_message_from_being_completed(fault):
    def mark():
        raise fault

    with hostile() as server, open_channel(server.url, timeout=LONG) as channel:
        with pytest.raises(type(fault)):
            channel.send("compta@acme.example", ONE, MESSAGE, mark)
        outcome, _ = send(channel)
    assert (outcome.kind, server.ended, server.connections) == ("accepted", 1, 2)


@pytest.mark.parametrize(
    "message", [MESSAGE, MESSAGE.removesuffix(b"\r\n"), MESSAGE.replace(b"\r\n", b"\n"), MESSAGE.replace(b"\r\n", b"\r")]
)
def test_lines_end_in_crlf_and_a_leading_dot_is_doubled(message):
    with hostile() as server, open_channel(server.url, timeout=LONG) as channel:
        send(channel, message=message)
    assert server.bodies == [b"Subject: Rappel\r\n\r\nBonjour,\r\n..\r\n...deux points\r\nla fin\r\n"]


@pytest.mark.usefixtures("listens")
def test_a_message_that_some_recipients_may_have_is_accepted_and_names_the_others():
    outcome, marked = sent(TWO, RCPT=["250 ok", "550 5.1.1 no such mailbox"])
    assert (outcome.kind, marked) == ("accepted", True)
    assert outcome.refused == {"b@leblanc.example": "550 5.1.1 no such mailbox"}


@pytest.mark.usefixtures("listens")
def test_a_message_that_nobody_may_have_names_everybody():
    outcome, _ = sent(TWO, RCPT=["550 unknown", "553 bad name"])
    assert (outcome.kind, outcome.refused) == ("refused", {"a@leblanc.example": "550 unknown", "b@leblanc.example": "553 bad name"})


def test_who_writes_to_whom_is_said_in_one_breath_where_the_server_listens_to_it():
    breaths = []
    with hostile(EHLO="250-hostile\n250 PIPELINING") as server, open_channel(server.url, timeout=LONG) as channel:
        channel._server.send = lambda words, send=channel._server.send: breaths.append(words) or send(words)
        send(channel, TWO)
    begun = "MAIL FROM:<compta@acme.example>\r\nRCPT TO:<a@leblanc.example>\r\nRCPT TO:<b@leblanc.example>\r\nDATA\r\n"
    assert breaths[:3] == [begun, smtp.quoted(MESSAGE), b".\r\n"]


@pytest.mark.usefixtures("listens")
def test_no_address_says_a_command_of_its_own():
    with hostile() as server, open_channel(server.url, timeout=LONG) as channel, pytest.raises(ValueError):
        send(channel, (",\r\nRSET",))
    assert "RSET" not in server.verbs


def test_a_server_that_would_take_a_message_for_nobody_is_left():
    with (
        hostile(EHLO="250-hostile\n250 PIPELINING", MAIL=["550 never", "250 ok"]) as server,
        open_channel(server.url, timeout=LONG) as channel,
    ):
        outcomes = [send(channel) for _ in range(2)]
    assert [(outcome.kind, marked) for outcome, marked in outcomes] == [("refused", False), ("accepted", True)]
    assert (server.ended, server.connections) == (1, 2)


# -- one message after the other

HABITS = [
    ("keeps the connection", {}, 1),
    ("takes one message per connection", {"MAIL": ["250 ok", "421 too many messages"] * 3}, 3),
    ("takes one message per connection, in other words", {"RSET": "421 too many messages"}, 1),
]


@pytest.mark.usefixtures("listens")
@pytest.mark.parametrize(("answers", "connections"), [pytest.param(*rest, id=name) for name, *rest in HABITS])
def test_many_messages_go_through_whatever_a_server_allows_per_connection(answers, connections):
    with hostile(**answers) as server, open_channel(server.url, timeout=LONG) as channel:
        kinds = [send(channel)[0].kind for _ in range(3)]
    assert kinds == ["accepted"] * 3
    assert (len(server.bodies), server.connections) == (3, connections)


@pytest.mark.usefixtures("listens")
def test_a_server_that_hangs_up_after_each_message_takes_them_all_the_same():
    with hostile(MAIL=["250 ok", HANG_UP, "250 ok", HANG_UP, "250 ok"]) as server, open_channel(server.url, timeout=LONG) as channel:
        kinds = [send(channel)[0].kind for _ in range(3)]
    assert (kinds, len(server.bodies), server.connections) == (["accepted"] * 3, 3, 3)


@pytest.mark.usefixtures("listens")
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "END"])
@pytest.mark.parametrize("no", ["451 later", "550 never", "421 closing"])
def test_after_a_refusal_the_next_message_goes_through(verb, no):
    usual = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "END": "250 queued"}[verb]
    answers = {verb: [no, no, usual] if (verb, no) == ("MAIL", "421 closing") else [no, usual]}
    with hostile(**answers) as server, open_channel(server.url, timeout=LONG) as channel:
        first, second = send(channel)[0], send(channel)[0]
    assert (first.kind, second.kind) == ("refused" if no.startswith("5") else "postponed", "accepted")


@pytest.mark.usefixtures("listens")
def test_a_message_put_off_is_offered_again_on_a_new_connection():
    with (
        hostile(RCPT=["451 too many messages on this connection", "250 ok"]) as server,
        open_channel(server.url, timeout=LONG) as channel,
    ):
        kinds = [send(channel)[0].kind for _ in range(2)]
    assert (kinds, server.connections) == (["postponed", "accepted"], 2)


@pytest.mark.usefixtures("listens")
def test_a_server_gone_between_two_messages_is_unreachable():
    with hostile(MAIL=["250 ok", HANG_UP]) as server, open_channel(server.url, timeout=LONG) as channel:
        send(channel)
        server.close()
        with pytest.raises(Unreachable, match="cannot be reached"):
            send(channel)


def test_leaving_is_polite_and_never_fails():
    with hostile() as polite, open_channel(polite.url, timeout=LONG) as channel:
        send(channel)
    with hostile(QUIT=HANG_UP) as rude, open_channel(rude.url, timeout=LONG) as channel:
        send(channel)
    assert (polite.verbs[-1], rude.verbs[-1]) == ("QUIT", "QUIT")


def test_the_last_line_leaves_at_once_and_does_not_wait_for_word_of_the_one_before():
    with hostile() as server, open_channel(server.url, timeout=LONG) as channel:
        assert channel._server.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
