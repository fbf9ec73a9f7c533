"""Do files come in and go out by the API as by the screens: statements, invoices, lists, templates, originals, balances, proofs?"""

import io
import zipfile
from datetime import date

import pytest

from relance.core.edition import EditionRequest
from relance.models import Attachment, Notice, Run
from relance.steps import running
from tests.acceptance.world import TODAY
from tests.api.conftest import AT
from tests.importers.banks import Move, camt
from tests.importers.einvoices import cii
from tests.letters.invoices import invoice_pdf


def put(caller, address: str, content: bytes, method: str = "post"):
    return getattr(caller, method)(AT + address, data=content, content_type="application/octet-stream")


def content_of(answer) -> bytes:
    assert answer.status_code == 200, answer.content
    found = b"".join(answer.streaming_content) if answer.streaming else answer.content
    for close in answer._resource_closers:
        close()
    return found


def test_money_of_a_statement_is_matched_and_the_match_undone(program):
    caller = program("manager", "read", "write")
    content = camt([Move("2026-07-10", 10000, "VIREMENT", "QUI SAIT"), Move("2026-07-11", 900, "DIVERS")])
    assert put(caller, "/imports/bank?filename=releve.xml", content).json()["waiting"] == 2
    one, other = caller.ask("/matching", limit=1)["waiting"] + caller.ask("/matching")["waiting"][1:]
    assert {part["document"] for proposal in one["proposals"] for part in proposal["parts"]} == {"FA-1"}
    [changed] = caller.send(f"/matching/{one['key']}", {"accept": 1}, key="k").json()["changed"]
    assert (changed["document"], changed["before"], changed["after"]) == ("FA-1", "100.00", "0.00")
    assert caller.send(f"/matching/{one['key']}", {"accept": 1}, key="k").json()["changed"] == [changed]
    assert caller.send(f"/matching/{one['key']}", {"leave": True}).status_code == 409
    [match] = caller.ask("/matches")["matches"]
    assert (match["number"], match["key"], match["parts"][0]["document"]) == (1, one["key"], "FA-1")
    assert caller.send(f"/matching/{match['key']}/undo", {}).json()["undone"] == [1]
    assert caller.ask("/matches")["matches"] == []
    part = {"documents": [{"document": "FA-1", "amount": "20.00"}]}
    assert caller.send(f"/matching/{one['key']}", part).json()["changed"][0]["after"] == "80.00"
    assert caller.send(f"/matching/{other['key']}/set-aside", {"reason": "intérêts"}).status_code == 200
    assert caller.ask("/matching")["waiting"] == []
    assert caller.send("/matching/certain", {}).json() == {"matched": [], "undone": [], "changed": []}


def test_a_file_is_known_by_its_content_and_a_list_by_its_heads(program):
    caller = program("manager", "read", "write")
    heads = "Client;Nom;Pi\u00e8ce;Date;\u00c9ch\u00e9ance;Solde\nC001;Un;FA-9;01/06/2026;01/07/2026;12,00\n".encode()
    look = put(caller, "/imports/look?source=erp", heads).json()
    assert look["kind"] == "items"
    assert {one["head"]: one["what"] for one in look["columns"]}["Solde"] == "open"
    assert look["columns"][0]["cells"] == ["C001"]
    statement = put(caller, "/imports/look", camt([Move("2026-07-10", 10000, "VIREMENT", "QUI SAIT")])).json()
    assert (statement["kind"], statement["columns"]) == ("bank", [])
    assert caller.ask("/imports")["imports"] == []


def test_an_import_is_undone_with_what_was_set_aside_only_by_who_agrees_to_it(program):
    caller = program("manager", "read", "write")
    put(caller, "/imports/bank?filename=releve.xml", camt([Move("2026-07-11", 900, "DIVERS")]))
    [waiting], [upload] = caller.ask("/matching")["waiting"], caller.ask("/imports")["imports"]
    assert caller.ask(f"/imports/{upload['id']}") == upload
    assert caller.get(f"{AT}/imports/{upload['id'] + 1}").status_code == 404
    caller.send(f"/matching/{waiting['key']}/set-aside", {"reason": "intérêts"})
    aside = caller.ask("/set-aside")
    assert ([one["key"] for one in aside["entries"]], aside["next"]) == ([waiting["key"]], None)
    assert (aside["entries"][0]["by"], aside["entries"][0]["reason"]) == ("token manager read-write ACME", "intérêts")
    undo = f"/imports/{upload['id']}/undo"
    assert caller.send(undo, {"dry_run": True}).json()["forgets"] == 1
    assert caller.send(undo, {}).status_code == 409
    assert caller.send(undo, {"forget": 1}).json()["undone"]


def test_a_match_says_one_thing_of_what_is_there(program):
    caller = program("manager", "read", "write")
    assert caller.send("/matching/e1", {"accept": 1, "leave": True}).status_code == 422
    assert caller.send("/matching/e1", {"accept": 1}).status_code == 409
    assert caller.send("/matching/x1", {"accept": 1}).status_code == 422
    assert program("reader", "write").send("/matching/e1", {"accept": 1}).status_code == 403


