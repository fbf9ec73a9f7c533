"""What does loading a file do to the books? Creates or updates by key; what is not said stays; null is the default (contract)."""

import pytest

from tests.acceptance.world import TODAY, contact, item, rows, site


def held(world, nouns, **key):
    """The stored noun with this key."""
    [(name, value)] = key.items()
    [found] = [noun for noun in world.dump()[nouns] if noun[name] == value]
    return found


# -- defaults

CUSTOMER = {
    "account": "C001",
    "kind": "business",
    "policy": None,
    "dunning_enabled": True,
    "manual_dunning": True,
    "auto_dunning": True,
    "level": 0,
    "last_dunned_on": None,
}
DOCUMENT = {
    "no_auto_dunning": False,
    "no_manual_dunning": False,
    "no_dunning_temporary": False,
    "recipients": [],
    "copies": [],
    "billed_customer": "C001",
}
DUE = {"no": 1, "level": 0, "last_dunned_on": None, "status": None, "comment": "", "expected_on": None, "promised_on": None}
OPTIONS = {
    "level_basis": "due_date",
    "contacts_of_billed_customer": False,
    "dun_creditor_customers": False,
    "min_invoice_amount": "0.00",
    "expected_payment_delay_days": 0,
    "originals_only": True,
    "letter_grouping": "customer",
    "promise_grace_days": 3,
    "progression": "by_age",
    "email_grouping": "by_level",
    "include_credits": True,
    "customer_level": "all_notices",
    "no_recipient_channel": "none",
    "fallback_payment_method": None,
}


@pytest.fixture
def bare(world):
    """A dossier that says only what must be said."""
    world.dossier = {
        "format": "relance/1",
        "company": {"code": "ACME", "name": "Acme"},
        "customers": [{"code": "C001", "name": "Leblanc"}],
        "documents": [
            {"number": "FA-1", "customer": "C001", "date": "2026-06-07", "due": [{"due_date": "2026-07-07", "amount": "100.00"}]}
        ],
    }
    return world


@pytest.mark.parametrize(
    ("find", "defaults"),
    [
        pytest.param(lambda world: held(world, "customers", code="C001"), CUSTOMER, id="customer"),
        pytest.param(lambda world: world.stored_document("FA-1"), DOCUMENT, id="document"),
        pytest.param(lambda world: world.stored("FA-1"), DUE, id="due item"),
        pytest.param(lambda world: world.dump()["options"], OPTIONS, id="options"),
    ],
)
def test_what_a_new_company_does_not_say_has_the_defaults_of_the_contract(bare, find, defaults):
    bare.load()
    stored = find(bare)
    assert {key: stored.get(key) for key in defaults} == defaults


def test_due_items_are_numbered_by_their_place(world):
    world.invoice("FA-1", due=[item("2026-08-07", "40.00"), item("2026-07-07", "60.00")], date="2026-06-01")
    world.load()
    assert {due["no"]: due["amount"] for due in world.stored_document("FA-1")["due"]} == {1: "40.00", 2: "60.00"}


# -- again


def test_loading_a_file_twice_changes_nothing(world):
    everything(world)
    world.load()
    before = world.dump()
    world.load()
    assert world.dump() == before


def test_loading_a_dump_over_itself_changes_nothing(world):
    everything(world)
    world.load()
    world.batch(TODAY)
    before = world.dump()
    world.try_load(before).done()
    assert world.dump() == before


def everything(world):
    world.options(min_days_between=0, promise_grace_days=5)
    world.policy("GRANDS", (1, 1, 10), (2, 11, None), progression="stepwise", min_days_between=7)
    world.supplier("F001")
    world.customer(
        "C001",
        policy="GRANDS",
        sales_rep="DUP",
        contacts=[contact("Dupont", "dunning invoices", "S1", roles=["main"], left_on="2027-01-01")],
    )
    world.invoice(
        "FA-1",
        due=[item("2026-07-07", "60.00", promised_on="2026-07-10"), item("2026-08-07", "40.00", status="VU")],
        date="2026-06-01",
        copies=["c@x.example"],
    )
    world.invoice("FA-2", level=1, last_dunned_on="2026-07-01", comment="Vu", expected_on="2026-07-30")
    world.invoice("FF-1", supplier="F001")
    world.credit("AV-1")
    world.payment("P1", "70.00", "2026-07-01", {"FA-1": "50.00"})


