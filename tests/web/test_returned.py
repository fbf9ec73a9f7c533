"""Is an address that mail came back from told wherever it is about to be written to?"""

from django.utils import timezone

from relance.models import Customer, Document, MailReport
from relance.models.parties import Contact
from relance.steps.explaining import explain_recipients
from tests.steps.queues import TODAY, queue

ADDRESS = "eva@clients.example"


def test_an_address_that_mail_came_back_from_is_told_in_the_follow_up_and_beside_who_would_get_the_next_one(db, browser):
    company = queue(1)
    customer, document = Customer.objects.get(), Document.objects.get()
    gets = {"receives_dunning": True, "receives_dunning_all_sites": True}
    Contact.objects.create(company=company, customer=customer, name="Eva", email_at_customer=ADDRESS, is_main=True, **gets)
    said = {"recipients": ADDRESS.upper(), "status_code": "5.1.1", "text": "no such mailbox", "at": timezone.now(), "compressed": b""}
    MailReport.objects.create(company=company, key="k", kind="bounced", **said)
    client = browser("reader", company)
    pages = [client.get(f"/c/{company.code}/customers/{customer.pk}/"), client.get(f"/c/{company.code}/documents/{document.pk}/")]
    for page in pages:
        assert ADDRESS in page.content.decode()
        assert "5.1.1 no such mailbox" in page.content.decode()
    [told] = explain_recipients(company, document, TODAY)["returned"]
    assert (told["address"], told["said"]) == (ADDRESS, "5.1.1 no such mailbox")
