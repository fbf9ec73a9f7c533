"""Does the receiver of the page on webhooks take what is signed with its secret, and nothing else?"""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from relance.channels.webhook import signed
from tests.house.project import ROOT

PAGE = (ROOT / "docs/how-to/recevoir-les-webhooks.md").read_text()
SECRET, OTHER = "whsec_c2VjcmV0LW9mLXRoZS1lcnA=", "whsec_YW5vdGhlci1zZWNyZXQ="
BODY = json.dumps({"type": "document.settled", "data": {"document": "FA-1"}})


@pytest.fixture
def receiver(tmp_path, monkeypatch) -> dict:
    """What the program on the page defines, run beside its secret."""
    (tmp_path / "secret-webhook").write_text(f"{SECRET}\n")
    monkeypatch.chdir(tmp_path)
    [program] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    defined = {"__name__": "receiver"}
    exec(compile(program, "recevoir-les-webhooks.md", "exec"), defined)
    return defined


def test_what_is_signed_with_the_secret_is_taken_and_nothing_else(receiver):
    now = timezone.now()
    headers = signed(SECRET, "msg_1", now, BODY)
    assert receiver["is_good"](headers, BODY.encode())
    assert not receiver["is_good"](headers, BODY.replace("FA-1", "FA-2").encode())
    assert not receiver["is_good"](signed(OTHER, "msg_1", now, BODY), BODY.encode())
    assert not receiver["is_good"](signed(SECRET, "msg_1", now - timedelta(hours=1), BODY), BODY.encode())
