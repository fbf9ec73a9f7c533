"""Does the tour of the API work as it is written, by curl, against a server that listens?"""

import json
import re
import shutil
import subprocess

import pytest

from relance.models import User
from relance.steps.admitting import add_token
from tests.house.project import ROOT


@pytest.mark.parametrize(("page", "listed_in"), [("how-to/api-tour.md", "open.csv"), ("fr/api-tour.md", "ouvertes.csv")])
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.django_db(transaction=True)
def test_the_tour_can_be_walked_in_both_languages(acme, live_server, tmp_path, page, listed_in):
    _, token = add_token(acme, "tour", "manager", ["read", "write", "dun"], by="eva")
    _, admin = add_token(acme, "setup", "administrator", ["read", "set_up"], by="eva")
    person = User.objects.create_user("eva@firm.example", is_admin=True)
    _, mine = add_token(person, "mine", "administrator", ["read", "write", "set_up"], by="eva")
    known = {"TOKEN": token, "ADMIN": admin, "MINE": mine, "API": f"{live_server.url}/api/v1", "PATH": "/usr/bin:/bin:/usr/local/bin"}
    known["ACME"] = f"{known['API']}/companies/ACME"
    commands = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)
    told = [
        json.loads(subprocess.run(["sh", "-c", one], env=known, cwd=tmp_path, capture_output=True, check=True).stdout) for one in commands
    ]
    ledger, explained, proposed, issued, notices, returned, paid, balance, listed, waiting, *files = told[:13]
    eva, invited, erp, revoked, me, nord, of_nord = told[13:]
    assert ledger["results"] == {"customers": ["new"], "documents": ["new"]}
    assert explained["due"][0]["decision"] == "dun"
    assert "FA-900" in [line["document"] for notice in proposed["notices"] for line in notice["lines"]]
    assert {notice["status"] for notice in issued["notices"]} == {"sent"}
    assert [line["document"] for line in notices["notices"][0]["lines"]] == ["FA-900"]
    assert returned == {"reports": [], "next": None}
    assert paid["results"] == {"payments": ["new"]}
    assert {account["code"]: account["total"] for account in balance["accounts"]}["C900"] == "70.00"
    assert listed["counts"]["customers"] == {"created": 1}
    assert waiting["waiting"] == []
    assert files == [{"status": 200}] * 3
    assert (eva["role"], invited["email"], erp["role"]) == ("collector", "eva@acme.example", "reader")
    assert revoked["changed"][0]["what"] == "revoked"
    assert (me["person"]["email"], me["may_found"]) == ("eva@firm.example", True)
    assert (nord["company"]["code"], of_nord["scopes"]) == ("NORD", ["read", "write"])
    assert "FA-2" in (tmp_path / listed_in).read_text()
    assert (tmp_path / "dossier-de-preuve.pdf").read_bytes().startswith(b"%PDF")
