"""Does a signature hold before the library that receivers check with?"""

import dkim
import pytest

from relance.letters.mailing.signing import new_key, record_of, signer

KEY = new_key()
MESSAGE = (
    b"From: Acme <compta@acme.example>\r\nTo: a@b.example,\r\n c@d.example\r\nSubject: =?utf-8?b?w6k=?=\r\n =?utf-8?b?w6k=?=\r\n"
    b"Date: Sat, 28 Nov 2026 00:00:00 +0000\r\nMessage-ID: <1@acme.example>\r\nReferences: <0@acme.example>\r\n\r\nBonjour\r\n\r\n\r\n"
)


def holds(message: bytes) -> bool:
    name, text = record_of(signer("acme.example", "r1", KEY))
    assert name == "r1._domainkey.acme.example"
    return dkim.verify(message, dnsfunc=lambda asked, **_: text.encode() if asked.decode().rstrip(".") == name else None)


@pytest.mark.parametrize("body", [b"", b"Bonjour", b"Bonjour\r\n", b"Bonjour\r\n\r\n\r\n", b"  \r\n x \r\n"])
def test_a_signed_message_is_verified(body):
    assert holds(signer("acme.example", "r1", KEY).sign(MESSAGE.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, 1_795_000_000))


@pytest.mark.parametrize(("was", "became"), [(b"Bonjour", b"Bonsoir"), (b"w6k=", b"w6g="), (b"<1@", b"<2@"), (b"<0@", b"<9@")])
def test_what_is_changed_on_the_way_shows(was, became):
    assert not holds(signer("acme.example", "r1", KEY).sign(MESSAGE, 1).replace(was, became, 1))


def test_a_second_sender_cannot_be_added():
    assert not holds(signer("acme.example", "r1", KEY).sign(MESSAGE, 1).replace(b"\r\nTo:", b"\r\nFrom: x@y.example\r\nTo:", 1))


@pytest.mark.parametrize("key", ["", "nonsense", KEY.replace("PRIVATE", "PUBLIC")])
def test_what_is_no_key_is_refused(key):
    with pytest.raises(ValueError, match="not a private key"):
        signer("acme.example", "r1", key)
