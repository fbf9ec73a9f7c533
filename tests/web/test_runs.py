"""Is the run of the day sent as it was seen, and can everything be asked of it afterwards?"""

import re

import pytest
from django.utils import timezone

from relance.models import Company, Notice, Run
from relance.steps.delivering import deliver
from tests.acceptance.world import World, day
from tests.web.conftest import queries

NOW = timezone.localdate().isoformat()


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()).replace("\u00a0", " ").replace("&#x27;", "'")


@pytest.fixture
def books(world: World) -> Company:
    """Two customers to be mailed, one who gets a letter, one in dispute."""
    world.levels((1, 0, 20), {"level": 2, "lower_bound": 21, "upper_bound": None, "channel": "letter"})
    world.invoice("FA-1", due=day(NOW, -10), amount="120.00")
    world.invoice("FA-2", "C002", due=day(NOW, -5), amount="80.00")
    world.invoice("FA-3", "C003", due=day(NOW, -40), amount="60.00")
    world.invoice("FA-4", "C004", due=day(NOW, -5), status="LITIGE")
    world.load()
    return Company.objects.get()


def launched(client):
    page = client.get("/c/ACME/runs/today/")
    seal = re.search(r'name="seal" value="([^"]*)"', page.content.decode())
    return client.post("/c/ACME/runs/launch/", {"seal": seal[1] if seal else ""})


def test_what_would_be_sent_is_shown_first(browser, books):
    page = words(browser("collector", books).get("/c/ACME/runs/today/"))
    assert re.search(r"Client C001 C001 [^@]* 1 e-mail c001@clients\.example FA-1 €120\.00", page)
    assert re.search(r"Client C003 C003 [^@]* 2 letter", page)
    assert "disputed 1" in page
    assert Run.objects.count() == 0


def test_the_run_leaves_as_it_was_seen(browser, books, world: World):
    answer = launched(browser("manager", books))
    deliver(books, "worker")
    assert answer["Location"] == f"/c/ACME/runs/{Run.objects.get().pk}/"
    assert sorted(mail["To"] for mail in world.mails()) == ["c001@clients.example", "c002@clients.example"]


def test_what_the_mail_server_said_of_all_alike_is_said_once(browser, books, world: World):
    client = browser("manager", books)
    address = launched(client)["Location"]
    deliver(books, "worker")
    sent = Notice.objects.filter(status="sent")
    assert sent.count() == 2
    sent.update(outcome="250 taken")
    page = words(client.get(address))
    assert ("The same outcome for all that have one: 250 taken" in page, page.count("250 taken")) == (True, 1)
    Notice.objects.filter(pk=sent.first().pk).update(outcome="250 queued")
    page = words(client.get(address))
    assert ("The same outcome" in page, page.count("250 taken"), page.count("250 queued")) == (False, 1, 1)


@pytest.mark.spec("K64", "K65")
def test_a_notice_is_left_out_this_time_and_comes_back_after_it(browser, books, world: World):
    client = browser("manager", books)
    chosen = {"notice": "C001\tFA-1", "comment": "appel en cours"}
    assert "1 document waits for the run after this one." in words(client.post("/c/ACME/runs/leave-out/", chosen, follow=True))
    world.batch(NOW)
    assert [mail["To"] for mail in world.mails()] == ["c002@clients.example"]
    document = world.stored_document("FA-1")
    assert document["block_comment"] == "appel en cours"
    assert not document.get("no_dunning_temporary")
    assert "Client C001" in words(client.get("/c/ACME/runs/today/"))


@pytest.mark.parametrize(("said", "told"), [({"comment": "appel"}, "Choose at least one notice."), ({"notice": "C001\tFA-1"}, "Say why")])
def test_a_notice_is_left_out_by_name_and_with_a_reason(said, told, browser, books, world: World):
    assert told in words(browser("collector", books).post("/c/ACME/runs/leave-out/", said, follow=True))
    assert not world.stored_document("FA-1").get("no_dunning_temporary")


def test_a_run_that_is_no_longer_what_was_seen_is_refused(browser, books, world: World):
    client = browser("manager", books)
    seal = re.search(r'name="seal" value="([^"]*)"', client.get("/c/ACME/runs/today/").content.decode())[1]
    world.payment("P1", "20.00", NOW, {"FA-1": "20.00"})
    world.load()
    client.post("/c/ACME/runs/launch/", {"seal": seal})
    assert Run.objects.count() == 0


