"""What does an e-mail say, as the standard library reads it?"""

import email
import email.policy
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from relance.letters.mailing.mail import compose_email, subject_of
from tests.letters.notices import notice

SENT_AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def composed(data, **changes):
    envelope = {"message_id": "<relance.5.ab12@acme.example>", "sent_at": SENT_AT, "sender": "compta@acme.example"}
    return compose_email(data, **(envelope | {"to": ("a@leblanc.example",), "cc": ()} | changes))


def read(message):
    return email.message_from_bytes(message, policy=email.policy.default)


def mail(**said):
    """The message of a usual notice, read back."""
    return read(composed(notice(**({"kind": "email"} | said))))


def spaced(text):
    return re.sub(r"\s+", " ", text)


def plain(message):
    """The lines of the plain text, every kind of space a space."""
    return [spaced(line) for line in message.get_body(("plain",)).get_content().splitlines()]


class Reader(HTMLParser):
    """What is shown of a page, and whether every element is closed in its turn."""

    def __init__(self, page):
        super().__init__()
        self.shown, self.open, self.links = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.links += [value for name, value in attrs if name in ("href", "src", "action", "background")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open and data.strip():
            self.shown.append(spaced(data.strip()))


def shown(message):
    return Reader(message.get_body(("html",)).get_content()).shown


def test_a_message_has_the_headers_of_its_envelope():
    message = read(composed(notice(), to=("a@x.example", "b@x.example"), cc=("c@x.example",)))
    assert str(message["From"]) == "Maison Aubrelle <compta@acme.example>"
    assert [address.addr_spec for address in message["To"].addresses] == ["a@x.example", "b@x.example"]
    assert str(message["Cc"]) == "c@x.example"
    assert message["Date"].datetime == SENT_AT
    assert message["Message-ID"] == "<relance.5.ab12@acme.example>"
    assert message["Content-Language"] == "fr"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.defects == []


def test_the_same_notice_is_the_same_message():
    assert composed(notice()) == composed(notice())


def test_a_message_is_ascii_in_short_lines_that_end_alike():
    message = composed(notice(texts={"subject": "é" * 200, "header": "mot " * 500 + "\n.\r\n.été\rfin", "footer": "x" * 3000}))
    assert message.isascii()
    assert all(len(line) <= 78 for line in message.split(b"\r\n"))
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert b"\r" not in message.replace(b"\r\n", b"")


def test_text_comes_back_as_it_was_written():
    header = "Bonjour,\n\n= égal, =3D, espace final \n.\nFrom ici — 100 % €"
    said = mail(texts={"subject": "S", "header": header, "footer": "F"}).get_body(("plain",)).get_content()
    assert said.replace("\r\n", "\n").startswith(header + "\n\n")


def test_the_plain_text_says_it_all():
    data = notice(credits="AV-7 2026-11-02 -120.50", kind="email", charges={"interest": {"EUR": 1234}, "indemnity": {"EUR": 8000}})
    data["lines"][0]["label"] = "Livraison de mars"
    said = plain(read(composed(data)))
    first = said.index("- FA-1, Livraison de mars, échéance 06/10/2026, 48 jours de retard : 1 234,50 €")
    assert said[first + 1 :] == [
        "- FA-2, échéance 20/10/2026, 34 jours de retard, 500,00 € réglés sur 800,00 € : 300,00 €",
        "- Avoir ou acompte AV-7 du 02/11/2026, à déduire : -120,50 €",
        "Total à régler : 1 414,00 €",
        "",
        "S’y ajoutent, hors TVA :",
        "- Pénalités de retard : 12,34 €",
        "- Indemnité forfaitaire pour frais de recouvrement : 80,00 €",
        "",
        "Pour régler par virement :",
        "Bénéficiaire : Maison Aubrelle",
        "IBAN : FR76 3000 6000 0112 3456 7890 189",
        "BIC : AGRIFRPPXXX",
        "Montant : 1 414,00 €",
        "Référence à rappeler : C001 2026-000123",
        *said[said.index("Référence à rappeler : C001 2026-000123") + 1 : said.index("Maison Aubrelle")],
        "Maison Aubrelle",
        "12, quai des Chartrons",
        "33000 Bordeaux",
        "compta@aubrelle.example",
        "SIREN 552081317",
        "TVA FR23552081317",
    ]


def test_the_page_says_what_the_plain_text_says():
    data = notice(credits="AV-7 2026-11-02 -120.50", kind="email", charges={"interest": {}, "indemnity": {"EUR": 8000}})
    message = read(composed(data))
    page = " ".join(shown(message))
    wanted = ["FA-1", "Échéance 06/10/2026 · 48 jours de retard", "1 234,50 €", "AV-7 du 02/11/2026, à déduire", "-120,50 €", "1 414,00 €"]
    wanted += ["80,00 €", "FR76 3000 6000 0112 3456 7890 189", "C001 2026-000123", "salutations distinguées", "SIREN 552081317"]
    assert [one for one in wanted if one not in page] == []


def test_each_currency_has_its_own_total():
    said = plain(mail(lines="FA-1 2026-09-06 2026-10-06 10.00 10.00\nFA-2 2026-09-06 2026-10-06 5000 5000 JPY", language="en"))
    assert [line for line in said if line.startswith("Total")] == ["Total to be paid: €10.00", "Total to be paid: JP¥5,000"]


def test_a_day_late_is_one_day_and_what_is_not_late_says_nothing():
    said = plain(mail(lines="FA-1 2026-10-22 2026-11-22 10.00 10.00\nFA-2 2026-11-01 2026-12-01 5.00 5.00"))
    assert "- FA-1, échéance 22/11/2026, 1 jour de retard : 10,00 €" in said
    assert "- FA-2, échéance 01/12/2026 : 5,00 €" in said


HOSTILE = "<script>alert(1)</script> & \"quoted\" 'too' {company.__class__} </td></table><img src=x onerror=y>"


@pytest.mark.parametrize("place", ["company", "document", "label", "header", "subject", "code", "bic"])
def test_nothing_of_what_is_written_is_ever_markup(place):
    data = notice(kind="email", texts={"subject": "S", "header": "H", "footer": "F"})
    match place:
        case "company":
            data["company"] = data["company"] | {"name": HOSTILE, "address": [HOSTILE]}
        case "bic":
            data["company"] = data["company"] | {"bic": HOSTILE}
        case "document" | "label":
            data["lines"][0][place] = HOSTILE
        case "header" | "subject":
            data["texts"][place] = HOSTILE
        case "code":
            data["customer"] = data["customer"] | {"code": HOSTILE}
    page = Reader(read(composed(data)).get_body(("html",)).get_content())
    assert HOSTILE[:60] in " ".join(page.shown)


def test_a_page_loads_nothing_and_leads_nowhere():
    assert Reader(mail().get_body(("html",)).get_content()).links == []


@pytest.mark.parametrize("wrong", ["a@b.example\r\nBcc: spy@x.example", "Jean <a@b.example>", "été@x.example"])
def test_a_message_is_not_composed_for_what_is_no_address(wrong):
    with pytest.raises(ValueError, match="not an address"):
        composed(notice(), to=(wrong,))


def test_a_name_and_a_subject_with_line_breaks_add_no_header():
    message = read(
        composed(notice(company={"name": "Acme\r\nBcc: a@b.example"}, texts={"subject": "x\nBcc: a@b.example", "header": "", "footer": ""}))
    )
    assert message["Bcc"] is None
    assert message["Subject"] == "x Bcc: a@b.example"


def test_a_company_without_an_address_still_has_a_sender():
    assert str(read(composed(notice(), sender=""))["From"]) == "Maison Aubrelle <nobody@relance.invalid>"


def test_the_subject_alone_is_the_messages():
    data = notice(kind="email")
    assert subject_of(data) == read(composed(data))["Subject"] == "Nouveau rappel – solde échu de 1 534,50 € – Maison Aubrelle"
