"""Is a mail of the follow-up handed over once, whatever becomes of the process that sends it?"""

from datetime import date

import pytest
from django.utils import timezone

from relance.models import Company, Contact, Customer, Document, DueItem, Event, Mail
from relance.models.outgoing import claims
from relance.steps.writing import Asked, write

pytestmark = pytest.mark.django_db

ON = date(2026, 7, 15)
ASKED = Asked("contacts", ON, key="abc")
DEAD = "another-machine/boot/1/1/1"


@pytest.fixture
def customer():
    company = Company.objects.create(code="ACME", name="Acme", currency="EUR", sender_email="compta@acme.example")
    customer = Customer.objects.create(company=company, code="C001", name="Client")
    Contact.objects.create(company=company, customer=customer, name="Germaine", email_identity="g@client.example", is_main=True)
    whose = {"company": company, "billed_customer": customer}
    document = Document.objects.create(customer=customer, number="FA-1", date=date(2026, 6, 1), currency="EUR", **whose)
    DueItem.objects.create(document=document, no=1, due_date=date(2026, 7, 7), amount=10000, open_amount=10000, **whose)
    return customer


def written(customer, by="claire"):
    [mail] = write(customer.company, customer, ASKED, by=by).mails
    return mail["status"]


def left_by(holder, status):
    """What a process that was stopped leaves behind; its lease is over where it was on another machine."""
    Mail.objects.update(status=status, claimed_by=holder, claimed_at=timezone.now() - claims.LEASE * 2)


def test_a_mail_that_a_dead_process_had_only_taken_up_is_sent(customer, mail_folder):
    written(customer)
    left_by(DEAD, "queued")
    [sent] = mail_folder.glob("*.eml")
    sent.unlink()
    assert (written(customer), len(list(mail_folder.glob("*.eml")))) == ("sent", 1)


def test_a_mail_that_a_dead_process_was_handing_over_is_unsure_and_not_sent_again(customer, mail_folder):
    written(customer)
    left_by(DEAD, "sending")
    [sent] = mail_folder.glob("*.eml")
    sent.unlink()
    assert (written(customer), len(list(mail_folder.glob("*.eml")))) == ("unsure", 0)
    assert Event.objects.filter(what="mail_unsure").count() == 1


@pytest.mark.parametrize("status", ["queued", "sending"])
def test_a_mail_that_another_process_is_sending_is_left_to_it(customer, mail_folder, status):
    written(customer)
    holder = claims.worker()
    left_by(holder, status)
    [sent] = mail_folder.glob("*.eml")
    sent.unlink()
    assert (written(customer), list(mail_folder.glob("*.eml"))) == (status, [])
    claims.release(holder)


def test_a_mail_that_failed_stays_failed_under_its_key(customer, mail_folder, settings):
    working, settings.RELANCE_EMAIL_URL = settings.RELANCE_EMAIL_URL, "smtp://127.0.0.1:1"
    assert written(customer) == "failed"
    settings.RELANCE_EMAIL_URL = working
    assert written(customer) == "failed"
    assert not mail_folder.exists()