# -- updates


def test_an_absent_key_keeps_what_is_stored(world):
    world.customer("C001", type="10", auto_dunning=False, sales_rep="DUP", language="en")
    world.invoice("FA-1", label="Vin", no_manual_dunning=True, due=[item("2026-07-07", "100.00", status="VU", promised_on="2026-07-10")])
    world.options(promise_grace_days=5)
    world.load()
    before = world.dump()
    world.update(options={}, customers=[{"code": "C001"}], documents=[{"number": "FA-1", "customer": "C001", "due": [{"no": 1}]}])
    assert world.dump() == before


def test_null_means_the_default(world):
    world.customer("C001", auto_dunning=False, sales_rep="DUP", kind="consumer")
    world.invoice(
        "FA-1", no_manual_dunning=True, copies=["c@x.example"], due=[item("2026-07-07", "100.00", status="VU", promised_on="2026-07-10")]
    )
    world.options(promise_grace_days=5, include_credits=False)
    world.load()
    world.update(
        options={"promise_grace_days": None, "include_credits": None},
        customers=[{"code": "C001", "auto_dunning": None, "sales_rep": None, "kind": None}],
        documents=[
            {
                "number": "FA-1",
                "customer": "C001",
                "no_manual_dunning": None,
                "copies": None,
                "due": [{"no": 1, "status": None, "promised_on": None}],
            }
        ],
    )
    customer, document, options = world.stored_customer("C001"), world.stored_document("FA-1"), world.dump()["options"]
    assert (customer["auto_dunning"], customer["sales_rep"], customer["kind"]) == (True, None, "business")
    assert (document["no_manual_dunning"], document["copies"], document["due"][0]["status"], document["due"][0]["promised_on"]) == (
        False,
        [],
        None,
        None,
    )
    assert (options["promise_grace_days"], options["include_credits"]) == (3, True)


def test_a_value_replaces_the_stored_one(world):
    world.customer("C001", type="10")
    world.invoice("FA-1", amount="100.00")
    world.load()
    world.update(
        customers=[{"code": "C001", "name": "Nouveau", "type": "20", "sites": [{"code": "S1", "email": "new@x.example"}]}],
        documents=[{"number": "FA-1", "customer": "C001", "due": [{"no": 1, "amount": "120.00", "due_date": "2026-07-09"}]}],
    )
    customer, due = world.stored_customer("C001"), world.stored("FA-1")
    assert (customer["name"], customer["type"], customer["sites"][0]["email"]) == ("Nouveau", "20", "new@x.example")
    assert (due["amount"], due["due_date"]) == ("120.00", "2026-07-09")


def test_what_is_absent_from_the_file_is_untouched(world):
    everything(world)
    world.load()
    before = world.dump()
    world.update(customers=[{"code": "C002", "name": "Neuf"}])
    after = world.dump()
    after["customers"] = [customer for customer in after["customers"] if customer["code"] != "C002"]
    assert {key: value for key, value in after.items() if key != "history"} == {
        key: value for key, value in before.items() if key != "history"
    }


def test_a_site_absent_from_its_customer_is_untouched(world):
    world.customer("C001", sites=[site("S1", "s1@x.example"), site("S2", "s2@x.example")])
    world.load()
    world.update(customers=[{"code": "C001", "sites": [{"code": "S2", "email": "new@x.example"}]}])
    assert {held["code"]: held["email"] for held in world.stored_customer("C001")["sites"]} == {"S1": "s1@x.example", "S2": "new@x.example"}


