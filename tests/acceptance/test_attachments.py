"""Do the invoices go with the reminders? Attached by hand, sent and printed, missing and too large, and had again."""

import email
import hashlib
import io
import zipfile

import pikepdf
import pytest

from tests.acceptance.world import TODAY, level
from tests.letters.archivist import objections
from tests.letters.invoices import HOSTILE, electronic_invoice, invoice_pdf
from tests.letters.reading import text

LETTERS = [level(1, -5, 10, channel="letter")]


@pytest.fixture
def book(world):
    """A customer with two invoices; the company's options, the level's own and the PDFs attached are the test's."""

    def load(*, levels=(), invoices=("FA-1", "FA-2"), **options):
        world.options(**options)
        if levels:
            world.levels(*levels)
        world.customer("C001", email="compta@leblanc.example")
        for number in invoices:
            world.invoice(number, amount="1234.50")
        world.load()
        return world

    return load


def attach(world, number, content, *flags, name="scan.pdf"):
    path = world.folder / name
    path.write_bytes(content)
    return world.ask("attach", "--document", number, path, *flags)


def said_in(archive, form):
    """What the one letter of an archive says, whatever its format is made of."""
    with zipfile.ZipFile(archive) as opened:
        letter = next(opened.read(name) for name in opened.namelist() if name.endswith(form))
    if form == "odt":
        with zipfile.ZipFile(io.BytesIO(letter)) as opened:
            letter = opened.read("content.xml")
    return letter.decode()


def files_of(message):
    """The PDFs of a message, by name."""
    return {part.get_filename(): part.get_content() for part in message.iter_attachments()}


def title(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return str(pdf.docinfo.get("/Title", ""))


def test_nothing_goes_along_unless_the_company_asks(book):
    world = book()
    attach(world, "FA-1", invoice_pdf()).done()
    world.batch()
    assert [files_of(message) for message in world.mails()] == [{}]


def test_the_original_goes_with_the_email_as_it_is(book):
    world = book(attach_invoices="email")
    for number in ("FA-1", "FA-2"):
        attach(world, number, electronic_invoice(f"{number}.xml")).done()
    world.batch()
    [message] = world.mails()
    assert files_of(message) == {f"Facture-{number}.pdf": electronic_invoice(f"{number}.xml") for number in ("FA-1", "FA-2")}
    assert "1 234,50" in message.get_body(("plain",)).get_content().replace("\u202f", " ")


@pytest.mark.parametrize(("company", "own", "goes"), [("none", "email", 1), ("both", "none", 0), ("letter", None, 0), ("both", None, 1)])
def test_a_level_has_its_own_word(book, company, own, goes):
    world = book(levels=[level(1, -5, 10, attach_invoices=own)], attach_invoices=company, invoices=["FA-1"])
    attach(world, "FA-1", invoice_pdf()).done()
    world.batch()
    assert [len(files_of(message)) for message in world.mails()] == [goes]


def test_an_invoice_without_a_pdf_is_told_of_before_and_after(book):
    world = book(attach_invoices="email")
    attach(world, "FA-1", invoice_pdf()).done()
    listed = world.ask("attachments", "--as-of", TODAY, "--missing").done().json["attachments"]
    assert [(one["document"], one["state"]) for one in listed] == [("FA-2", "missing")]
    rehearsal, run = world.rehearse().answer, world.batch().answer
    assert ["FA-2 (C001)" in answer.err and "FA-1" not in answer.err for answer in (rehearsal, run)] == [True, True]
    [notice] = world.history()["notices"]
    assert [(one["document"], one["state"]) for one in notice["enclosures"]] == [("FA-1", "enclosed"), ("FA-2", "missing")]


def test_a_missing_original_is_replaced_by_a_duplicate_marked_as_such(book):
    world = book(attach_invoices="email", originals_only=False)
    attach(world, "FA-1", invoice_pdf("copie"), "--duplicate").done()
    world.batch()
    files = files_of(world.mails()[0])
    assert list(files) == ["Duplicata-FA-1.pdf", "Duplicata-FA-2.pdf"]
    assert title(files["Duplicata-FA-1.pdf"]) == "copie"
    own = text(files["Duplicata-FA-2.pdf"])
    assert [word for word in ("DUPLICATA", "Facture FA-2", "1 234,50", "ne remplace pas la facture") if word not in own] == []
    assert objections(files["Duplicata-FA-2.pdf"]) == []


def test_a_duplicate_alone_is_not_taken_for_an_original(book):
    world = book(attach_invoices="email", invoices=["FA-1"])
    attach(world, "FA-1", invoice_pdf(), "--duplicate").done()
    world.batch()
    assert [files_of(message) for message in world.mails()] == [{}]


def test_what_does_not_fit_into_a_message_stays_and_is_recorded(book):
    world = book(attach_invoices="email", attachments_limit_mb=1)
    attach(world, "FA-1", invoice_pdf(padding=1_200_000)).done()
    attach(world, "FA-2", invoice_pdf()).done()
    answer = world.batch().answer
    assert "too large to go along: FA-1 (C001)" in answer.err
    assert list(files_of(world.mails()[0])) == ["Facture-FA-2.pdf"]
    [notice] = world.history()["notices"]
    assert [one["state"] for one in notice["enclosures"]] == ["too_large", "enclosed"]


def test_a_message_is_kept_without_its_files_and_had_again_byte_for_byte(book):
    world = book(attach_invoices="email", invoices=["FA-1"])
    attach(world, "FA-1", invoice_pdf(padding=300_000)).done()
    world.batch()
    [sent] = [path.read_bytes() for path in world.post.rglob("*.eml")]
    [notice] = world.history()["notices"]
    world.relance("reprint", notice["id"], "--out", world.folder / "again.eml").done()
    assert (world.folder / "again.eml").read_bytes() == sent
    held = world.dump()
    [kept] = held["history"]["notices"][0]["renditions"]
    assert len(kept["compressed"]) < 20_000
    assert kept["sha256"] == hashlib.sha256(sent).hexdigest()
    [event] = [one for one in held["history"]["events"] if one["what"] == "notice_sent"]
    assert (event["facts"]["sha256"], len(event["facts"]["enclosed"])) == (kept["sha256"], 1)


def test_the_same_file_is_kept_once_however_often_it_goes_along(book):
    world = book(attach_invoices="email")
    for number in ("FA-1", "FA-2"):
        attach(world, number, invoice_pdf()).done()
    world.batch()
    assert len(world.dump()["files"]) == 1


def test_invoices_follow_the_letter_in_the_printed_file(book, tmp_path):
    world = book(attach_invoices="letter")
    for number in ("FA-2", "FA-1"):
        attach(world, number, invoice_pdf(pages=2)).done()
    world.letters(1)
    with pikepdf.open(tmp_path / "letters.pdf") as pdf:
        assert len(pdf.pages) == 1 + 2 + 2
    world.relance("reprint", "--run", world.history()["notices"][0]["run"], "--out", tmp_path / "again.pdf").done()
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "letters.pdf").read_bytes()


