"""Which addresses of channels are understood, and what if the server behind one does not let us in?"""

import shutil
import ssl
import subprocess
import time

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult, LoginPassword

from relance.channels import CHANNELS, Unreachable, open_channel, smtp_door
from tests.acceptance.postoffice import Office, closed_port
from tests.channels.hostile import HANG, HANG_UP, hostile

SECRET = "s3cr%40t"  # as it stands in an address; the password is s3cr@t
WRONG = ["", "nonsense", "gopher://x", "smtp://", "smtp:host", "smtp://host:port", "smtp://host:25/path", "smtp://host?tls=yes", "file://"]
WRONG += ["file://elsewhere/mail", "smtp://u:s3cr/t@host:25", "smtp://u:s3cr#t@host", "smtp://[::1", "smtps://host:99999"]


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_is_not_understood_is_refused_without_being_repeated(url):
    with pytest.raises(Unreachable, match="RELANCE_EMAIL_URL") as refusal:
        open_channel(url)
    assert "s3cr" not in str(refusal.value)


def test_there_are_three_kinds_of_channels():
    assert sorted(CHANNELS) == ["file", "smtp", "smtps"]


def test_a_channel_never_shows_its_password():
    channel = open_channel(f"smtp://compta:{SECRET}@mail.example:587?starttls=1")
    assert repr(channel) == "Smtp(mail.example:587)"
    assert "s3cr" not in repr(vars(channel))


FAULTS = [
    ("554 go away", {"GREETING": "554 go away"}),
    ("timed out", {"GREETING": HANG}),
    ("unexpectedly closed", {"GREETING": HANG_UP}),
    ("not SMTP", {"GREETING": "hello"}),
    ("502 no", {"EHLO": "502 no", "HELO": "502 no"}),
    ("lost|closed", {"EHLO": HANG_UP, "HELO": HANG_UP}),
]


@pytest.mark.parametrize(("reason", "answers"), FAULTS)
def test_a_server_that_does_not_receive_us_is_unreachable_and_says_why(reason, answers):
    timeout = 2 if HANG in answers.values() else 60
    with hostile(**answers) as server, pytest.raises(Unreachable, match=reason), open_channel(server.url, timeout=timeout):
        pass


def test_a_server_that_is_not_there_is_unreachable():
    with (
        closed_port() as port,
        pytest.raises(Unreachable, match=f"127.0.0.1:{port} cannot be reached: Connection refused"),
        open_channel(f"smtp://127.0.0.1:{port}"),
    ):
        pass


def test_a_server_may_greet_slowly():
    def sleepy():
        time.sleep(0.2)
        return "220 good morning"

    with hostile(GREETING=sleepy) as server, open_channel(server.url, timeout=60) as channel:
        assert channel.send("a@b.example", ("c@d.example",), b"x\r\n", lambda: None).kind == "accepted"


# -- passwords and encryption


def authenticator(_server, _session, _envelope, _mechanism, given):
    return AuthResult(success=given == LoginPassword(b"compta", b"s3cr@t"), handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate that nobody vouches for, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not there to make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1,DNS:localhost"
    subprocess.run(["openssl", *words.split(), "-keyout", folder / "key", "-out", folder / "cert"], check=True, capture_output=True)
    return folder / "cert", folder / "key"


@pytest.fixture
def serve(request):
    """Run a server that asks for a password."""

    def started(**options):
        office = Office(Sink(), authenticator=authenticator, auth_exclude_mechanism=["NTLM"], **options)
        office.start()
        request.addfinalizer(office.stop)
        return office.port

    return started


def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def delivered(url):
    with open_channel(url, timeout=60) as channel:
        return channel.send("a@acme.example", ("b@leblanc.example",), b"Subject: x\r\n\r\ny\r\n", lambda: None).kind


CLEAR = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@CLEAR
def test_a_password_in_an_address_is_percent_encoded(serve):
    port = serve(auth_required=True, auth_require_tls=False)
    assert delivered(f"smtp://compta:{SECRET}@127.0.0.1:{port}") == "accepted"


@CLEAR
def test_a_wrong_password_is_a_message_that_does_not_show_it(serve):
    port = serve(auth_required=True, auth_require_tls=False)
    with pytest.raises(Unreachable, match=r"user name or password \(535\)") as refusal:
        delivered(f"smtp://compta:wr0ng@127.0.0.1:{port}")
    assert "wr0ng" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("answer", ["503 already authenticated", "504 not so", "235"])
def test_only_a_welcome_lets_us_in(answer):
    with hostile(EHLO="250-hello\n250 AUTH PLAIN", AUTH=answer) as server:
        url = server.url.replace("://", "://compta:s3cret@")
        if answer == "235":
            assert delivered(url) == "accepted"
        else:
            with pytest.raises(Unreachable, match="does not accept the user name or password"):
                delivered(url)


def test_a_password_that_cannot_be_told_is_a_message_that_does_not_show_it():
    with hostile(EHLO="250-hello\n250 AUTH PLAIN") as server, pytest.raises(Unreachable, match="only ASCII can") as refusal:
        delivered(server.url.replace("://", "://compta:s%C3%A9cret@"))
    assert refusal.value.__suppress_context__
    assert "cret" not in str(refusal.value)


def test_a_server_without_passwords_is_a_message(serve):
    with hostile() as server, pytest.raises(Unreachable, match="AUTH"):
        delivered(server.url.replace("://", "://compta:secret@"))


def test_encryption_is_used_wherever_it_is_offered(serve, certificate):
    port = serve(tls_context=tls(certificate), require_starttls=True)
    assert delivered(f"smtp://127.0.0.1:{port}") == "accepted"


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:{port}?starttls=1", "smtp://compta:secret@127.0.0.1:{port}"])
def test_a_certificate_nobody_vouches_for_is_refused_where_encryption_is_demanded_or_a_password_sent(serve, certificate, url):
    port = serve(tls_context=tls(certificate))
    with pytest.raises(Unreachable, match="certificate verify failed"):
        delivered(url.format(port=port))


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:{port}?starttls=1", "smtp://compta:s3cr%40t@127.0.0.1:{port}"])
def test_a_certificate_that_is_vouched_for_is_accepted(serve, certificate, monkeypatch, url):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    port = serve(tls_context=tls(certificate), auth_required="compta" in url)
    assert delivered(url.format(port=port)) == "accepted"


def test_a_connection_encrypted_from_the_first_byte(certificate, monkeypatch, serve):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    port = serve(ssl_context=tls(certificate))
    assert delivered(f"smtps://127.0.0.1:{port}") == "accepted"


def test_encryption_that_is_demanded_and_not_offered_is_a_message():
    with hostile() as server, pytest.raises(Unreachable, match="STARTTLS"):
        delivered(f"{server.url}?starttls=1")


def test_a_password_does_not_leave_this_machine_in_clear(monkeypatch):
    monkeypatch.setattr(smtp_door, "_is_this_machine", lambda host: False)
    with hostile(EHLO="250-hello\n250 AUTH PLAIN") as server:
        url = server.url.replace("://", "://compta:secret@")
        with pytest.raises(Unreachable, match="no encryption"):
            delivered(url)
        assert "AUTH" not in server.verbs
        assert delivered(f"{url}?starttls=0") == "accepted"
