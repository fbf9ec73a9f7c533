"""What lies in the folder of outgoing mail, whatever happens to the one who writes it?"""

import os
from pathlib import Path

import pytest

from relance.channels import Unreachable, open_channel

MESSAGE = b"Message-ID: <5.acme@relance.example>\r\nSubject: Rappel\r\n\r\nBonjour.\r\n"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "courrier à envoyer"


def send(folder, message=MESSAGE, mark=lambda: None):
    with open_channel(folder.as_uri()) as channel:
        return channel.send("compta@acme.example", ("a@leblanc.example",), message, mark)


def test_a_message_is_one_file_of_the_very_same_bytes(folder):
    assert send(folder).kind == "accepted"
    [file] = folder.iterdir()
    assert (file.name, file.read_bytes()) == ("5.acme@relance.example.eml", MESSAGE)


def test_the_same_message_written_twice_is_one_file(folder):
    send(folder)
    send(folder)
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    ("message_id", "name"),
    [
        ("<a/../../b@x>", "a....b@x.eml"),
        ("<../../etc/passwd>", "etcpasswd.eml"),
        ("<a:*?\\b@x>", "ab@x.eml"),
        (f"<{'a' * 300}@x>", "a" * 200 + ".eml"),
    ],
)
def test_a_file_name_stays_in_the_folder(folder, message_id, name):
    send(folder, f"Message-ID: {message_id}\r\n\r\nx\r\n".encode())
    assert [file.name for file in folder.iterdir()] == [name]


def test_messages_without_an_id_do_not_replace_each_other(folder):
    send(folder, b"Subject: one\r\n\r\n")
    send(folder, b"Subject: two\r\n\r\n")
    assert len(list(folder.glob("*.eml"))) == 2


def test_when_the_mark_is_made_the_message_is_not_there_yet(folder):
    seen = []
    send(folder, mark=lambda: seen.extend(folder.glob("*.eml")))
    assert seen == []


def test_a_mark_that_cannot_be_made_leaves_nothing_behind(folder):
    def mark():
        raise OSError("the claim is lost")

    with pytest.raises(OSError, match="claim"):
        send(folder, mark=mark)
    assert list(folder.iterdir()) == []


def test_a_folder_that_vanishes_is_a_way_lost_not_a_message_in_doubt(folder):
    def elsewhere():
        folder.rename(folder.with_name("elsewhere"))

    assert send(folder, mark=elsewhere).kind == "broken"


def test_a_folder_that_takes_no_file_is_a_way_lost(folder, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    outcome = send(folder)
    assert (outcome.kind, list(folder.glob("*.eml"))) == ("broken", [])
    assert "No space left" in outcome.text


def test_a_folder_that_cannot_be_made_is_unreachable(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable, match="cannot be made"):
        send(tmp_path / "file" / "mail")


def test_a_folder_never_holds_half_a_message(folder, monkeypatch):
    written = []
    real = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: (written.append((self.read_bytes(), self.suffix)), real(self, to))[1])
    send(folder)
    assert written == [(MESSAGE, "")]
