"""Can an administrator read what the installation put into its mail folder, and nobody else?"""

from pathlib import Path

import pytest
from django.test.utils import override_settings

from relance.models import Company
from tests.web.test_invoices import words

FOLDER = "/c/ACME/mail-folder/"
MESSAGE = b"""Message-ID: <n1@acme.example>\r
From: compta@acme.example\r
To: Anna <anna@client.example>\r
Cc: chef@client.example\r
Subject: =?utf-8?q?Rappel_n=C2=B0_1?=\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=X\r
\r
--X\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Bonjour<script>alert(1)</script></p>\r
--X\r
Content-Type: text/html; name="facture.html"\r
Content-Disposition: attachment; filename="facture.html"\r
\r
<b>FA-1</b>\r
--X--\r
"""


@pytest.fixture
def kept(acme: Company, mail_folder: Path) -> Company:
    """The folder holds one message, and a file that is none."""
    mail_folder.mkdir(exist_ok=True)
    (mail_folder / "n1@acme.example.eml").write_bytes(MESSAGE)
    (mail_folder / "secret.txt").write_text("not a message")
    return acme


def test_a_message_is_found_read_and_had_with_what_is_beside_it(kept: Company, browser):
    client = browser("admin", kept)
    assert "Rappel n° 1 anna@client.example, chef@client.example" in words(client.get(FOLDER))
    assert "secret" not in words(client.get(FOLDER))
    shown = client.get(f"{FOLDER}n1@acme.example.eml/").content.decode()
    assert "sandbox></iframe>" in shown
    frame = client.get(f"{FOLDER}n1@acme.example.eml/body/")
    assert "Bonjour" in frame.content.decode()
    assert "sandbox" in frame["Content-Security-Policy"]
    beside = client.get(f"{FOLDER}n1@acme.example.eml/0/")
    assert beside.content.strip() == b"<b>FA-1</b>"
    assert beside["Content-Disposition"] == 'attachment; filename="facture.html"'
    assert beside["Content-Type"] == "application/octet-stream"
    assert client.get(f"{FOLDER}n1@acme.example.eml/message.eml").content == MESSAGE


@pytest.mark.parametrize("name", ["secret.txt", "..%2Frelance.sqlite3", ".hidden.eml", "n2.eml"])
def test_nothing_but_a_message_of_the_folder_is_handed_over(kept: Company, browser, name: str):
    assert browser("admin", kept).get(f"{FOLDER}{name}/").status_code == 404


def test_who_administers_a_company_alone_does_not_read_the_mail_of_others(kept: Company, browser):
    assert browser("administrator", kept).get(FOLDER).status_code == 404
    assert FOLDER not in browser("administrator", kept).get("/c/ACME/").content.decode()


def test_where_mail_is_sent_there_is_no_folder(kept: Company, browser):
    client = browser("admin", kept)
    assert FOLDER in client.get("/c/ACME/").content.decode()
    with override_settings(RELANCE_EMAIL_URL="smtp://mail.example"):
        assert client.get(FOLDER).status_code == 404
        assert FOLDER not in client.get("/c/ACME/").content.decode()
