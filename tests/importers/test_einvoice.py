"""What is read of an electronic invoice, whatever its syntax, and what is refused?"""

import io
import zlib
from datetime import date

import pikepdf
import pytest

from relance.importers.einvoice import Instalment, is_iban
from relance.importers.einvoice_file import read_einvoice
from relance.importers.problems import Unreadable
from tests.importers.einvoices import cii, facturx, message, ubl

SYNTAXES = pytest.mark.parametrize("written", [cii, ubl, lambda **said: facturx(cii(**said))], ids=["CII", "UBL", "PDF"])


def refusal(content: bytes) -> str:
    """Why a file is not read."""
    with pytest.raises(Unreadable) as refused:
        read_einvoice(content)
    return str(refused.value)


@SYNTAXES
def test_an_invoice_says_the_same_in_every_syntax(written):
    invoice = read_einvoice(written())
    assert (invoice.number, invoice.type, invoice.date, invoice.currency) == ("FA-1", "invoice", date(2026, 1, 1), "EUR")
    assert (invoice.total, invoice.prepaid, invoice.due) == (12000, 0, 12000)
    assert invoice.instalments == (Instalment(date(2026, 1, 31), 12000),)
    assert (invoice.seller.siren, invoice.buyer.siren, invoice.buyer.vat) == ("100000009", "200000008", "FR37200000008")
    assert (invoice.buyer.address, invoice.buyer.postcode, invoice.buyer.city) == (("12 rue des Lilas",), "33000", "Bordeaux")
    assert (invoice.buyer.contact, invoice.buyer.email) == ("Awa Ndiaye", "compta@futaie.example")
    assert (invoice.means, invoice.iban, invoice.order) == (("30",), "FR7630006000011234567890189", "BC-7")


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        ("", 'BT-5: no currency code: ""'),
        ("EUR' or '1'='1", "BT-5: no currency code"),
        ("EUR</{0}><{0}>USD", 'BT-5: several currencies: "EUR", "USD"'),
    ],
)
@pytest.mark.parametrize(("written", "name"), [(cii, "ram:InvoiceCurrencyCode"), (ubl, "cbc:DocumentCurrencyCode")])
def test_an_invoice_has_one_currency_of_letters(written, name, instead, why):
    spoilt = written().replace(f"<{name}>EUR<".encode(), f"<{name}>{instead.format(name)}<".encode())
    assert refusal(spoilt).startswith(why)


def test_a_currency_that_is_said_twice_alike_is_one():
    said = b"<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
    assert read_einvoice(cii().replace(said, said * 2)).currency == "EUR"


@SYNTAXES
def test_a_credit_note_is_below_zero_and_names_what_it_corrects(written):
    credit = read_einvoice(written(code="381", number="AV-1", corrects="FA-1"))
    assert (credit.type, credit.total, credit.due, credit.preceding) == ("credit_note", -12000, -12000, ("FA-1",))


def test_an_invoice_over_less_than_nothing_is_a_credit_note():
    credit = read_einvoice(cii(net="-100.00", vat="-20.00", total="-120.00", payable="-120.00"))
    assert (credit.type, credit.total) == ("credit_note", -12000)


@SYNTAXES
def test_instalments_are_read_with_their_dates(written):
    invoice = read_einvoice(written(terms=(("2026-03-31", "50.00"), ("2026-02-28", "70.00"))))
    assert invoice.instalments == (Instalment(date(2026, 2, 28), 7000), Instalment(date(2026, 3, 31), 5000))


@SYNTAXES
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"payable": "119.00"}, "BT-115: the amount due does not add up: 120.00 less 0.00 prepaid is not 119.00"),
        ({"prepaid": "20.00"}, "BT-115: the amount due does not add up: 120.00 less 20.00 prepaid is not 120.00"),
        ({"vat": "19.00"}, "BT-112: the total does not add up: 100.00 and 19.00 VAT is not 120.00"),
        ({"total": "120.005"}, 'BT-112: too many decimals for EUR: "120.005"'),
        ({"payable": "12O.00"}, 'BT-115: not a decimal amount: "12O.00"'),
        ({"prepaid": "130.00", "payable": "-10.00"}, "BT-115: more is prepaid than invoiced: 130.00 of 120.00"),
        ({"terms": (("2026-02-28", "70.00"), ("2026-03-31", "40.00"))}, "BT-115: the instalments do not add up to the amount due"),
        ({"number": ""}, "BT-1: no number"),
        ({"number": "9" * 81}, "BT-1: a number of more than 80 letters"),
        ({"code": "325"}, 'BT-3: no invoice and no credit note: document type "325"'),
        ({"currency": "€"}, 'BT-5: no currency code: "€"'),
        ({"date": "2026-02-30"}, "a value of this invoice cannot be read"),
    ],
)
def test_what_is_wrong_is_told_by_the_term_of_the_standard(written, said, why):
    assert refusal(written(**said)).startswith(why)


