"""Is a mailbox opened by a token, and is one that hangs or hangs up told in one clear sentence?"""

import time
from datetime import date

import pytest

from relance.channels import Unreachable
from relance.channels.mailbox import Mailbox
from relance.core.messaging import Account, Tokens
from tests.channels.mail_door import mail_door
from tests.channels.mailroom import USER, mailroom
from tests.channels.provider import token_provider
from tests.channels.test_tokens import grant


@pytest.fixture(scope="module")
def room():
    with mailroom() as room:
        room.put(b"From: a@b.example\nSubject: Bonjour\n\nRien.\n")
        yield room


def read(port: int, provider, tokens: Tokens, timeout: float = 60.0) -> list[str]:
    """The subjects of what stands in the mailbox behind a door."""
    account = Account("127.0.0.1", port, "none", USER, grant=grant(provider), tokens=tokens)
    with Mailbox(account, timeout=timeout) as mailbox:
        mailbox.look_into("INBOX")
        return [letter.head["Subject"] for letter in mailbox.heads(mailbox.newer(0, date(2026, 1, 1)))]


def test_a_mailbox_is_read_by_a_token_which_is_replaced_once_where_it_is_refused(room):
    tokens = Tokens("old", time.time() + 3000)
    with token_provider() as provider, mail_door(room.port, "new") as (door, port):
        provider.gives("new")
        assert read(port, provider, tokens) == ["Bonjour"]
    assert door.shown == [(USER, "old"), (USER, "new")]
    assert tokens.access == "new"


def test_a_mailbox_that_refuses_every_token_is_told_and_no_token_is(room):
    with token_provider() as provider, mail_door(room.port) as (door, port):
        provider.gives("t0ken")
        with pytest.raises(Unreachable, match=r"does not accept the token$") as refusal:
            read(port, provider, Tokens())
    assert (len(door.shown), "t0ken" in str(refusal.value)) == (2, False)


@pytest.mark.parametrize(
    ("command", "hung", "dropped"),
    [
        (b"AUTHENTICATE", "does not let us in: timed out", "does not let us in: it has hung up"),
        (b"EXAMINE", "does not open the folder: INBOX: timed out", "does not open the folder: INBOX: it has hung up"),
        (b"UID FETCH", "cannot be read: timed out", "cannot be read: it has hung up"),
    ],
)
def test_a_mailbox_that_hangs_or_hangs_up_is_told_in_one_sentence(command, hung, dropped, room):
    said = []
    for trouble, timeout in (({"hangs_at": command}, 2.0), ({"drops_at": command}, 60.0)):
        with token_provider() as provider, mail_door(room.port, "t1", **trouble) as (_, port):
            provider.gives("t1")
            with pytest.raises(Unreachable) as refusal:
                read(port, provider, Tokens(), timeout)
            said.append(str(refusal.value).removeprefix(f"the mailbox 127.0.0.1:{port} "))
    assert said == [hung, dropped]
