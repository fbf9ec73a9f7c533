"""Are the company's identity and options stored as a dossier would, refused beside their field, and their changes told?"""

import re
from html import unescape

import pytest

from relance.dossier import set_up
from relance.models import Company
from relance.models.history import Event

PAGE = "/c/ACME/settings/company/"


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ").split())


def form(company: Company, **changed: str) -> dict:
    """What the page would send if nothing but this was changed."""
    stored = set_up(company)
    said = stored["company"] | stored["options"] | {"address": "\n".join(stored["company"]["address"])} | changed
    return {name: value for name, value in said.items() if value is not None and value is not False}


def test_a_page_saved_as_it_is_changes_nothing(acme, browser):
    before = set_up(acme)
    assert browser("administrator", acme).post(PAGE, form(acme)).status_code == 302
    assert set_up(acme) == before


def test_identity_and_options_are_saved_and_the_page_tells_who_changed_what(acme, browser):
    client = browser("administrator", acme, "fr")
    sent = form(
        acme,
        name="Acme SA",
        address="1 rue Haute\r\n\r\n75001 Paris",
        iban="FR76 3000 6000 0112 3456 7890 189",
        min_invoice_amount="1 234,50",
        interest_rate="15,5",
        fallback_payment_method="VIR",
        dun_creditor_customers="on",
    )
    page = words(client.post(PAGE, sent, follow=True))
    kept = set_up(acme)
    assert (kept["company"]["name"], kept["company"]["address"]) == ("Acme SA", ["1 rue Haute", "75001 Paris"])
    assert kept["company"]["iban"] == "FR7630006000011234567890189"
    options = {name: kept["options"][name] for name in ("min_invoice_amount", "interest_rate", "fallback_payment_method")}
    assert options == {"min_invoice_amount": "1234.50", "interest_rate": "15.50", "fallback_payment_method": "VIR"}
    assert kept["options"]["dun_creditor_customers"]
    assert "Nom : Acme SAS → Acme SA" in page
    assert Event.objects.get(what="settings_changed").by == "administrator@acme.example"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("min_invoice_amount", "dix", "ce n’est pas un montant"),
        ("min_invoice_amount", "-1,00", "ne peut pas être négatif"),
        ("interest_rate", "0,5", "inférieur au plancher légal"),
        ("payment_terms", "demain", "ce n’est pas une condition de règlement"),
        ("time_zone", "Paris", "ce n’est pas un fuseau horaire"),
        ("holidays", "XX", "jours fériés sont connus"),
        ("sender_email", "compta", "ce n’est pas une adresse électronique"),
        ("currency", "euro", "des majuscules sont attendues"),
        ("promise_grace_days", "-1", "supérieure ou égale à 0"),
        ("name", "x" * 201, "plus de 200 caractères"),
    ],
)
def test_what_a_dossier_would_refuse_is_told_at_its_field_in_the_readers_language(field, value, told, acme, browser, in_2026):
    before = set_up(acme)
    answer = browser("administrator", acme, "fr").post(PAGE, form(acme, **{field: value}))
    fault = re.search(rf'id="id_{field}_error">(.*?)</div>', answer.content.decode(), re.DOTALL)
    assert told in unescape(fault[1])
    assert set_up(acme) == before
    assert not Event.objects.filter(what="settings_changed").exists()


def test_a_manager_looks_and_changes_nothing(acme, browser):
    before, client = set_up(acme), browser("manager", acme)
    assert "disabled" in client.get(PAGE).content.decode()
    assert client.post(PAGE, form(acme, name="Mine")).status_code == 403
    assert set_up(acme) == before


def test_every_option_of_a_dossier_has_its_field_here_or_with_the_levels(acme, browser):
    client, stored = browser("manager", acme), set_up(acme)
    shown = {
        name for page in (PAGE, "/c/ACME/settings/policies/") for name in re.findall(r' name="([\w-]+)"', client.get(page).content.decode())
    }
    assert {*stored["company"], *stored["options"]} - shown == {"code"}
    assert {f"level-1-{name}" for name in stored["levels"][0]} - shown == {
        f"level-1-{name}" for name in ("level", "subject", "header", "footer", "texts")
    }
