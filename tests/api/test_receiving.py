"""Does the receiver of the page on webhooks, in either language, take what is signed with its secret, and nothing else?"""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from relance.channels.webhook import signed
from tests.house.project import ROOT

PAGES = {"secret-webhook": ROOT / "docs/how-to/recevoir-les-webhooks.md", "webhook-secret": ROOT / "docs/en/recevoir-les-webhooks.md"}
SECRET, OTHER = "whsec_c2VjcmV0LW9mLXRoZS1lcnA=", "whsec_YW5vdGhlci1zZWNyZXQ="
BODY = json.dumps({"type": "document.settled", "data": {"document": "FA-1"}})


@pytest.fixture(params=PAGES)
def receiver(request, tmp_path, monkeypatch) -> dict:
    """What the program on a page defines, run beside its secret."""
    (tmp_path / request.param).write_text(f"{SECRET}\n")
    monkeypatch.chdir(tmp_path)
    [program] = re.findall(r"```python\n(.*?)```", PAGES[request.param].read_text(), re.DOTALL)
    defined = {"__name__": "receiver"}
    exec(compile(program, PAGES[request.param].name, "exec"), defined)
    return defined


def test_what_is_signed_with_the_secret_is_taken_and_nothing_else(receiver):
    now = timezone.now()
    headers = signed(SECRET, "msg_1", now, BODY)
    assert receiver["is_good"](headers, BODY.encode())
    assert not receiver["is_good"](headers, BODY.replace("FA-1", "FA-2").encode())
    assert not receiver["is_good"](signed(OTHER, "msg_1", now, BODY), BODY.encode())
    assert not receiver["is_good"](signed(SECRET, "msg_1", now - timedelta(hours=1), BODY), BODY.encode())