def test_a_pdf_that_comes_in_before_waiting_letters_are_printed_goes_along(book, tmp_path):
    world = book(levels=LETTERS, attach_invoices="both", invoices=["FA-1"])
    run = world.batch()
    assert "FA-1 (C001)" in run.answer.err
    attach(world, "FA-1", invoice_pdf()).done()
    world.relance("print", run.id, "--out", tmp_path / "letters.pdf").done()
    with pikepdf.open(tmp_path / "letters.pdf") as pdf:
        assert len(pdf.pages) == 2


def test_a_letter_names_the_invoices_that_go_with_it_and_no_others(book, tmp_path):
    world = book(levels=LETTERS, attach_invoices="letter", invoices=["FA-1", "FA-2", "FA-3"])
    for number in ("FA-1", "FA-3"):
        attach(world, number, invoice_pdf()).done()
    draft = tmp_path / "draft.pdf"
    world.edition(1, TODAY, "--out", draft)
    run = world.batch()
    world.relance("print", run.id, "--out", tmp_path / "letters.pdf").done()
    for letters in (draft, tmp_path / "letters.pdf"):
        assert "P.J. : 2 factures (FA-1, FA-3)" in text(letters.read_bytes(), 1)


@pytest.mark.parametrize("form", ["html", "odt"])
def test_a_letter_in_another_format_names_them_too(form, book, tmp_path):
    world = book(levels=LETTERS, attach_invoices="letter", invoices=["FA-1"])
    attach(world, "FA-1", invoice_pdf()).done()
    run = world.batch()
    out = tmp_path / "letters.zip"
    world.relance("print", run.id, "--out", out, "--format", form).done()
    assert "P.J.\u00a0: facture FA-1" in said_in(out, form)


