"""Is the record of a customer kept up to date by who may do so on the screens: its contacts, its sites?"""

import pytest

from relance.models import Company, Contact, Event, Site
from tests.acceptance.world import World, site

NEW = {"customer": "C001", "name": "Ann Roche", "email_at_customer": "ann@clients.example", "roles": ["main"]}


@pytest.fixture
def caller(acme: Company, world: World, program):
    """A collector's program; C001 has two sites more."""
    world.customer("C001", sites=[site("S1"), site("S2")])
    world.load()
    return program("collector", "write")


def put(caller, address: str, said: object, **named: object):
    return caller.send(address, said, method="put", **named)


def test_a_contact_is_added_once_under_its_key_and_brought_up_to_date(caller):
    for _ in range(2):
        answer = put(caller, "/contacts", NEW | {"receives": ["dunning"], "sites": ["S1"]}, key="ann")
    assert answer.json() == {"changed": [{"what": "contact", "before": None, "after": "Ann Roche"}]}
    said = {"customer": "C001", "contact": "Ann Roche", "left_on": "2026-07-01", "sites": ["S2"]}
    changed = put(caller, "/contacts", said).json()["changed"]
    assert {one["what"]: one["after"] for one in changed} == {"left_on": "2026-07-01", "sites": "S2"}
    ann = Contact.objects.get(name="Ann Roche")
    assert (ann.is_main, ann.receives_dunning, ann.email_at_customer) == (True, True, "ann@clients.example")
    assert [one.what for one in Event.objects.filter(what__startswith="contact_").order_by("number")] == ["contact_added", "contact_edited"]


def test_a_contact_that_would_receive_nothing_and_one_without_a_name_are_not_kept(caller):
    refused = put(caller, "/contacts", NEW | {"receives": ["dunning"]})
    assert refused.json()["faults"][0]["place"] == "sites"
    assert put(caller, "/contacts", {"customer": "C001"}).json()["faults"] == [{"place": "name", "message": "a new contact has a name"}]
    put(caller, "/contacts", NEW | {"receives": ["dunning"], "sites": ["S1"]})
    assert put(caller, "/contacts", {"customer": "C001", "contact": "Ann Roche", "sites": []}).status_code == 422
    assert Contact.objects.filter(name="Ann Roche").count() == 1


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (NEW | {"customer": "C999"}, 404),
        (NEW | {"sites": ["S9"]}, 404),
        ({"customer": "C001", "contact": "Nobody", "name": "X"}, 404),
        (NEW | {"email_at_customer": "nobody"}, 422),
        (NEW | {"roles": ["king"]}, 422),
    ],
)
def test_what_is_not_there_and_what_is_none_is_told(said, status, caller):
    before = Contact.objects.count()
    assert put(caller, "/contacts", said).status_code == status
    assert Contact.objects.count() == before


def test_two_contacts_of_a_customer_have_two_names(caller):
    assert [put(caller, "/contacts", NEW).status_code for _ in range(2)] == [200, 409]


def test_a_site_is_brought_up_to_date_and_what_is_not_said_stays(caller):
    said = {"customer": "C001", "site": "S1", "email": "compta@clients.example", "address": ["1 rue du Port", ""], "city": "Sète"}
    changed = put(caller, "/sites", said).json()["changed"]
    assert {one["what"]: one["after"] for one in changed} == {"email": "compta@clients.example", "address": "1 rue du Port", "city": "Sète"}
    kept = Site.objects.get(customer__code="C001", code="S1")
    assert (kept.name, kept.city) == ("Site S1", "Sète")
    assert put(caller, "/sites", said).json() == {"changed": []}
    assert put(caller, "/sites", {"customer": "C001", "site": "S9", "city": "X"}).status_code == 404
