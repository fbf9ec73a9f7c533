"""Do other systems hear what happens: signed, once it is so, again until they have taken it, and never where they should not be reached?"""

import base64
import hashlib
import hmac
import json
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.utils import timezone

from relance.channels import webhook as channel
from relance.models import Company, DueItem, Event, WebhookMessage, WebhookTry
from relance.models.lists.agenda import agenda
from relance.models.outgoing import claims
from relance.steps import Refused, following, listening, notifying, running
from tests.acceptance.doors import inside
from tests.acceptance.world import TODAY, World

TODAY_DATE = date.fromisoformat(TODAY)


class Ear:
    """A server that hears messages and answers as it is told."""

    def __init__(self) -> None:
        self.heard, self.status, self.headers = [], 200, {}
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                ear.heard.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])).decode()))
                self.send_response(ear.status)
                for name, value in ear.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?a=1"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def told(self) -> list[dict]:
        return [json.loads(body) for _, body in self.heard]


@pytest.fixture
def ear(settings):
    settings.PRIVATE_WEBHOOKS = True
    found = Ear()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def world(db, home: Path, mail_folder: Path, tmp_path: Path) -> World:
    return World(inside, tmp_path, mail_folder)


@pytest.fixture
def acme(world: World) -> Company:
    world.invoice("FA-1")
    world.load()
    return Company.objects.get(code="ACME")


def listen(company: Company, ear: Ear, *types: str) -> str:
    return listening.set_webhook(company, "erp", ear.url, types, by="eva")[1]


def pay(world: World, amount: str) -> None:
    paid = {"reference": "P1", "customer": "C001", "date": TODAY, "amount": amount}
    world.dossier["payments"] = [paid | {"allocations": [{"document": "FA-1", "amount": amount}]}]
    world.load()


def test_a_notice_that_was_sent_is_told_signed(acme: Company, ear: Ear):
    secret = listen(acme, ear)
    report = running.batch(acme, TODAY_DATE, by="eva")
    assert notifying.notify("w", timezone.now()) == 1
    [(headers, body)] = ear.heard
    key, said = base64.b64decode(secret.removeprefix("whsec_")), f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}"
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.digest(key, said.encode(), hashlib.sha256)).decode()
    [told] = ear.told
    assert (told["type"], told["data"]["customer"], told["data"]["notice"]) == ("notice.sent", "C001", next(iter(report.notices))["id"])


def test_a_promise_a_cancelled_notice_and_a_settled_document_are_told(acme: Company, world: World, ear: Ear):
    listen(acme, ear)
    [notice] = running.batch(acme, TODAY_DATE, by="eva").notices
    items = list(DueItem.objects.values_list("pk", flat=True))
    following.follow_up(acme, items, {"promised_on": TODAY_DATE}, on=TODAY_DATE, by="eva")
    running.cancel_notice(notice["id"], "wrong", "eva")
    pay(world, "60.00")
    pay(world, "100.00")
    notifying.notify("w", timezone.now())
    assert [told["type"] for told in ear.told] == ["notice.sent", "promise.made", "notice.cancelled", "document.settled"]
    assert ear.told[-1]["data"]["document"] == "FA-1"


def test_an_address_hears_only_what_it_asked_for_and_what_is_rolled_back_is_not_told(acme: Company, world: World, ear: Ear):
    listen(acme, ear, "document.settled")
    running.batch(acme, TODAY_DATE, by="eva")
    assert not WebhookMessage.objects.exists()
    world.dossier["documents"][0]["due"][0]["amount"] = "1O0"
    world.try_load().refused()
    assert not WebhookMessage.objects.exists()


def test_what_is_not_taken_is_offered_again_and_given_up_in_the_end(acme: Company, ear: Ear):
    listen(acme, ear)
    running.batch(acme, TODAY_DATE, by="eva")
    ear.status, now = 500, timezone.now()
    for _ in range(len(notifying.DELAYS) + 3):
        notifying.notify("w", now)
        now += timedelta(days=2)
    assert len(ear.heard) == len(notifying.DELAYS) + 1 == WebhookTry.objects.filter(status=500).count()
    assert len({headers["webhook-id"] for headers, _ in ear.heard}) == 1
    assert Event.objects.get(what="webhook_given_up").facts["webhook"] == "erp"
    assert agenda(acme, TODAY_DATE).webhooks == 1
    ear.status = 200
    listening.send_again(acme, WebhookMessage.objects.get().pk, by="eva")
    notifying.notify("w", timezone.now())
    assert WebhookMessage.objects.get().status == "sent"


def test_what_a_worker_that_died_had_claimed_is_offered_by_another(acme: Company, ear: Ear):
    listen(acme, ear)
    running.batch(acme, TODAY_DATE, by="eva")
    gone = claims.worker()
    WebhookMessage.objects.update(claimed_by=gone, claimed_at=timezone.now())
    assert notifying.notify("w", timezone.now()) == 0
    claims.release(gone)
    assert notifying.notify("w", timezone.now()) == 1


def test_a_redirection_is_not_followed(acme: Company, ear: Ear):
    ear.status, ear.headers = 302, {"Location": ear.url}
    assert channel.post(ear.url, {}, "{}", private=True) == (302, "Found")
    assert len(ear.heard) == 1


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://erp.example/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
        ),
        *("https://169.254.169.254/latest", "ftp://erp.example/", "https://a:b@erp.example/", "https://", "no address", "https://x:99999/"),
    ],
)
def test_an_address_that_is_none_or_not_public_is_refused(acme: Company, url: str):
    with pytest.raises(Refused):
        listening.set_webhook(acme, "erp", url, (), by="eva")


def test_a_name_that_stands_for_a_private_address_is_not_posted_to(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(channel.socket, "getaddrinfo", lambda *_args, **_said: [(2, 1, 6, "", ("192.168.0.1", 443))])
    answered = channel.post("https://erp.example/", {}, "{}", private=False)
    assert (answered.status, answered.words) == (None, "the name stands for an address on this machine or network")


def test_the_secret_does_not_travel_and_what_was_loaded_hears_nothing_until_it_has_one(acme: Company, world: World, ear: Ear):
    secret = listen(acme, ear)
    dumped = inside("dump", "--company", "ACME").done().out
    assert ear.url in dumped
    assert secret not in dumped
    listening.remove_webhook(acme, "erp", by="eva")
    (world.folder / "again.json").write_text(json.dumps(json.loads(dumped) | {"history": None}))
    inside("load", str(world.folder / "again.json")).done()
    running.batch(acme, TODAY_DATE, by="eva")
    assert not WebhookMessage.objects.exists()
    assert listening.renew_secret(acme, "erp", by="eva").startswith("whsec_")


def test_webhooks_are_set_up_from_the_command_line_and_replayed(acme: Company, ear: Ear):
    inside("webhook", "set", "erp", "--company", "ACME", "--url", ear.url).done()
    running.batch(acme, TODAY_DATE, by="eva")
    [message] = inside("webhook", "list", "--company", "ACME", "--json").done().json["messages"]
    inside("webhook", "replay", message["id"], "--company", "ACME").done()
    inside("webhook", "remove", "erp", "--company", "ACME").done()
    inside("webhook", "replay", message["id"], "--company", "ACME").refused("no message")