def test_a_letter_without_enclosures_says_nothing_of_them(book, tmp_path):
    world = book(levels=LETTERS, invoices=["FA-1"])
    run = world.batch()
    out = tmp_path / "letters.pdf"
    world.relance("print", run.id, "--out", out).done()
    assert "P.J." not in text(out.read_bytes())


def test_a_draft_has_its_invoices_too(book, tmp_path):
    world = book(attach_invoices="email", invoices=["FA-1"])
    attach(world, "FA-1", invoice_pdf()).done()
    world.ask("remind", "--as-of", TODAY, "--document", "FA-1", "--channel", "draft", "--out", tmp_path / "draft.eml").done()
    message = email.message_from_bytes((tmp_path / "draft.eml").read_bytes(), policy=email.policy.default)
    assert files_of(message) == {"Facture-FA-1.pdf": invoice_pdf()}


@pytest.mark.parametrize("kind", ["no PDF", "a password", "a script when opened", "a program inside"])
def test_a_pdf_that_may_not_be_passed_on_is_refused_and_not_stored(book, kind):
    world = book()
    before = world.rows()
    attach(world, "FA-1", HOSTILE[kind]).refused("scan.pdf")
    assert world.rows() == before


def test_only_an_invoice_has_a_pdf(book):
    world = book()
    world.credit("AV-1")
    world.load()
    before = world.rows()
    attach(world, "AV-1", invoice_pdf()).refused("AV-1 is not an invoice")
    assert world.rows() == before


def test_an_original_is_replaced_and_taken_away_and_the_history_says_so(book):
    world = book()
    first, second = invoice_pdf("first"), invoice_pdf("second")
    changes = [attach(world, "FA-1", content).done().json["changed"] for content in (first, first, second)]
    changes.append(world.ask("detach", "--document", "FA-1").done().json["changed"])
    one, other = (hashlib.sha256(content).hexdigest() for content in (first, second))
    assert [[(change["before"], change["after"]) for change in changed] for changed in changes] == [
        [(None, one)],
        [],
        [(one, other)],
        [(other, None)],
    ]
    assert [event["what"] for event in world.history("--document", "FA-1")["events"]] == ["pdf_detached", "pdf_attached", "pdf_attached"]
    assert world.dump()["files"] == []


def test_a_file_taken_away_stays_with_the_notices_it_went_with(book, tmp_path):
    world = book(attach_invoices="letter", invoices=["FA-1"])
    attach(world, "FA-1", invoice_pdf()).done()
    notice = world.letters(1).notice()
    world.ask("detach", "--document", "FA-1").done()
    world.relance("reprint", notice["id"], "--out", tmp_path / "again.pdf").done()
    assert (tmp_path / "again.pdf").read_bytes() == (tmp_path / "letters.pdf").read_bytes()
    assert len(world.dump()["files"]) == 1


def test_a_company_with_attachments_comes_back_from_its_dump(book, tmp_path):
    from tests.dossier.lives import emptied

    world = book(attach_invoices="both", invoices=["FA-1"])
    attach(world, "FA-1", invoice_pdf()).done()
    world.batch()
    dump = world.relance("dump", "--company", "ACME").done().out
    emptied()
    world.try_load(dump).done()
    assert world.relance("dump", "--company", "ACME").done().out == dump
    [notice] = world.history()["notices"]
    world.relance("reprint", notice["id"], "--out", tmp_path / "again.eml").done()


def test_a_dossier_brings_a_pdf_and_refuses_one_that_is_unfit(world):
    import base64
    import zlib

    def dossier(content):
        digest = hashlib.sha256(content).hexdigest()
        file = {"sha256": digest, "compressed": base64.b64encode(zlib.compress(content)).decode()}
        world.dossier["files"] = [file]
        world.dossier["documents"] = []
        world.invoice("FA-1", attachments=[{"kind": "original", "filename": "FA-1.pdf", "file": digest}])
        return world.try_load()

    dossier(HOSTILE["a script when opened"]).refused("files[0].compressed: the PDF does something by itself")
    dossier(invoice_pdf()).done()
    before = world.dump()
    assert [one["filename"] for one in world.stored_document()["attachments"]] == ["FA-1.pdf"]
    world.load()
    assert world.dump() == before
