"""What has a company lived through, and how is all of it taken away again?"""

import hashlib
import zlib
from datetime import UTC, date, datetime

from django.apps import apps

from relance.letters.own.sample import sample_template
from relance.models import (
    Attachment,
    Company,
    Customer,
    Document,
    DueItem,
    LeftOutBlock,
    LetterTemplate,
    Mail,
    Notice,
    NoticeEnclosure,
    NoticeLine,
    Rendition,
    Run,
    RunLeftOut,
    StoredFile,
    TemplateUse,
    TemplateVersion,
    Upload,
)
from relance.models.events import Fact, record
from tests.dossier.files import LEVELS, books, customer, due, invoice, take_in
from tests.letters.invoices import invoice_pdf

NOON = datetime(2026, 7, 18, 12, 0, 0, 123456, tzinfo=UTC)
LETTER = b"%PDF- a letter"


def lived_in(status: str = "sent") -> Company:
    """A company whose customer C001 was sent a notice by run 3; the notice bears number 7, some left-out items are kept, a file came in."""
    documents = [invoice(due=[due(level=1, last_dunned_on="2026-07-18", comment="Relancé")]), invoice("A-1", supplier="F001")]
    company = take_in(
        books(levels=LEVELS, customers=[customer(level=1)], suppliers=[{"code": "F001", "name": "F"}], documents=documents)
    ).company
    run = Run.objects.create(
        company=company, number=3, kind="batch", as_of="2026-07-18", status="done", parameters={"cc": [], "as_of": "2026-07-18"},
        settings={"z": 1, "a": {"é": "Ü"}}, by="cron", started_at=NOON, ended_at=NOON,
    )  # fmt: skip
    notice = _notice(company, run, status, _template(company))
    Rendition.objects.create(
        company=company,
        notice=notice,
        media_type="application/pdf",
        sha256=hashlib.sha256(LETTER).hexdigest(),
        compressed=zlib.compress(LETTER),
    )
    Mail.objects.create(
        company=company, number=1, key="k1", kind="contacts", customer=Customer.objects.get(code="C001"), documents="FA-1",
        sender="compta@acme.example", to="a@b.example", cc="", subject="Vos factures", status="sent", claimed_by="host:1", claimed_at=NOON,
        by="jeanne", at=NOON, outcome="250 OK", sha256=hashlib.sha256(LETTER).hexdigest(), compressed=zlib.compress(LETTER),
    )  # fmt: skip
    _enclose(company, notice)
    _left_out(company, run, b'[["C001","FA-9","2026-01-31","not_due",1]]', b'[["C002","FA-8","2026-01-31","blocked",1]]')
    Upload.objects.create(company=company, kind="fec", filename="f.txt", sha256="a" * 64, at=NOON, by="jeanne", counts={"lines": 3})
    Company.objects.filter(pk=company.pk).update(last_run_number=3, last_notice_number=8)
    facts = [
        Fact("notice_issued", notice.pk, Customer.objects.get(code="C001").pk, Document.objects.get(number="FA-1").pk, {"level": 1}),
        Fact("document_seen", document_id=Document.objects.get(number="A-1").pk, facts={"z": [1, None], "é": "à"}),
        Fact("run_ended"),
    ]
    record(company.pk, "cron", facts, NOON)
    return company


def _template(company: Company) -> TemplateVersion:
    """One that is used for customer C001, was uploaded as a Word document, and has been removed from choice since."""
    template = LetterTemplate.objects.create(company=company, name="Agri", removed_at=NOON)
    TemplateUse.objects.create(company=company, template=template, customer=Customer.objects.get(code="C001"))
    document = sample_template("fr")
    return TemplateVersion.objects.create(
        company=company, template=template, number=1, format="docx", filename="Agri.docx", sha256=hashlib.sha256(document).hexdigest(),
        compressed=zlib.compress(document), upload_sha256=hashlib.sha256(LETTER).hexdigest(), original=zlib.compress(LETTER), at=NOON,
        by="jeanne",
    )  # fmt: skip


def _notice(company: Company, run: Run, status: str, template: TemplateVersion) -> Notice:
    who = Customer.objects.get(code="C001")
    notice = Notice.objects.create(
        company=company, run=run, number=7, position=0, customer=who, level=1, channel="email", status=status, language="fr",
        to="a@b.example\nc@d.example", cc="", recipient={"name": "Client", "address": ["1 rue"]}, totals={"EUR": 10000},
        credits=[{"document": "AV-1", "open": -100, "currency": "EUR"}], charges=None, message_id="<7@relance>", claimed_by="host:1",
        claimed_at=NOON, issued_at=NOON, by="cron", outcome="250 OK", refused="c@d.example", customer_level_before=0,
        template=template, thread="<4@relance>\n<5@relance>",
    )  # fmt: skip
    NoticeLine.objects.create(
        company=company, notice=notice, due_item=DueItem.objects.get(document__number="FA-1"), in_flight=status == "queued",
        document_number="FA-1", date=date(2026, 1, 1), label="Vin", due_date=date(2026, 1, 31), amount=10000, open_amount=10000,
        ledger_open=10000, currency="EUR", days_overdue=168, interest=123, level_before=0, level_after=1, comment_before="Vu",
    )  # fmt: skip
    return notice


def _enclose(company: Company, notice: Notice) -> None:
    """FA-1 has a PDF that went with the notice; what else it claimed had none."""
    content = invoice_pdf()
    kept = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "compressed": zlib.compress(content)}
    file, document = StoredFile.objects.create(company=company, **kept), Document.objects.get(number="FA-1")
    Attachment.objects.create(company=company, document=document, kind="original", filename="FA-1.pdf", file=file)
    went = {"state": "enclosed", "kind": "original", "filename": "Facture-FA-1.pdf", "file": file}
    for place, said in enumerate((went, {"state": "missing"})):
        NoticeEnclosure.objects.create(company=company, notice=notice, position=place, document_number=f"FA-{place + 1}", **said)


def _left_out(company: Company, run: Run, *blocks: bytes) -> None:
    for place, block in enumerate(blocks):
        digest = hashlib.sha256(block).hexdigest()
        kept = LeftOutBlock.objects.create(company=company, digest=digest, compressed=zlib.compress(block, 6))
        RunLeftOut.objects.create(company=company, run=run, bucket=17 * (place + 1), block=kept)


def emptied() -> None:
    """Take every row of every company away: what comes next gets identifiers of its own."""
    for model in [*apps.get_app_config("relance").get_models(include_auto_created=True)]:
        model._default_manager.all()._raw_delete(using="default")
