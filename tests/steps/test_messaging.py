"""Does a company's mail leave by its own server, and only where the installation lets mail leave? Are its secrets kept as such?"""

import email
import email.policy
from datetime import timedelta

import dkim
import pytest

from relance.dossier import dump
from relance.models import Company, Event, Notice, Secret
from relance.models.messaging import held
from relance.steps import Refused, keeping_secrets, running, setting_up, signing_in_mail, trying_mail
from relance.steps.delivering import deliver
from tests.acceptance.postoffice import open_post_office
from tests.channels.hostile import hostile
from tests.channels.provider import token_office, token_provider
from tests.steps.queues import TODAY, queue, statuses

pytestmark = pytest.mark.django_db


def own_server(company: Company, url: str, **options) -> None:
    """The company sends by the server at this address."""
    said = {"host": "127.0.0.1", "port": int(url.rpartition(":")[2]), "security": "none", "login": "none"}
    setting_up.set_up(company, {"messaging": said | options}, by="jeanne")


def test_as_long_as_mail_goes_to_a_folder_a_companys_own_server_sends_nothing(mail_folder):
    company = queue(2)
    with open_post_office() as office:
        own_server(company, office.url)
        assert deliver(company).sent == 2
    assert (len(office.received), len(list(mail_folder.glob("*.eml")))) == (0, 2)


@pytest.mark.parametrize("installation", ["company:", "smtp://127.0.0.1:9"])
def test_where_mail_leaves_it_leaves_by_the_companys_own_server(installation, settings):
    settings.RELANCE_EMAIL_URL = installation
    company = queue(2)
    with open_post_office() as office:
        own_server(company, office.url)
        assert deliver(company).sent == 2
    assert len(office.received) == 2


def test_without_a_server_of_its_own_a_company_takes_the_installations(settings):
    company = queue(1)
    with open_post_office() as office:
        settings.RELANCE_EMAIL_URL = office.url
        assert deliver(company).sent == 1
    settings.RELANCE_EMAIL_URL = "company:"
    other = queue(1)
    assert "no mail server of its own" in (deliver(other).problem or "no mail server of its own")


def test_without_any_server_mail_stays_queued_and_says_why(settings):
    company, settings.RELANCE_EMAIL_URL = queue(1), "company:"
    assert "no mail server of its own" in deliver(company).problem
    assert statuses(company) == {"FA-000": "queued"}


def test_a_company_signs_in_by_tokens_that_are_kept_encrypted(settings):
    settings.RELANCE_EMAIL_URL = "company:"
    company = queue(1)
    with token_provider() as provider, token_office() as office:
        provider.gives("t0ken-1")
        office.takes = {"t0ken-1"}
        own_server(company, office.url, login="oauth2", user="compta@acme.example", client_id="app", token_url=f"{provider.url}/token")
        keeping_secrets.put(company, "client_secret", "s3cret", "jeanne")
        assert deliver(company).sent == 1
        assert trying_mail.check(company)[0].good
    assert len(provider.asked) == 1, "the token is kept and shown again"
    assert {"client_secret", "tokens"} <= held(company)
    stored = b"".join(bytes(one.sealed) for one in Secret.objects.all())
    assert b"s3cret" not in stored
    assert b"t0ken" not in stored


def test_a_person_signs_in_once(settings):
    settings.RELANCE_EMAIL_URL = "company:"
    company = queue(1)
    with token_provider() as provider, token_office() as office:
        url = provider.url
        office.takes = {"t2"}
        own_server(
            company, office.url, login="oauth2", flow="device", user="a@b.example", client_id="app", token_url=url, device_url=f"{url}/code"
        )
        assert "nobody has signed in" in deliver(company).problem
        provider.answers = [(200, {"device_code": "D", "user_code": "AB-12", "verification_uri": "https://p.example"})]
        signing_in_mail.begin(company)
        provider.gives("t1", refresh="r1", expires_in=1)
        assert signing_in_mail.finish(company, "jeanne")
        provider.gives("t2", refresh="r2")
        assert deliver(company).sent == 1
    assert signing_in_mail.waiting(company) is None
    assert Event.objects.filter(what="mail_signed_in", by="jeanne").count() == 1


def test_no_secret_is_in_the_dump_or_in_the_history():
    company = queue(1)
    own_server(company, "x:25", login="password", user="compta")
    keeping_secrets.put(company, "password", "s3cret", "jeanne")
    told = "".join(dump(company))
    assert "s3cret" not in told
    assert '"host": "127.0.0.1"' in told
    assert Event.objects.get(what="secret_set").facts == {"secret": "password"}


def test_a_password_is_for_the_server_it_was_given_for():
    company = queue(1)
    own_server(company, "x:25", login="password", user="compta")
    keeping_secrets.put(company, "password", "s3cret", "jeanne")
    assert held(company) == {"password"}
    own_server(company, "x:25", login="password", user="compta", host="evil.example")
    assert held(company) == set()
    assert "no password is kept" in trying_mail.check(company)[0].said


def test_under_another_key_of_the_installation_a_secret_is_lost_and_said_to_be(settings):
    company = queue(1)
    own_server(company, "x:25", login="password", user="compta")
    keeping_secrets.put(company, "password", "s3cret", "jeanne")
    settings.SECRET_KEY = "another"
    assert "under another secret key" in trying_mail.check(company)[0].said