def test_a_collector_looks_and_does_not_launch(browser, books):
    assert launched(browser("collector", books)).status_code == 403
    assert Run.objects.count() == 0


def test_a_run_tells_its_notices_and_what_it_left_out(browser, books):
    client = browser("manager", books)
    launched(client)
    deliver(books, "worker")
    address = f"/c/ACME/runs/{Run.objects.get().pk}/"
    assert "Client C002 1 e-mail c002@clients.example €80.00 sent" in words(client.get(address))
    assert "C004 FA-4" in words(client.get(address + "?reason=disputed"))
    assert "Client C002" not in words(client.get(address + "?status=queued"))
    assert "automatic run" in words(client.get("/c/ACME/runs/"))


def test_letters_that_wait_are_printed_and_issued(browser, books, world: World):
    client = browser("manager", books)
    launched(client)
    address = f"/c/ACME/edition/letters/{Run.objects.get().pk}/"
    assert address in client.get(f"/c/ACME/runs/{Run.objects.get().pk}/").content.decode()
    client.post(f"{address}print/")
    assert b"".join(client.get(f"{address}file/")).startswith(b"%PDF")
    assert world.stored_level("FA-3") == (2, NOW)


@pytest.mark.parametrize("reason", ["", "erreur de fichier"])
def test_a_run_is_cancelled_with_a_reason(reason, browser, books, world: World):
    client = browser("manager", books)
    launched(client)
    deliver(books, "worker")
    client.post(f"/c/ACME/runs/{Run.objects.get().pk}/cancel/", {"reason": reason})
    assert world.stored_level("FA-1") == ((0, None) if reason else (1, NOW))


# -- one notice


@pytest.fixture
def sent(browser, books) -> Notice:
    """The e-mail that went to C001."""
    launched(browser("manager", books))
    deliver(books, "worker")
    return Notice.objects.get(customer__code="C001")


def test_the_message_is_shown_as_it_was_sent_and_runs_nothing(sent, books, browser):
    client = browser("reader", books)
    assert "FA-1" in words(client.get(f"/c/ACME/notices/{sent.pk}/"))
    mail = client.get(f"/c/ACME/notices/{sent.pk}/mail/")
    assert "FA-1" in mail.content.decode()
    assert mail["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in mail["Content-Security-Policy"]


def test_the_file_is_the_very_message(sent, books, browser, mail_folder):
    kept = browser("reader", books).get(f"/c/ACME/notices/{sent.pk}/file/").content
    assert kept in [path.read_bytes() for path in mail_folder.rglob("*.eml")]


def test_a_notice_is_cancelled(sent, books, browser, world: World):
    browser("manager", books).post(f"/c/ACME/notices/{sent.pk}/cancel/", {"reason": "payé"})
    assert world.stored_level("FA-1") == (0, None)
    assert "cancelled" in words(browser("reader", books).get(f"/c/ACME/notices/{sent.pk}/"))


def test_an_unsure_notice_is_settled(sent, books, browser, world: World):
    Notice.objects.filter(pk=sent.pk).update(status="unsure")
    browser("collector", books).post(f"/c/ACME/notices/{sent.pk}/settle/", {"sent": "no"})
    assert Notice.objects.get(pk=sent.pk).status == "failed"


def test_a_notice_of_another_company_is_not_there(sent, books, browser, world: World):
    Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR")
    assert browser("admin").get(f"/c/ELSE/notices/{sent.pk}/").status_code == 404


def test_more_runs_and_notices_need_no_more_queries(browser, books, world: World):
    client = browser("manager", books)
    launched(client)
    address = f"/c/ACME/runs/{Run.objects.get().pk}/"

    before = queries(client, "/c/ACME/runs/"), queries(client, address)
    for number in range(10, 20):
        world.invoice(f"FB-{number}", f"D{number}", due=day(NOW, -5))
    world.load()
    launched(client)
    assert (queries(client, "/c/ACME/runs/"), queries(client, f"/c/ACME/runs/{Run.objects.latest('pk').pk}/")) == before


def test_a_run_above_the_ceiling_says_so_and_leaves_when_it_was_looked_at(browser, books, world: World):
    Company.objects.update(ceiling="first", ceiling_notices=1)
    client = browser("manager", books)
    assert "the ceiling is 1" in words(client.get("/c/ACME/runs/today/"))
    launched(client)
    assert Run.objects.get().notices.count() == 3
