"""Are statuses, payment methods, collaborators, users and templates set up on their pages, and kept where something refers to them?"""

import io
import re
from html import unescape

import pytest

from relance.dossier import set_up
from relance.letters.own.sample import sample_template
from relance.models import Company, Customer, Membership, TemplateVersion, User
from relance.models.history import Event
from relance.models.templates import TemplateUse, Uses
from relance.steps import granting, templating
from tests.acceptance.world import World
from tests.letters.documents import parts
from tests.web.conftest import queries

LISTS = "/c/ACME/settings/lists/"
USERS = "/c/ACME/settings/users/"
TEMPLATES = "/c/ACME/settings/templates/"


def words(answer) -> str:
    """The page as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ").split())


def kept(company: Company, noun: str) -> dict[str, dict]:
    return {row["code"]: row for row in set_up(company)[noun]}


@pytest.mark.spec("K35")
def test_a_status_is_added_changed_and_removed(acme, browser):
    client = browser("administrator", acme)
    client.post(f"{LISTS}entry/?list=statuses", {"act": "save", "code": "HUIS", "label": "Huissier", "stops_dunning": "on"})
    assert kept(acme, "statuses")["HUIS"] == {"code": "HUIS", "label": "Huissier", "stops_dunning": True}
    client.post(f"{LISTS}entry/?list=statuses&code=HUIS", {"act": "save", "label": "Commissaire"})
    assert kept(acme, "statuses")["HUIS"] == {"code": "HUIS", "label": "Commissaire", "stops_dunning": False}
    assert "HUIS Commissaire no" in words(client.get(LISTS))
    client.post(f"{LISTS}entry/?list=statuses&code=HUIS", {"act": "remove"})
    assert "HUIS" not in kept(acme, "statuses")
    assert Event.objects.filter(what="settings_changed").count() == 3


def test_a_payment_method_and_a_collaborator_are_kept_as_a_dossier_keeps_them(acme, browser):
    client = browser("administrator", acme)
    client.post(f"{LISTS}entry/?list=payment_methods", {"act": "save", "code": "LCR", "label": "Lettre de change"})
    client.post(f"{LISTS}entry/?list=collaborators", {"act": "save", "code": "EVA", "name": "Eva", "email": "eva@acme.example"})
    assert kept(acme, "payment_methods")["LCR"]["dunnable"] is False
    assert kept(acme, "collaborators")["EVA"]["email"] == "eva@acme.example"


@pytest.mark.parametrize(
    ("asked", "sent", "told"),
    [
        ("list=statuses", {"code": "VU"}, "This code is taken."),
        ("list=statuses", {"code": ""}, "This field is required."),
        ("list=collaborators", {"code": "EVA", "email": "eva"}, "not an e-mail address"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(asked, sent, told, acme, browser):
    before = set_up(acme)
    assert told in words(browser("administrator", acme).post(f"{LISTS}entry/?{asked}", sent | {"act": "save"}))
    assert set_up(acme) == before


def test_what_something_refers_to_is_not_removed(world: World, browser):
    world.invoice("FA-1", status="VU", manager="DUP")
    world.load()
    company = Company.objects.get()
    before, client = set_up(company), browser("administrator", company)
    for noun, code in (("statuses", "VU"), ("payment_methods", "VIR"), ("collaborators", "DUP")):
        page = words(client.post(f"{LISTS}entry/?list={noun}&code={code}", {"act": "remove"}, follow=True))
        assert re.search(rf"1 \w+.* {code}", page)
    assert set_up(company) == before


def test_more_rows_need_no_more_queries(acme, world: World, browser):
    client = browser("manager", acme)

    before = queries(client, f"{LISTS}?list=collaborators")
    world.update(collaborators=[{"code": f"X{number}"} for number in range(60)])
    assert queries(client, f"{LISTS}?list=collaborators") == before


# -- users


def test_somebody_new_comes_in_by_a_link_and_acts_in_his_role(acme, browser):
    page = words(browser("administrator", acme).post(USERS, {"act": "add", "email": "Eva@acme.example", "role": "collector"}, follow=True))
    link = re.search(r"http://testserver(/invitation/\S+/)", page)[1]
    assert Membership.objects.get(user__email="eva@acme.example").role == "collector"
    client = browser()
    assert client.get(link).status_code == 302
    assert client.get("/c/ACME/").status_code == 200
    event = Event.objects.get(what="role_given")
    assert (event.by, event.facts["after"]) == ("administrator@acme.example", "collector")


def test_a_role_is_changed_and_taken_away(acme, browser):
    client = browser("administrator", acme)
    eva = granting.add_user("eva@acme.example", None)
    granting.give_role(eva, acme, "reader", by="somebody")
    member = Membership.objects.get(user=eva).pk
    client.post(USERS, {"act": "role", "member": member, "role": "manager"})
    assert Membership.objects.get(user=eva).role == "manager"
    client.post(USERS, {"act": "role", "member": member, "role": "king"})
    assert Membership.objects.get(user=eva).role == "manager"
    client.post(USERS, {"act": "remove", "member": member})
    assert not Membership.objects.filter(user=eva).exists()


def test_nobody_changes_his_own_role(acme, browser):
    client = browser("administrator", acme)
    own = Membership.objects.get()
    for sent in ({"act": "role", "role": "reader"}, {"act": "remove"}):
        assert "nobody changes his own role" in words(client.post(USERS, sent | {"member": own.pk}, follow=True))
    client.post(USERS, {"act": "add", "email": own.user.email, "role": "reader"})
    assert Membership.objects.get().role == "administrator"


def test_a_link_is_made_for_nobody_who_could_come_in_already_or_acts_elsewhere(acme, browser):
    client = browser("administrator", acme)
    users = {
        name: User.objects.create_user(f"{name}@acme.example", *secret) for name, secret in (("known", ("cheval agrafe",)), ("abroad", ()))
    }
    granting.give_role(users["abroad"], Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR"), "reader", by="x")
    for user in users.values():
        page = words(client.post(USERS, {"act": "add", "email": user.email, "role": "reader"}, follow=True))
        member = Membership.objects.get(user=user, company=acme)
        again = words(client.post(USERS, {"act": "invite", "member": member.pk}, follow=True))
        assert "/invitation/" not in page + again
    assert set(User.objects.values_list("invitation", flat=True)) == {""}


def test_a_user_who_was_removed_is_not_let_in_by_a_company(acme, browser):
    user = granting.add_user("eva@acme.example", None)
    granting.remove_user(user, by="x")
    page = words(browser("administrator", acme).post(USERS, {"act": "add", "email": user.email, "role": "reader"}, follow=True))
    assert "only an administrator of the installation" in page
    assert not User.objects.get(pk=user.pk).is_active


def test_a_member_of_another_company_is_not_touched(acme, browser):
    stranger = Membership.objects.create(
        company=Company.objects.create(code="ELSE", name="Elsewhere", currency="EUR"),
        user=User.objects.create_user("x@else.example"),
        role="reader",
    )
    browser("administrator", acme).post(USERS, {"act": "remove", "member": stranger.pk})
    assert Membership.objects.filter(pk=stranger.pk).exists()


# -- letter templates


def upload(name: str = "modele.odt", content: bytes | None = None) -> io.BytesIO:
    file = io.BytesIO(sample_template("fr") if content is None else content)
    file.name = name
    return file


def test_a_template_is_begun_from_the_sample_kept_used_for_others_and_removed(acme, browser):
    client = browser("administrator", acme)
    sample = client.get(f"{TEMPLATES}sample/?as=odt").content
    client.post(TEMPLATES, {"name": "AGRI", "document": upload(content=sample), "levels": ["2"]})
    assert "AGRI 1 modele.odt administrator@acme.example 2" in words(client.get(TEMPLATES))
    client.post(TEMPLATES, {"name": "AGRI", "customers": "C001, C002", "types": "10"})
    (told,) = templating.templates(acme)
    assert (told["version"], told["levels"], told["customers"], told["types"]) == (1, (), ("C001", "C002"), ("10",))
    assert client.get(f"{TEMPLATES}one/?name=AGRI&as=document").content == sample
    client.post(f"{TEMPLATES}remove/", {"name": "AGRI"})
    assert list(templating.templates(acme)) == []


def test_the_sample_shows_what_the_company_shows(acme, browser):
    acme.display = {"columns": ["due_date"], "accent_color": "#7a1f3d"}
    acme.save()
    files = parts(browser("administrator", acme).get(f"{TEMPLATES}sample/").content)
    assert b"{line.due_date}" in files["content.xml"]
    assert b"{line.amount}" not in files["content.xml"]
    assert b"#7a1f3d" in files["styles.xml"]


def test_a_document_that_is_no_template_is_told_and_not_kept(acme, browser):
    page = words(browser("administrator", acme).post(TEMPLATES, {"name": "AGRI", "document": upload("x.odt", b"no document")}))
    assert "x.odt:" in page
    assert not TemplateVersion.objects.exists()


def test_a_template_that_is_not_there_is_not_found(acme, browser):
    assert browser("manager", acme).get(f"{TEMPLATES}one/?name=NADA").status_code == 404


def test_a_type_of_customers_is_put_together_with_another_and_templates_go_with_it(acme, browser):
    Customer.objects.filter(code="C001").update(type="GD")
    Customer.objects.filter(code="C002").update(type="GRANDS")
    templating.add_template(acme, "grands", "grands.odt", sample_template("odt"), uses=Uses(types=("GD",)), by="tests")
    client = browser("administrator", acme)
    assert "GD 1" in words(browser("manager", acme).get(f"{LISTS}types/"))
    client.post(f"{LISTS}types/", {"type": "GD", "name": "GRANDS", "act": "together"})
    assert set(Customer.objects.values_list("type", flat=True)) == {"GRANDS"}
    assert list(TemplateUse.objects.values_list("customer_type", flat=True)) == ["GRANDS"]
    assert [event.facts["changed"][0]["after"] for event in Event.objects.filter(what="customer_edited")] == ["GRANDS"]
    assert browser("manager", acme).post(f"{LISTS}types/", {"type": "GRANDS", "name": ""}).status_code == 403


def test_a_type_of_customers_is_called_by_its_label_wherever_it_is_read(acme, world: World, browser):
    world.update(customers=[{"code": "C001", "type": "10"}, {"code": "C002", "type": "20"}])
    client = browser("administrator", acme)
    client.post(f"{LISTS}types/", {"type": "10", "label": "Cavistes"})
    assert kept(acme, "customer_types") == {"10": {"code": "10", "label": "Cavistes"}}
    pk = Customer.objects.get(code="C001").pk
    for page in ("customers/", f"customers/{pk}/", f"customers/{pk}/sheet/", "aged/?chosen=1&column=type&as_of=2026-07-15"):
        assert "Cavistes" in words(client.get(f"/c/ACME/{page}"))
    grouped = "as_of=2026-07-15&group_by=type"
    assert "Cavistes 100.00" in words(client.get(f"/c/ACME/aged/?{grouped}"))
    assert "Cavistes,C001" in b"".join(client.get(f"/c/ACME/aged/export/?{grouped}&format=csv")).decode()
    client.post(f"{LISTS}types/", {"type": "10", "label": ""})
    assert kept(acme, "customer_types") == {}
    assert "10 100.00" in words(client.get(f"/c/ACME/aged/?{grouped}"))


def test_what_a_type_is_called_goes_with_it_to_its_new_code_but_not_over_that_of_another(acme, world: World, browser):
    world.update(customers=[{"code": "C001", "type": "10"}], customer_types=[{"code": "10", "label": "Cavistes"}])
    client = browser("administrator", acme)
    client.post(f"{LISTS}types/", {"type": "10", "name": "11"})
    assert kept(acme, "customer_types") == {"11": {"code": "11", "label": "Cavistes"}}
    world.update(customer_types=[{"code": "12", "label": "Hôtels"}])
    client.post(f"{LISTS}types/", {"type": "11", "name": "12", "act": "together"})
    assert kept(acme, "customer_types") == {"12": {"code": "12", "label": "Hôtels"}}


def test_types_become_one_or_none_only_once_that_was_asked(acme, world: World, browser):
    world.update(
        customers=[{"code": "C001", "type": "10"}, {"code": "C002", "type": "20"}],
        customer_types=[{"code": "10", "label": "Cavistes"}, {"code": "20", "label": "Hôtels"}],
    )
    for name in ("petits.odt", "grands.odt"):
        uses = Uses(types=("10" if name == "petits.odt" else "20",))
        templating.add_template(acme, name, name, sample_template("odt"), uses=uses, by="tests")
    before, client = kept(acme, "customer_types"), browser("administrator", acme)
    page = words(client.post(f"{LISTS}types/", {"type": "10", "name": "20"}))
    assert "Put the type 10 together with 20?" in page
    assert "1 customer takes the type 20: nothing tells it apart" in page
    assert "The label “Cavistes” is lost. The letter template chosen for 10 is no longer chosen" in page
    page = words(client.post(f"{LISTS}types/", {"type": "10", "name": " "}))
    assert "Take the type 10 away? 1 customer has no type any more." in page
    assert (kept(acme, "customer_types"), set(Customer.objects.values_list("type", flat=True))) == (before, {"10", "20"})
    client.post(f"{LISTS}types/", {"type": "10", "name": "", "act": "together"})
    assert set(Customer.objects.values_list("type", flat=True)) == {"", "20"}