def test_a_secret_moved_to_another_company_does_not_open():
    company = queue(1)
    own_server(company, "x:25", login="password", user="compta")
    keeping_secrets.put(company, "password", "s3cret", "jeanne")
    other = Company.objects.create(code="B", name="B", currency="EUR", messaging=company.__class__.objects.get(pk=company.pk).messaging)
    Secret.objects.update(company=other)
    assert held(other) == set()


FAULTS = [
    ({"MAIL": "550 5.7.60 SMTP; Client does not have permissions to send as this sender"}, 1, "does not let compta@acme.example send: 550"),
    ({"GREETING": "554 go away"}, 0, "cannot be reached: 554 go away"),
    (
        {"EHLO": "250-x\n250 AUTH PLAIN", "AUTH": "535 5.7.139 Authentication unsuccessful, basic authentication is disabled."},
        0,
        "Microsoft",
    ),
    ({"EHLO": "250-x\n250 AUTH PLAIN", "AUTH": "535 5.7.8 Username and Password not accepted"}, 0, "does not accept the user name or pass"),
    ({"EHLO": "250-x\n250 AUTH PLAIN", "AUTH": "534 5.7.9 Application-specific password required"}, 0, "made for applications"),
]


@pytest.mark.parametrize(("answers", "place", "told"), FAULTS)
def test_what_is_wrong_with_a_server_is_said_in_words(answers, place, told):
    company = queue(1)
    Company.objects.update(sender_email="compta@acme.example")
    company.refresh_from_db()
    with hostile(**answers) as server:
        login = {"login": "password", "user": "compta"} if "AUTH" in answers else {}
        own_server(company, server.url, **login)
        if login:
            keeping_secrets.put(company, "password", "s3cret", "jeanne")
        check = trying_mail.check(company)[place]
    assert not check.good
    assert told in check.said
    assert "s3cret" not in check.said
    assert "DATA" not in server.verbs


@pytest.mark.parametrize(("host", "told"), [("nowhere.invalid", "no server has this name"), ("127.0.0.1", "Connection refused")])
def test_a_server_that_is_not_there_is_told_apart(host, told):
    company = queue(1)
    own_server(company, "x:9", host=host)
    assert told in trying_mail.check(company)[0].said


def test_an_incomplete_set_up_says_what_is_missing():
    company = queue(1)
    own_server(company, "x:25", login="oauth2", provider="microsoft")
    assert trying_mail.check(company)[0].said.endswith("not complete: user, client_id, tenant")


# -- what a message says of itself


def sent(folder) -> list:
    return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in sorted(folder.glob("*.eml"))]


def signed(company: Company) -> str:
    setting_up.set_up(company, {"messaging": {"dkim_domain": "acme.example", "dkim_selector": "r1"}}, by="jeanne")
    keeping_secrets.make_key(company, "jeanne")
    return keeping_secrets.published(company)[1]


def test_a_company_with_a_key_signs_what_it_sends_and_keeps_it_signed(mail_folder):
    company = queue(1)
    record = signed(company)
    assert deliver(company).sent == 1
    raw = next(mail_folder.glob("*.eml")).read_bytes()
    assert dkim.verify(raw, dnsfunc=lambda *_given, **_more: record.encode())
    from relance.models.renditions import content

    assert content(Notice.objects.get().renditions.get()) == raw


def test_a_key_that_is_lost_keeps_mail_from_leaving_unsigned(settings):
    company = queue(1)
    signed(company)
    settings.SECRET_KEY = "another"
    assert "cannot be signed" in deliver(company).problem
    assert statuses(company) == {"FA-000": "queued"}


def test_the_published_key_is_checked():
    company = queue(1)
    Company.objects.update(sender_email="compta@acme.example")
    company.refresh_from_db()
    record = signed(company).encode()
    found = [trying_mail.check(company, lambda _name, answer=answer: answer)[0] for answer in (record, None, b"v=DKIM1; p=AAAA")]
    assert [one.good for one in found] == [True, False, False]
    assert "holds no TXT record r1._domainkey.acme.example" in found[1].said


def test_what_is_no_key_is_not_kept():
    company = queue(1)
    with pytest.raises(Refused, match="not a private key"):
        keeping_secrets.put(company, "dkim_key", "nonsense", "jeanne")
    assert not Secret.objects.exists()


def test_a_reminder_follows_the_one_before_it_of_the_same_debt(mail_folder):
    company = queue(1)
    setting_up.set_up(company, {"messaging": {"sender_name": "Compta Acme", "reply_to": "answers@acme.example"}}, by="jeanne")
    company.refresh_from_db()
    deliver(company)
    for days in (7, 30):
        running.batch(company, TODAY + timedelta(days), by="jeanne")
    ids = list(Notice.objects.order_by("pk").values_list("message_id", flat=True))
    found = {one["Message-ID"]: one for one in sent(mail_folder)}
    assert len(ids) >= 2
    first, second = found[ids[0]], found[ids[1]]
    assert (first["In-Reply-To"], second["In-Reply-To"], second["References"]) == (None, ids[0], ids[0])
    assert (first["Auto-Submitted"], second["Reply-To"]) == ("auto-generated", "answers@acme.example")
    assert str(second["From"]).startswith("Compta Acme <")