def test_lists_and_invoices_come_in_and_go_back(program, world):
    world.company(siren="100 000 009")
    world.load()
    caller = program("manager", "read", "write")
    told = put(caller, "/imports/lists/customers?filename=clients.csv", b"Code;Nom\nC9;Neuf\n").json()
    assert told["counts"]["customers"] == {"created": 1}
    assert put(caller, "/imports/einvoice?filename=fa.xml", cii()).json()["counts"]["documents"] == {"created": 1}
    last = caller.ask("/imports")["imports"][0]
    assert caller.send(f"/imports/{last['id']}/undo", {}).json()["undone"]
    assert put(caller, "/imports/lists/gifts?filename=x.csv", b"x").status_code == 422


def test_the_original_of_an_invoice_comes_and_goes(program):
    caller, of = program("manager", "read", "write"), "?document=FA-1"
    assert put(caller, f"/attachments{of}&filename=fa.pdf", invoice_pdf(), "put").json()["changed"][0]["what"] == "original"
    assert content_of(caller.get(f"{AT}/attachments/file{of}")) == invoice_pdf()
    assert put(caller, f"/attachments{of}&filename=fa.pdf", b"no PDF", "put").status_code == 409
    assert caller.delete(f"{AT}/attachments{of}").status_code == 200
    assert caller.get(f"{AT}/attachments/file{of}").status_code == 404
    assert not Attachment.objects.exists()


def test_what_was_sent_is_had_again(program, acme):
    running.batch(acme, date.fromisoformat(TODAY), by="eva")
    caller, notice, run = program("reader", "read"), Notice.objects.get(), Run.objects.get()
    again = content_of(caller.get(f"{AT}/notices/{notice.pk}/reprint"))
    assert again == content_of(caller.get(f"{AT}/notices/{notice.pk}/file"))
    assert caller.get(f"{AT}/notices/{notice.pk}/reprint?duplicate=true").status_code == 409
    assert caller.get(f"{AT}/runs/{run.pk}/letters").json()["detail"] == f"run {run.number} has no letters"
    assert caller.ask(f"/runs/{run.pk}/attachments") == {"attachments": []}


def test_letters_of_a_run_that_are_no_pdfs_come_in_a_zip(program, acme):
    running.edition(acme, EditionRequest(date.fromisoformat(TODAY), level=1), output="definitive", form="html", by="eva")
    caller, run = program("reader", "read"), Run.objects.get()
    assert "ask for the ZIP" in caller.get(f"{AT}/runs/{run.pk}/letters").json()["detail"]
    assert content_of(caller.get(f"{AT}/runs/{run.pk}/letters?format=zip")).startswith(b"PK")


def test_a_template_is_kept_looked_at_and_taken_away(program):
    caller = program()
    sample = content_of(caller.get(f"{AT}/template-samples/odt?language=fr"))
    kept = put(caller, "/templates/Ferme?filename=ferme.odt&levels=2&levels=3", sample, "put").json()
    assert (kept["version"], kept["levels"]) == (1, [2, 3])
    assert [one["name"] for one in caller.ask("/templates")["templates"]] == ["Ferme"]
    assert content_of(caller.get(f"{AT}/templates/Ferme/file")) == sample
    assert caller.ask("/templates/Ferme")["versions"][0]["letters"] == 0
    assert put(caller, "/templates/Ferme?filename=x.odt", b"no document", "put").status_code == 409
    assert caller.delete(f"{AT}/templates/Ferme").status_code == 200
    assert caller.ask("/templates") == {"templates": []}


def test_secrets_of_mail_are_taken_and_never_told(program):
    caller = program()
    told = caller.send("/messaging", {"host": "smtp.example", "user": "eva"}, method="patch").json()
    assert (told["options"]["host"], told["secrets"]) == ("smtp.example", [])
    assert "s3cret" not in caller.send("/messaging/secrets/password", {"text": "s3cret"}, method="put").content.decode()
    answer = caller.get(f"{AT}/messaging")
    assert answer.json()["secrets"] == ["password"]
    assert b"s3cret" not in answer.content
    assert caller.send("/messaging", {"password": "x"}, method="patch").status_code == 422
    assert caller.delete(f"{AT}/messaging/secrets/password").status_code == 200
    assert caller.ask("/messaging")["secrets"] == []
    assert program("manager").get(f"{AT}/messaging").status_code == 403


def test_the_balance_and_the_court_file_are_had_as_files(program):
    caller = program("collector", "read")
    text = content_of(caller.get(f"{AT}/aged/file?as_of=2026-07-15&format=csv")).decode("utf-8-sig")
    assert "C001;Client C001;EUR;0,00;100,00" in text
    packed = zipfile.ZipFile(io.BytesIO(content_of(caller.get(f"{AT}/court-file?customer=C001&as_of=2026-07-15&format=zip"))))
    assert packed.testzip() is None
    assert program("reader", "read").get(f"{AT}/court-file?customer=C001").status_code == 403


@pytest.mark.parametrize("address", ["/documents?nummer=FA-1", "/messaging/check?x=1", "/aged?as_of=2026-07-15&Side=customer"])
def test_a_parameter_that_is_not_known_is_a_fault(program, address):
    caller = program()
    answer = caller.send(address, {}) if "check" in address else caller.get(AT + address)
    assert answer.status_code == 422
    assert [one["message"] for one in answer.json()["faults"]] == ["there is no such parameter"]
