"""What does the follow-up of one customer show? Contacts worth calling, what is open, statuses, history (section 9)."""

import json

import pytest

from tests.acceptance.world import TODAY, contact

ROLES = [("decision_maker", True), ("main", True), ("financial", True), (None, False)]


def shown(world, code="C001"):
    return json.dumps(world.ask("arrears", "--customer", code).done().json, ensure_ascii=False)


@pytest.mark.spec("K25")
@pytest.mark.parametrize(("role", "seen"), ROLES)
def test_only_contacts_of_three_roles_are_shown(world, role, seen):
    world.customer("C001", contacts=[contact("Germaine", roles=[role] if role else [])])
    world.load()
    assert ("Germaine" in shown(world)) is seen


@pytest.mark.spec("K26", "K27")
def test_the_address_at_the_customer_is_shown(world):
    addresses = {"email_identity": "g@prive.example", "email_at_customer": "g@travail.example"}
    world.customer("C001", contacts=[contact("Germaine", roles=["main"], **addresses)])
    world.load()
    assert "g@travail.example" in shown(world)


@pytest.mark.spec("K24")
def test_open_invoices_are_shown_and_settled_ones_are_not(world):
    world.invoice("FA-OUVERTE")
    world.invoice("FA-SOLDEE")
    world.invoice("FA-AUTRE", "C002")
    world.payment("P1", "100.00", "2026-07-01", {"FA-SOLDEE": "100.00"})
    world.load()
    answer = world.ask("arrears", "--customer", "C001").done().json
    answer.pop("history", None)
    told = json.dumps(answer)
    assert [number in told for number in ("FA-OUVERTE", "FA-SOLDEE", "FA-AUTRE")] == [True, False, False]


@pytest.mark.spec("K35")
def test_statuses_and_comments_are_shown(world):
    world.invoice("FA-1", status="LITIGE", comment="Colis cassé")
    world.load()
    told = shown(world)
    assert "LITIGE" in told
    assert "Colis cassé" in told


@pytest.mark.spec("K36")
def test_the_history_is_shown(world):
    world.invoice("FA-1", comment="Appelé le 3")
    world.load()
    world.batch(TODAY)
    assert "Relancé automatiquement par mail le 15/07/2026" in shown(world)


@pytest.mark.spec("K22")
def test_looking_changes_nothing(world):
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    shown(world)
    assert world.rows() == before


def test_a_customer_who_is_not_there_is_refused(world):
    world.load()
    world.ask("arrears", "--customer", "C999").refused("C999")
