"""Who would get an e-mail about a document, and by which of the four steps? (Section 5.)"""

import pytest

from tests.acceptance.world import TODAY, contact, site


def who(world, document="FA-1"):
    return world.ask("recipients", "--document", document, "--as-of", TODAY).done().json


def found(step):
    return [(one["address"], one["name"]) for one in step["to"]]


@pytest.mark.spec("K71", "K75", "K76", "K77", "K78")
@pytest.mark.parametrize(
    ("receives", "recipients", "email", "step", "address"),
    [
        ("dunning", ["x@y.example"], "site@clients.example", 1, "germaine@clients.example"),
        ("invoices", ["x@y.example"], "site@clients.example", 2, "x@y.example"),
        ("invoices", [], "site@clients.example", 3, "germaine@clients.example"),
        ("", [], "site@clients.example", 4, "site@clients.example"),
    ],
)
def test_the_first_step_that_finds_somebody_is_named(world, receives, recipients, email, step, address):
    world.customer("C001", sites=[site("S1", email)], contacts=[contact("Germaine", receives, "S1")])
    world.invoice("FA-1", recipients=recipients, copies=["chef@clients.example"])
    world.load()
    told = who(world)
    assert (told["step"], [one["address"] for one in told["to"]], told["cc"]) == (step, [address], ["chef@clients.example"])
    assert world.rehearse().to("FA-1") == [address]


def test_each_step_tells_whom_it_finds_by_name_where_a_contact_has_the_address(world):
    people = [contact("Germaine", "dunning", "S1"), contact("Louis", "invoices", "S1")]
    world.customer("C001", sites=[site("S1", "Louis@clients.example")], contacts=people)
    world.invoice("FA-1", recipients=["x@y.example"])
    world.load()
    assert [found(step) for step in who(world)["steps"]] == [
        [("germaine@clients.example", "Germaine")],
        [("x@y.example", None)],
        [("louis@clients.example", "Louis")],
        [("Louis@clients.example", "Louis")],
    ]


@pytest.mark.spec("K80")
def test_where_nobody_is_found_no_step_counts(world):
    world.customer("C001", email="")
    world.invoice("FA-1")
    world.load()
    told = who(world)
    assert (told["step"], told["to"]) == (None, [])


@pytest.mark.parametrize("billed", [False, True])
def test_whose_contacts_are_looked_up_follows_the_companys_rule(world, billed):
    world.options(contacts_of_billed_customer=billed)
    world.customer("PAYEUR", contacts=[contact("Payeur", "dunning", "S1")])
    world.customer("C001", contacts=[contact("Acheteur", "dunning", "S1")])
    world.invoice("FA-1", billed_customer="PAYEUR")
    world.load()
    assert [one["name"] for one in who(world)["to"]] == ["Payeur" if billed else "Acheteur"]


def test_of_what_is_settled_nobody_is_told(world):
    world.invoice("FA-1")
    world.payment("P1", "100.00", "2026-07-10", {"FA-1": "100.00"})
    world.load()
    world.ask("recipients", "--document", "FA-1", "--as-of", TODAY).refused("nothing open")


def test_people_read_it_as_a_table(world):
    world.customer("C001", contacts=[contact("Germaine", "dunning", "S1")])
    world.invoice("FA-1", copies=["chef@clients.example"])
    world.load()
    shown = world.relance("recipients", "--company", "ACME", "--document", "FA-1", "--as-of", TODAY).done().out
    assert "Germaine <germaine@clients.example>" in shown
    assert "→ " in shown
    assert "Copies" in shown