def test_the_smallest_profile_does_not_say_what_was_prepaid():
    invoice = read_einvoice(cii(profile="urn:factur-x.eu:1p0:minimum", prepaid="", payable="90.00"))
    assert (invoice.total, invoice.prepaid, invoice.due) == (12000, 3000, 9000)


@SYNTAXES
def test_a_factored_invoice_names_who_is_to_be_paid(written):
    invoice = read_einvoice(written(code="393", payee="Factor SA"))
    assert (invoice.factored, invoice.payee.name) == (True, "Factor SA")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "this is no well-formed XML"),
        (b"hello", "this is no well-formed XML"),
        (b"<a/>", 'this is XML, but neither CII nor UBL nor a life-cycle message: "a"'),
        (b'<CrossIndustryDocument xmlns="urn:ferd"/>', "this is ZUGFeRD 1.0"),
        (b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;">]><a>&d;</a>', "this XML declares a document type (DTD) or entities"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "this XML declares a document type (DTD) or entities"),
        (b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>', "this XML declares a document type (DTD) or entities"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"), "this XML declares a document type (DTD) or entities"),
        (b"<a>" * 5000, "this XML is nested too deeply"),
        (b"<a>" + b"<b/>" * 300_001 + b"</a>", "this XML is nested too deeply, or has too many elements"),
        (b" " * 20_000_001, "this file is larger than 20 MB"),
        (b"%PDF-1.7 nothing", "this PDF cannot be read"),
    ],
    ids=lambda one: one[:20].decode("latin-1") if isinstance(one, bytes) else "",
)
def test_what_is_no_invoice_or_could_do_harm_is_refused(content, why):
    assert refusal(content).startswith(why)


def test_a_pdf_carries_one_invoice():
    assert refusal(facturx(name="notes.txt")).startswith("this PDF carries no invoice")
    assert refusal(facturx(further={"zugferd-invoice.xml": cii()})).startswith("this PDF carries 2 invoices, where one is expected")
    assert read_einvoice(facturx(further={"annexe.xml": b"<a/>", "photo.png": b"x"})).number == "FA-1"


def test_what_a_pdf_carries_is_unpacked_as_far_as_an_invoice_goes():
    with pikepdf.open(io.BytesIO(facturx())) as pdf:
        [file] = [one for one in pdf.objects if isinstance(one, pikepdf.Stream) and one.get("/Type") == "/EmbeddedFile"]
        file.write(zlib.compress(b" " * 30_000_000), filter=pikepdf.Name.FlateDecode)
        pdf.save(bomb := io.BytesIO())
    assert len(bomb.getvalue()) < 100_000
    assert refusal(bomb.getvalue()) == "the invoice in this PDF is larger than 20 MB"


def test_a_message_says_what_has_become_of_an_invoice():
    [status] = read_einvoice(message("207", reason="Prix faux", label="En_litige")).statuses
    assert (status.number, status.code, status.label, status.on, status.reason) == (
        "FA-1",
        "207",
        "En litige",
        date(2026, 2, 10),
        "Prix faux",
    )


def test_a_message_of_payment_says_how_much_came_in_or_went_back():
    [status] = read_einvoice(message("212", collected="-120.00", issuer="SE")).statuses
    assert (status.collected, status.issuer) == ({"EUR": -12000}, "SE")


def test_a_message_of_factoring_may_name_the_account():
    [status] = read_einvoice(message("225", payee="Factor SA", iban="FR76 3000 6000 0112 3456 7890 189")).statuses
    assert (status.payee_name, status.payee_iban) == ("Factor SA", "FR7630006000011234567890189")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (message("xxx"), 'MDT-105: no status code: "xxx"'),
        (message("207", at="2026"), 'MDT-78: not a date and time: "2026"'),
        (message("212", collected="12,00"), 'MDT-215: not a decimal amount: "12,00"'),
        (message("207").replace(b"ReferenceReferencedDocument", b"Nothing"), "this life-cycle message is about 0 documents"),
    ],
)
def test_a_message_that_cannot_be_read_is_refused(content, why):
    assert refusal(content).startswith(why)


def test_the_check_digits_of_an_account_are_checked():
    assert is_iban("FR7630006000011234567890189")
    assert not is_iban("FR7630006000011234567890188")
