"""How does a person remind of chosen invoices: e-mails sent now, drafts for the mail program, letters? (Rules, section 9.)"""

import email
import email.policy
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from relance.letters.own import office
from tests.acceptance.world import TODAY, day, item

LATER = day(TODAY, 1)


def message(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def draft(world, *documents: str, flags=()):
    """Documents reminded of by one draft, and the file of it."""
    out = world.folder / "draft.eml"
    return world.remind(*documents, channel="draft", flags=["--out", out, *flags]), out


# -- e-mails now


@pytest.mark.spec("K14", "K41", "K49", "K53", "K83", "K84")
def test_chosen_invoices_are_reminded_of_by_email(world):
    for number in ("FA-1", "FA-2", "FA-3"):
        world.invoice(number)
    world.load()
    run = world.remind("FA-1", "FA-3")
    assert (run.json["kind"], run.issued, run.groups(), run.notice()["status"]) == ("manual", True, [["FA-1", "FA-3"]], "sent")
    assert len(world.mails()) == 1
    assert [world.stored_level(number) for number in ("FA-1", "FA-2", "FA-3")] == [(1, TODAY), (0, None), (1, TODAY)]


def test_the_comment_says_that_a_person_reminded(world):
    world.invoice("FA-1")
    world.load()
    world.remind("FA-1")
    assert world.stored("FA-1")["comment"] == "Relancé par mail le 15/07/2026"


@pytest.mark.parametrize(("before", "after"), [(0, 1), (1, 2), (2, 3), (3, 3)])
def test_each_item_takes_the_level_that_applies_or_the_next(world, before, after):
    world.invoice("FA-1", level=before, last_dunned_on="2026-07-10" if before else None)
    world.load()
    assert world.remind("FA-1").outcome("FA-1") == after


@pytest.mark.spec("K43", "K44")
@pytest.mark.parametrize(("before", "given", "after"), [(0, 3, 3), (1, 1, 1), (2, 3, 3)])
def test_a_level_is_given_with_the_document(world, before, given, after):
    world.invoice("FA-1", level=before, last_dunned_on="2026-07-10" if before else None)
    world.load()
    assert world.remind(f"FA-1={given}").outcome("FA-1") == after
    assert world.stored_level("FA-1") == (after, TODAY)


@pytest.mark.parametrize(("given", "told"), [(1, "at level 2 already"), (4, "level 4 is not set up")])
def test_a_level_below_its_own_or_not_set_up_is_refused(world, given, told):
    world.invoice("FA-1", level=2, last_dunned_on="2026-07-10")
    world.load()
    before = world.dump()
    world.ask("remind", "--document", f"FA-1={given}", "--channel", "email", "--as-of", TODAY).refused(
        "FA-1" if given == 1 else "C001", told
    )
    assert (world.dump(), world.mails()) == (before, [])


def test_a_document_whose_due_items_stand_at_several_levels_never_lowers_one(world):
    world.invoice("FA-1", due=[item("2026-06-01", "50.00", level=3, last_dunned_on="2026-07-01"), item("2026-07-07", "50.00")])
    world.load()
    run = world.remind("FA-1=2")
    assert (run.outcome("FA-1", "2026-06-01"), run.outcome("FA-1", "2026-07-07")) == ("already_at_level", 2)


@pytest.mark.spec("K47", "K48")
def test_collaborators_and_free_addresses_write_and_get_copies(world):
    world.invoice("FA-1")
    world.load()
    run = world.remind("FA-1", flags=["--from", "DUP", "--cc", "MAR", "--cc", "chef@ailleurs.example"])
    [mail] = world.mails()
    assert run.cc() == ["chef@ailleurs.example", "marchand@acme.example"]
    assert mail["From"].addresses[0].addr_spec == "dupuis@acme.example"
    assert sorted(one.addr_spec for one in mail["Cc"].addresses) == run.cc()


@pytest.mark.spec("K48")
def test_any_address_can_write(world):
    world.invoice("FA-1")
    world.load()
    world.remind("FA-1", flags=["--from", "moi@ailleurs.example"])
    assert world.mails()[0]["From"].addresses[0].addr_spec == "moi@ailleurs.example"


@pytest.mark.parametrize("flag", ["--from", "--cc"])
@pytest.mark.parametrize(("named", "told"), [("XYZ", "neither an e-mail address nor a collaborator"), ("VIDE", "has no e-mail address")])
def test_somebody_without_an_address_can_neither_write_nor_get_copies(world, flag, named, told):
    world.dossier["collaborators"].append({"code": "VIDE", "name": "Sans adresse"})
    world.invoice("FA-1")
    world.load()
    world.ask("remind", "--document", "FA-1", "--channel", "email", "--as-of", TODAY, flag, named).refused(named, told)
    assert world.mails() == []


# -- reasons, in manual mode


@pytest.mark.spec("K3", "K15", "K19", "K20")
@pytest.mark.parametrize(
    ("invoice", "customer", "reason"),
    [
        ({"payment_method": "PRLV"}, {}, "payment_method"),
        ({}, {"dunning_enabled": False}, "customer_dunning_disabled"),
        ({}, {"manual_dunning": False}, "customer_mode_off"),
        ({}, {"auto_dunning": False}, 1),
        ({"no_manual_dunning": True}, {}, "blocked"),
        ({"no_auto_dunning": True}, {}, 1),
        ({"no_dunning_temporary": True}, {}, "blocked_temporarily"),
        ({"status": "LITIGE"}, {}, "disputed"),
        ({"promised_on": "2026-07-20"}, {}, "promised"),
        ({"level": "NA"}, {}, "level_na"),
        ({"due": TODAY}, {}, "not_due"),
        ({"level": 1, "last_dunned_on": LATER}, {}, "too_soon"),
        ({}, {"email": ""}, "no_recipient"),
    ],
    ids=str,
)
def test_an_invoice_is_left_out_for_its_reason_in_the_answer_and_in_the_simulation(world, invoice, customer, reason):
    world.customer("C001", **customer)
    world.invoice("FA-1", **invoice)
    world.load()
    assert world.remind("FA-1", flags=["--dry-run"]).outcome("FA-1") == reason
    assert world.remind("FA-1").outcome("FA-1") == reason
    assert len(world.mails()) == (reason == 1)


def test_a_settled_invoice_says_so(world):
    world.invoice("FA-1")
    world.payment("P1", "100.00", "2026-07-10", {"FA-1": "100.00"})
    world.load()
    assert world.remind("FA-1").outcome("FA-1") == "settled"


def test_what_is_not_due_yet_can_be_asked_for(world):
    world.invoice("FA-1", due=LATER)
    world.load()
    assert world.remind("FA-1", flags=["--undue-too"]).notice()["status"] == "sent"


def test_a_simulation_answers_what_issuing_does_and_stores_nothing(world):
    world.invoice("FA-1")
    world.invoice("FA-2", payment_method="PRLV")
    world.load()
    before = world.rows()
    rehearsed = world.remind("FA-1", "FA-2", flags=["--dry-run", "--cc", "chef@acme.example"])
    assert world.rows() == before
    issued = world.remind("FA-1", "FA-2", flags=["--cc", "chef@acme.example"])
    told = [[{**notice, "id": 0, "status": ""} for notice in run.notices] for run in (rehearsed, issued)]
    assert (told[0], rehearsed.left_out) == (told[1], issued.left_out)


# -- drafts


@pytest.mark.spec("K50", "K52")
def test_a_draft_opens_unsent_in_a_mail_program(world):
    world.invoice("FA-1")
    world.load()
    run, out = draft(world, "FA-1", flags=["--from", "DUP"])
    found = message(out.read_bytes())
    assert (run.notice()["status"], run.notice()["channel"], found["X-Unsent"]) == ("drafted", "draft", "1")
    assert [found[name].addresses[0].addr_spec for name in ("From", "To")] == ["dupuis@acme.example", "c001@clients.example"]
    assert found.defects == []
    assert world.mails() == []


@pytest.mark.spec("K50")
def test_several_drafts_come_in_an_archive(world):
    for code in ("C001", "C002"):
        world.invoice(f"FA-{code}", code)
    world.load()
    out = world.folder / "drafts.zip"
    world.remind("FA-C001", "FA-C002", channel="draft", flags=["--out", out])
    with zipfile.ZipFile(out) as archive:
        found = [message(archive.read(name))["To"].addresses[0].addr_spec for name in archive.namelist()]
    assert found == ["c001@clients.example", "c002@clients.example"]


def test_several_drafts_are_not_put_into_one_message(world):
    for code in ("C001", "C002"):
        world.invoice(f"FA-{code}", code)
    world.load()
    before = world.rows()
    asked = ("--document", "FA-C001", "--document", "FA-C002", "--channel", "draft", "--as-of", TODAY)
    world.ask("remind", *asked, "--out", world.folder / "draft.eml").refused("2 drafts do not fit", ".zip")
    assert world.rows() == before
    assert not (world.folder / "draft.eml").exists()


def test_a_draft_changes_no_level_and_keeps_its_items_from_other_notices(world):
    world.invoice("FA-1")
    world.load()
    draft(world, "FA-1")
    assert world.stored_level("FA-1") == (0, None)
    assert world.batch(TODAY).outcome("FA-1") == "in_flight"
    assert world.remind("FA-1").outcome("FA-1") == "in_flight"


@pytest.mark.spec("K53", "K83", "K84")
def test_a_draft_that_was_sent_stores_its_level_at_the_runs_date(world):
    world.invoice("FA-1")
    world.load()
    run, _ = draft(world, "FA-1")
    changed = world.relance("settle", run.notice()["id"], "--sent", "--json").done().json["changed"]
    assert world.stored_level("FA-1") == (1, TODAY)
    assert {one["what"] for one in changed} == {"level", "last_dunned_on", "notice_status"}
    assert world.history()["notices"][0]["status"] == "sent"


def test_a_draft_that_was_not_sent_changes_nothing_and_lets_its_items_go(world):
    world.invoice("FA-1")
    world.load()
    run, _ = draft(world, "FA-1")
    world.relance("settle", run.notice()["id"], "--not-sent", "--json").done()
    assert world.stored_level("FA-1") == (0, None)
    assert world.rehearse().outcome("FA-1") == 1


def test_a_draft_that_was_settled_is_settled_once(world):
    world.invoice("FA-1")
    world.load()
    run, _ = draft(world, "FA-1")
    world.relance("settle", run.notice()["id"], "--sent").done()
    world.relance("settle", run.notice()["id"], "--not-sent").refused("sent")
    assert world.stored_level("FA-1") == (1, TODAY)


def test_a_draft_can_be_written_again_as_it_was(world):
    world.invoice("FA-1")
    world.load()
    run, out = draft(world, "FA-1")
    again = world.folder / "again.eml"
    world.relance("drafts", run.id, "--out", again).done()
    assert again.read_bytes() == out.read_bytes()


def test_a_run_without_drafts_has_none_to_write(world):
    world.invoice("FA-1")
    world.load()
    run = world.remind("FA-1")
    world.relance("drafts", run.id, "--out", world.folder / "none.eml").refused("no drafts")


def test_a_draft_can_be_cancelled(world):
    world.invoice("FA-1")
    world.load()
    run, _ = draft(world, "FA-1")
    world.relance("cancel", run.notice()["id"], "--reason", "réglé par téléphone").done()
    assert world.rehearse().outcome("FA-1") == 1


# -- letters


@pytest.mark.spec("K14", "K55")
def test_letters_are_made_of_chosen_invoices(world):
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-01")
    world.invoice("FA-2")
    world.load()
    out = world.folder / "letters.pdf"
    run = world.remind("FA-1=3", channel="letter", flags=["--out", out])
    assert (run.outcome("FA-1"), run.notice()["status"], run.notice()["to"]) == (3, "printed", [])
    assert out.read_bytes().startswith(b"%PDF")
    assert (world.stored_level("FA-1"), world.stored("FA-1")["comment"]) == ((3, TODAY), "Relancé par courrier le 15/07/2026")


def test_a_simulated_letter_is_marked_as_a_draft_and_stores_nothing(world):
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    out = world.folder / "letters.pdf"
    world.remind("FA-1", channel="letter", flags=["--dry-run", "--out", out])
    assert out.exists()
    assert world.rows() == before


@pytest.mark.spec("K57", "K58")
@pytest.mark.parametrize(
    ("form", "begins"), [("html", b"<!doctype html>"), ("odt", b"PK"), ("docx", b"PK"), ("rtf", b"{\\rtf"), ("pdf", b"%PDF")]
)
def test_a_letter_is_written_in_the_format_asked_for(world, form, begins):
    if form in ("docx", "rtf") and not office.installed():
        pytest.skip("LibreOffice is not installed")
    world.invoice("FA-1")
    world.load()
    out = world.folder / f"letter.{form}"
    run = world.remind("FA-1", channel="letter", flags=["--format", form, "--out", out])
    assert (run.notice()["status"], out.read_bytes()[: len(begins)]) == ("printed", begins)


@pytest.mark.spec("K57")
def test_several_letters_in_a_format_come_in_an_archive(world):
    for code in ("C001", "C002"):
        world.invoice(f"FA-{code}", code)
    world.load()
    out = world.folder / "letters.zip"
    world.remind("FA-C001", "FA-C002", channel="letter", flags=["--format", "html", "--out", out])
    with zipfile.ZipFile(out) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert [number in text for number, text in zip(("FA-C001", "FA-C002"), texts.values(), strict=True)] == [True, True]


def test_several_letters_are_not_put_into_one_text_document(world):
    for code in ("C001", "C002"):
        world.invoice(f"FA-{code}", code)
    world.load()
    asked = ("--document", "FA-C001", "--document", "FA-C002", "--channel", "letter", "--format", "odt", "--as-of", TODAY)
    world.ask("remind", *asked, "--out", world.folder / "letters.odt").refused("2 letters do not fit into letters.odt", ".zip")
    assert world.rehearse().outcome("FA-C001") == 1


def test_a_simulated_letter_in_a_format_stores_nothing(world):
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    out = world.folder / "letter.odt"
    world.remind("FA-1", channel="letter", flags=["--dry-run", "--format", "odt", "--out", out])
    assert out.exists()
    assert world.rows() == before


# -- once


def test_what_a_person_reminded_of_is_cancelled_like_any_notice(world):
    world.invoice("FA-1", level=1, last_dunned_on="2026-07-01", comment="Appelé")
    world.load()
    run = world.remind("FA-1")
    world.relance("cancel", run.notice()["id"], "--reason", "erreur").done()
    assert (world.stored_level("FA-1"), world.stored("FA-1")["comment"]) == ((1, "2026-07-01"), "Appelé")


def test_the_dossier_carries_reminders_and_drafts(world):
    world.invoice("FA-1")
    world.invoice("FA-2")
    world.load()
    world.remind("FA-1")
    draft(world, "FA-2")
    held = world.dump()
    assert [run["kind"] for run in held["history"]["runs"]] == ["manual", "manual"]
    world.try_load(held).done()
    assert world.dump() == held


# -- wrong usage


@pytest.mark.parametrize(
    "flags",
    [
        ["--channel", "pigeon"],
        ["--channel", "email", "--out", "x.pdf"],
        ["--channel", "letter", "--out", "x.eml"],
        ["--channel", "draft", "--out", "x.pdf"],
        ["--channel", "draft", "--out", "x.eml", "--dry-run"],
        ["--channel", "letter", "--format", "odt", "--out", "x.pdf"],
        ["--channel", "email", "--format", "pdf"],
        ["--channel", "email", "--document", "FA-1"],
        ["--channel", "email", "--document", "FA-2=0"],
        ["--channel", "email", "--document", "FA-2=NA"],
        ["--channel", "email", "--from", "a@b"],
    ],
    ids=" ".join,
)
def test_wrong_usage(world, flags):
    world.invoice("FA-1")
    world.load()
    world.ask("remind", "--document", "FA-1", "--as-of", TODAY, *flags).misused()
    assert world.stored_level("FA-1") == (0, None)


@pytest.mark.parametrize(("number", "told"), [("FA-9", "FA-9"), ("FA-2", "dated 2026-08-01, after 2026-07-15")])
def test_a_document_that_is_not_there_is_refused(world, number, told):
    world.invoice("FA-1")
    world.invoice("FA-2", date="2026-08-01", due="2026-08-31")
    world.load()
    world.ask("remind", "--document", "FA-1", "--document", number, "--channel", "email", "--as-of", TODAY).refused(told)
    assert world.mails() == []


@pytest.mark.spec("K2")
def test_without_levels_nobody_is_reminded(world):
    world.levels()
    world.invoice("FA-1")
    world.load()
    world.ask("remind", "--document", "FA-1", "--channel", "email", "--as-of", TODAY).refused("no levels set up")


def test_a_file_that_cannot_be_written_issues_nothing(world):
    world.invoice("FA-1")
    world.load()
    out = Path(world.folder) / "missing" / "draft.eml"
    world.ask("remind", "--document", "FA-1", "--channel", "draft", "--as-of", TODAY, "--out", out).refused("cannot be written")
    assert world.rehearse().outcome("FA-1") == 1
