"""Is something asked before anything is lost, and does it say what? One question for all, which needs no script."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.utils import timezone

from relance import web
from relance.models import Company, Token, Webhook
from relance.models.webhooks import Happening, tell
from relance.steps import admitting, listening
from tests.web.test_settings_policies import PAGE as POLICIES
from tests.web.test_settings_policies import bounds, form
from tests.web.test_settings_policies import words as told

SETTINGS = "/c/ACME/settings/"
TEMPLATES = Path(web.__file__).parent / "templates"
_ASKED = re.compile(r'<div id="([\w-]+)" popover class="question" role="alertdialog"(.*?)</form></div>', re.DOTALL)
_ACTS = re.compile(r'<button[^>]*class="button[^"]*danger[^>]*>')


@pytest.fixture
def shown(acme: Company, browser):
    """A page of ACME as its administrator sees it: its questions by their places."""

    def look(address: str) -> dict[str, str]:
        page = browser("administrator", acme).get(address).content.decode()
        asked = {place: unescape(" ".join(re.sub(r"<[^>]*>", " ", said).split())) for place, said in _ASKED.findall(page)}
        assert set(re.findall(r'class="button danger[^"]*" type="button" popovertarget="([\w-]+)"', page)) == set(asked)
        return asked

    return look


def test_nothing_is_taken_away_by_a_button_that_asks_nothing():
    asking = {"question.html", "policies.html", "types.html"}
    asking |= {
        "button.html",
        "authenticator_confirm_delete.html",
        "generate.html",
        "deactivate_form.html",
    }  # of pages that ask by themselves
    found = {path.name for path in TEMPLATES.rglob("*.html") if _ACTS.search(path.read_text(encoding="utf-8"))}
    assert found <= asking


def test_a_token_is_revoked_only_after_a_question_that_names_it(acme, shown):
    token, _secret = admitting.add_token(acme, "erp", "reader", ["read"], by="tests")
    asked = shown(f"{SETTINGS}tokens/")[f"revoke-{token.pk}"]
    assert "Revoke erp?" in asked
    assert f"ending with {token.hint} is shut out at once" in asked
    assert Token.objects.get().revoked_at is None


def test_the_question_before_a_webhook_goes_counts_the_messages_that_go_with_it(acme, shown):
    hook, _secret = listening.set_webhook(acme, "erp", "https://erp.example/relance", [], by="tests")
    tell(acme.pk, [Happening("notice.sent", None, None, None, {})] * 2, timezone.now())
    hook.messages.filter(pk=hook.messages.first().pk).update(status="sent")
    asked = shown(f"{SETTINGS}webhooks/")
    assert set(asked) == {f"secret-{hook.pk}", f"remove-{hook.pk}"}
    assert "2 messages are deleted with the log of their tries (waiting to be taken: 1)" in asked[f"remove-{hook.pk}"]
    assert Webhook.objects.count() == 1


def test_a_level_goes_with_its_texts_only_once_that_was_asked(acme, browser):
    client, before = browser("administrator", acme), bounds(acme)
    page = told(client.post(POLICIES, form(acme, level_3__remove="on")))
    assert "Remove these levels? 3" in page
    assert bounds(acme) == before
    client.post(POLICIES, form(acme, act="remove", level_3__remove="on"))
    assert [level for level, *_days in bounds(acme)] == [1, 2]
