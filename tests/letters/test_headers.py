"""Is a header read back as it was written, by a reader that is not ours, and is it ever more than one?"""

import email
import email.policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relance.letters.mailing import headers

WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def read(header):
    """The message that holds this header alone."""
    assert header.isascii()
    assert all(len(line) <= 78 for line in header.split("\r\n"))
    return email.message_from_bytes(header.encode() + b"\r\n", policy=email.policy.default)


@given(WRITTEN)
def test_any_subject_is_read_back_on_one_line(text):
    message = read(headers.unstructured("Subject", text))
    assert message.keys() == ["Subject"]
    assert message["Subject"] == headers.one_line(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Rappel", "Subject: Rappel\r\n"),
        ("a\r\nBcc: x@y.example", "Subject: a Bcc: x@y.example\r\n"),
        ("a\u2028b\x00c\u202ed", "Subject: a b c d\r\n"),
        ("été", "Subject: =?utf-8?b?w6l0w6k=?=\r\n"),
        ("=?utf-8?q?a?=", "Subject: =?utf-8?b?PT91dGYtOD9xP2E/PQ==?=\r\n"),
        ("word " * 20, f"Subject: {'word ' * 12}word\r\n {'word ' * 6}word\r\n"),
        ("", "Subject: \r\n"),
    ],
)
def test_a_subject_is_written_plainly_where_it_can_be(text, written):
    assert headers.unstructured("Subject", text) == written


@given(WRITTEN)
def test_any_name_of_a_sender_is_read_back(name):
    message = email.message_from_string(headers.sender(name, "compta@acme.example") + "\r\n")
    assert message.keys() == ["From"]
    phrase, address = parseaddr(message["From"])
    assert (str(make_header(decode_header(phrase))), address) == (headers.one_line(name), "compta@acme.example")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Acme SAS", "From: Acme SAS\r\n <compta@acme.example>\r\n"),
        ("Acme, Inc.", 'From: "Acme, Inc."\r\n <compta@acme.example>\r\n'),
        ('O\'Brien "Ltd" \\', 'From: "O\'Brien \\"Ltd\\" \\\\"\r\n <compta@acme.example>\r\n'),
        ("", "From: compta@acme.example\r\n"),
    ],
)
def test_a_name_is_quoted_where_it_must_be(name, written):
    assert headers.sender(name, "compta@acme.example") == written


@given(st.lists(st.from_regex(r"[a-z0-9.+_'-]{1,30}@[a-z0-9-]{1,30}\.example", fullmatch=True), max_size=60))
def test_any_number_of_recipients_is_read_back(addresses):
    header = headers.recipients("To", addresses)
    assert [line for line in header.split("\r\n") if len(line) > 78] == []
    message = email.message_from_bytes(header.encode() + b"\r\n", policy=email.policy.compat32)
    assert [one for one in (message["To"] or "").replace("\r\n", "").replace(" ", "").split(",") if one] == addresses


def test_no_recipients_are_no_header():
    assert headers.recipients("Cc", ()) == ""


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "a",
        "a@b@c",
        "a@b\r\nBcc: x@y.example",
        "a@b, c@d",
        "Jean <a@b.example>",
        "a b@c.example",
        "é@b.example",
        "a@bé.example",
        "a@b\n",
        "<a@b>",
    ],
)
def test_what_is_no_address_never_gets_into_a_header(wrong):
    for write in (lambda: headers.recipients("To", ["x@y.example", wrong]), lambda: headers.sender("Acme", wrong)):
        with pytest.raises(ValueError, match="not an address"):
            write()