def test_a_contact_is_known_by_its_name(world):
    world.customer("C001", contacts=[contact("Dupont", "dunning", "S1"), contact("Martin")])
    world.load()
    world.update(customers=[{"code": "C001", "contacts": [{"name": "Dupont", "left_on": "2026-07-01"}]}])
    stored = {held["name"]: held for held in world.stored_customer("C001")["contacts"]}
    assert set(stored) == {"Dupont", "Martin"}
    assert (stored["Dupont"]["left_on"], stored["Dupont"]["receives"]) == ("2026-07-01", ["dunning"])


def test_a_level_is_known_by_its_number(world):
    world.levels((1, 1, 10), (2, 11, 30))
    world.load()
    world.update(levels=[{"level": 2, "upper_bound": 40}])
    assert [(row["level"], row["lower_bound"], row["upper_bound"]) for row in world.dump()["levels"]] == [(1, 1, 10), (2, 11, 40)]


def test_an_update_that_makes_levels_overlap_is_refused(world):
    world.levels((1, 1, 10), (2, 11, 30))
    world.load()
    before = world.rows()
    update = {"format": "relance/1", "company": {"code": "ACME", "name": "Acme SAS"}, "levels": [{"level": 1, "upper_bound": 12}]}
    assert world.try_load(update).exit_code == 1
    assert world.rows() == before


def test_several_customers_may_carry_the_same_number(world):
    world.invoice("FA-1", "C001", amount="10.00")
    world.invoice("FA-1", "C002", amount="20.00")
    world.invoice("FA-1", supplier="F001", amount="30.00")
    world.supplier("F001")
    world.load()
    amounts = sorted(document["due"][0]["amount"] for document in world.dump()["documents"] if document["number"] == "FA-1")
    assert amounts == ["10.00", "20.00", "30.00"]


# -- levels are taken on creation only


def after_a_run(world):
    """Last Monday's file, and what Tuesday's run made of it."""
    world.options(expected_payment_delay_days=10)
    world.customer("C001", level=0, last_dunned_on=None)
    world.invoice("FA-1", level=0, comment="Lundi", expected_on="2026-07-20", last_dunned_on=None)
    world.load()
    world.batch(TODAY)


def story(world):
    due, customer = world.stored("FA-1"), world.stored_customer("C001")
    return [due["level"], due["last_dunned_on"], due["comment"], due["expected_on"], customer["level"], customer["last_dunned_on"]]


TUESDAY = [1, TODAY, "Relancé automatiquement par mail le 15/07/2026", "2026-07-25", 1, TODAY]
MONDAY = [0, None, "Lundi", "2026-07-20", 0, None]


def test_last_mondays_file_does_not_bring_old_levels_back(world):
    after_a_run(world)
    world.load()
    assert story(world) == TUESDAY


def test_with_levels_the_file_wins_and_the_change_is_kept(world):
    after_a_run(world)
    events = len(world.history()["events"])
    world.load("--with-levels")
    assert story(world) == MONDAY
    assert len(world.history()["events"]) > events


def test_with_levels_what_the_file_does_not_say_stays(world):
    after_a_run(world)
    world.update("--with-levels", customers=[{"code": "C001"}], documents=[{"number": "FA-1", "customer": "C001", "due": [{"no": 1}]}])
    assert story(world) == TUESDAY


def test_with_levels_may_exclude(world):
    after_a_run(world)
    world.update("--with-levels", documents=[{"number": "FA-1", "customer": "C001", "due": [{"no": 1, "level": "NA"}]}])
    assert world.stored("FA-1")["level"] == "NA"


def test_a_new_document_of_a_known_company_is_created_at_its_level(world):
    after_a_run(world)
    world.invoice("FA-2", level=2, last_dunned_on="2026-07-01", comment="Ancien", expected_on="2026-07-18")
    world.load()
    due = world.stored("FA-2")
    assert [due[key] for key in ("level", "last_dunned_on", "comment", "expected_on")] == [2, "2026-07-01", "Ancien", "2026-07-18"]


@pytest.mark.spec("K33", "K34", "K35")
def test_statuses_and_promises_are_taken_on_every_load(world):
    after_a_run(world)
    world.update(documents=[{"number": "FA-1", "customer": "C001", "due": [{"no": 1, "status": "LITIGE", "promised_on": "2026-08-01"}]}])
    due = world.stored("FA-1")
    assert (due["status"], due["promised_on"]) == ("LITIGE", "2026-08-01")


# -- payments


def open_of(world, number="FA-1", as_of="2026-12-31"):
    return [due["open"] for due in world.explain(number, as_of)]


@pytest.fixture
def paid(world):
    """FA-1 of 100.00, on which P1 of 70.00 has settled 50.00."""
    world.invoice("FA-1")
    world.invoice("FA-2")
    world.payment("P1", "70.00", "2026-07-01", {"FA-1": "50.00"})
    world.load()
    return world


def payment(**keys):
    return {"payments": [{"reference": "P1", "customer": "C001"} | keys]}


def test_a_list_of_allocations_replaces_the_stored_one(paid):
    paid.update(**payment(allocations=[{"document": "FA-2", "no": 1, "amount": "30.00"}]))
    assert (open_of(paid, "FA-1"), open_of(paid, "FA-2")) == (["100.00"], ["70.00"])


def test_an_empty_list_of_allocations_takes_them_all_away(paid):
    paid.update(**payment(allocations=[]))
    assert open_of(paid, "FA-1") == ["100.00"]


def test_a_payment_without_a_list_keeps_its_allocations(paid):
    paid.update(**payment(amount="80.00"))
    assert open_of(paid, "FA-1") == ["50.00"]


def test_an_update_below_what_is_allocated_is_refused(paid):
    before = paid.rows()
    update = {"format": "relance/1", "company": {"code": "ACME", "name": "Acme SAS"}}
    assert paid.try_load(update | payment(amount="40.00")).exit_code == 1
    smaller = {"documents": [{"number": "FA-1", "customer": "C001", "due": [{"no": 1, "amount": "40.00"}]}]}
    assert paid.try_load(update | smaller).exit_code == 1
    assert paid.rows() == before


def test_an_allocation_may_name_its_due_item_by_due_date(world):
    world.invoice("FA-1", due=[item("2026-07-07", "60.00"), item("2026-08-07", "40.00")], date="2026-06-01")
    world.payment("P1", "40.00", "2026-07-01", allocations=[{"document": "FA-1", "due_date": "2026-08-07", "amount": "40.00"}])
    world.load()
    assert open_of(world) == ["60.00", "0.00"]


def test_an_allocation_is_dated_as_its_payment_unless_said(world):
    world.invoice("FA-1")
    world.payment("P1", "40.00", "2026-07-01", {"FA-1": "40.00"})
    world.load()
    assert [open_of(world, as_of=as_of) for as_of in ("2026-06-30", "2026-07-01")] == [["100.00"], ["60.00"]]


def test_the_document_of_an_allocation_is_that_of_the_payments_customer(world):
    world.invoice("FA-1", "C001")
    world.invoice("FA-1", "C002")
    world.payment("P1", "40.00", "2026-07-01", {"FA-1": "40.00"}, customer="C002")
    world.load()
    open_by = [world.explain("FA-1", TODAY, "--customer", code)[0]["open"] for code in ("C001", "C002")]
    assert open_by == ["100.00", "60.00"]


def test_the_document_of_an_allocation_is_else_one_billed_to_the_payments_customer(world):
    world.customer("C002")
    world.invoice("FA-1", "C001", billed_customer="C002")
    world.payment("P1", "40.00", "2026-07-01", {"FA-1": "40.00"}, customer="C002")
    world.load()
    assert open_of(world) == ["60.00"]


def test_a_new_policy_of_an_update_can_be_carried_at_once(world):
    world.customer("C001")
    world.load()
    world.update(policies=[{"code": "NEUF", "levels": rows((1, 1, 9))}], customers=[{"code": "C001", "policy": "NEUF"}])
    assert world.stored_customer("C001")["policy"] == "NEUF"
