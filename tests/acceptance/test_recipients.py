"""Who is written to? Four steps, the first that finds somebody wins, and nobody is found twice (section 5)."""

import pytest

from tests.acceptance.world import TODAY, contact, site

TWO_SITES = [site("S1", "s1@clients.example"), site("S2", "s2@clients.example")]
STEP_1, STEP_2, STEP_3, STEP_4 = "dupont@clients.example", "piece@clients.example", "martin@clients.example", "s1@clients.example"


def mailed(world, *contacts, as_of=TODAY, **document):
    """Who is mailed about FA-1 of site S1, where the customer has these contacts."""
    world.customer("C001", sites=TWO_SITES, contacts=list(contacts))
    world.invoice("FA-1", **{"site": "S1"} | document)
    world.load()
    return world.rehearse(as_of).to("FA-1")


CASCADE = [
    # contacts                                                            recipients of the document  mailed
    pytest.param([contact("Dupont", "dunning", "S1"), contact("Martin", "invoices", "S1")], [STEP_2], [STEP_1], id="step 1"),
    pytest.param([contact("Martin", "invoices", "S1")], [STEP_2], [STEP_2], id="step 2"),
    pytest.param([contact("Martin", "invoices", "S1")], [], [STEP_3], id="step 3"),
    pytest.param([contact("Durand")], [], [STEP_4], id="step 4"),
]


@pytest.mark.spec("K71", "K75", "K76", "K77", "K78", "K79")
@pytest.mark.parametrize(("contacts", "recipients", "expected"), CASCADE)
def test_the_first_step_that_finds_somebody_wins(world, contacts, recipients, expected):
    assert mailed(world, *contacts, recipients=recipients) == expected


@pytest.mark.spec("K79")
def test_dupont_at_step_three_silences_martin_at_step_four(world):
    world.customer("C001", sites=[site("S1", "martin@clients.example")], contacts=[contact("Dupont", "invoices", "S1")])
    world.invoice("FA-1")
    world.load()
    assert world.rehearse().to("FA-1") == ["dupont@clients.example"]


@pytest.mark.spec("K80")
def test_nobody_at_any_step_is_no_recipient_and_no_mail(world):
    world.customer("C001", sites=[site("S1")], contacts=[contact("Dupont", "dunning", "S1", email_identity="")])
    world.invoice("FA-1")
    world.load()
    assert world.batch().outcome("FA-1") == "no_recipient"
    assert not world.mails()


ATTACHMENT = [
    # what it receives, its sites, is it found for a document of S1
    pytest.param("dunning", "S1", True, id="dunning, this site"),
    pytest.param("dunning", "S1 S2", True, id="dunning, both sites"),
    pytest.param("dunning", "S2", False, id="dunning, another site"),
    pytest.param("dunning", "", False, id="dunning, no site"),
    pytest.param("dunning_all_sites", "", True, id="dunning all sites, no site"),
    pytest.param("dunning_all_sites", "S2", True, id="dunning all sites, another site"),
    pytest.param("dunning dunning_all_sites", "S2", True, id="both flags, another site"),
    pytest.param("invoices", "S1", True, id="invoices, this site"),
    pytest.param("invoices", "S2", False, id="invoices, another site"),
    pytest.param("invoices", "", True, id="invoices, no site"),
    pytest.param("invoices_all_sites", "", True, id="invoices all sites, no site"),
    pytest.param("invoices_all_sites", "S2", True, id="invoices all sites, another site"),
    pytest.param("", "S1", False, id="nothing"),
]


@pytest.mark.spec("K71", "K72", "K73", "K76")
@pytest.mark.parametrize(("receives", "sites", "found"), ATTACHMENT)
def test_a_contact_is_found_by_its_flags_and_sites(world, receives, sites, found):
    assert mailed(world, contact("Dupont", receives, sites)) == (["dupont@clients.example"] if found else ["s1@clients.example"])


@pytest.mark.spec("K71", "K72", "K73")
def test_all_that_a_step_finds_are_written_to(world):
    contacts = [contact("Anne", "dunning", "S1"), contact("Bruno", "dunning_all_sites"), contact("Carla", "dunning", "S2")]
    assert mailed(world, *contacts) == ["anne@clients.example", "bruno@clients.example"]


@pytest.mark.spec("K76")
def test_all_that_the_third_step_finds_are_written_to(world):
    contacts = [
        contact("Anne", "invoices", "S1"),
        contact("Bruno", "invoices"),
        contact("Carla", "invoices_all_sites", "S2"),
        contact("Denis", "invoices", "S2"),
    ]
    assert mailed(world, *contacts) == ["anne@clients.example", "bruno@clients.example", "carla@clients.example"]


@pytest.mark.spec("K75")
def test_all_recipients_of_the_document_are_written_to(world):
    assert mailed(world, recipients=["b@clients.example", "a@clients.example"]) == ["a@clients.example", "b@clients.example"]


ADDRESSES = [
    ({"email_identity": "moi@prive.example"}, "moi@prive.example"),
    ({"email_at_customer": "moi@travail.example"}, "moi@travail.example"),
    ({"email_identity": "moi@prive.example", "email_at_customer": "moi@travail.example"}, "moi@travail.example"),
    ({"email_identity": "moi@prive.example", "email_at_customer": ""}, "moi@prive.example"),
]


@pytest.mark.spec("K26", "K27")
@pytest.mark.parametrize(("addresses", "expected"), ADDRESSES)
def test_the_address_at_the_customer_wins_over_ones_own(world, addresses, expected):
    assert mailed(world, contact("Dupont", "dunning", "S1", **addresses)) == [expected]


def test_a_contact_without_an_address_does_not_count_as_found(world):
    contacts = [contact("Dupont", "dunning", "S1", email_identity="", email_at_customer=""), contact("Martin", "invoices", "S1")]
    assert mailed(world, *contacts) == ["martin@clients.example"]


@pytest.mark.parametrize(
    ("left_on", "expected"),
    [
        ("2026-07-14", "s1@clients.example"),
        ("2026-07-15", "dupont@clients.example"),
        ("2026-07-16", "dupont@clients.example"),
        (None, "dupont@clients.example"),
    ],
)
def test_a_contact_who_has_left_before_the_run_does_not_count_as_found(world, left_on, expected):
    assert mailed(world, contact("Dupont", "dunning", "S1", left_on=left_on), as_of="2026-07-15") == [expected]


def test_one_address_written_twice_is_one_recipient(world):
    contacts = [
        contact("Dupont", "dunning", "S1", email_identity="Compta@Clients.example"),
        contact("Martin", "dunning", "S1", email_identity="compta@clients.EXAMPLE"),
    ]
    assert mailed(world, *contacts) == ["compta@clients.example"]


def test_one_recipient_of_a_document_written_twice_is_one_recipient(world):
    assert mailed(world, recipients=["a@clients.example", "A@clients.example"]) == ["a@clients.example"]


# -- the site


@pytest.mark.parametrize(("said", "expected"), [({"site": "S1"}, "s1"), ({"site": "S2"}, "s2"), ({"site": None}, "s1"), ({}, "s1")])
def test_the_site_is_the_documents_else_the_customers_first(world, said, expected):
    world.customer("C001", sites=TWO_SITES)
    world.invoice("FA-1", **said)
    world.load()
    assert world.rehearse().to("FA-1") == [f"{expected}@clients.example"]


def test_the_first_site_counts_for_contacts_too_where_none_is_named(world):
    world.customer("C001", sites=TWO_SITES, contacts=[contact("Dupont", "dunning", "S1"), contact("Martin", "dunning", "S2")])
    world.invoice("FA-1")
    world.load()
    assert world.rehearse().to("FA-1") == ["dupont@clients.example"]


# -- whose contacts


def ordered_by_one_paid_by_another(world, **options):
    """C001 ordered (site S1), C002 pays; each has sites S0 and S1 and a contact for each, and so an invoice without a site."""
    world.options(**options)
    for code, name in (("C001", "Commande"), ("C002", "Paie")):
        sites = [site("S0", f"s0.{name.lower()}@clients.example"), site("S1", f"s1.{name.lower()}@clients.example")]
        world.customer(code, sites=sites, contacts=[contact(f"{name}0", "dunning", "S0"), contact(f"{name}1", "dunning", "S1")])
    world.invoice("FA-1", "C001", billed_customer="C002", site="S1")
    world.invoice("FA-2", "C001", billed_customer="C002")
    world.load()
    return world.rehearse()


def test_contacts_are_those_of_the_documents_customer(world):
    run = ordered_by_one_paid_by_another(world)
    assert (run.to("FA-1"), run.to("FA-2")) == (["commande1@clients.example"], ["commande0@clients.example"])
    assert run.customers() == ["C002", "C002"]


def test_contacts_are_those_of_the_billed_customer_where_the_rule_says_so(world):
    run = ordered_by_one_paid_by_another(world, contacts_of_billed_customer=True)
    assert (run.to("FA-1"), run.to("FA-2")) == (["paie1@clients.example"], ["paie0@clients.example"])


@pytest.mark.parametrize(("billed_sites", "expected"), [("S1 S2", "s1"), ("S2 S1", "s1"), ("S8 S9", "s8")])
def test_the_billed_customers_site_is_the_one_of_the_same_code_else_its_first(world, billed_sites, expected):
    world.options(contacts_of_billed_customer=True)
    world.customer("C001", sites=[site("S1", "ordered@clients.example")])
    world.customer("C002", sites=[site(code, f"{code.lower()}@paie.example") for code in billed_sites.split()])
    world.invoice("FA-1", "C001", billed_customer="C002", site="S1")
    world.load()
    assert world.rehearse().to("FA-1") == [f"{expected}@paie.example"]


def test_the_address_of_the_site_is_the_ordering_customers_by_default(world):
    world.customer("C001", sites=[site("S1", "ordered@clients.example")])
    world.customer("C002", sites=[site("S1", "pays@clients.example")])
    world.invoice("FA-1", "C001", billed_customer="C002", site="S1")
    world.load()
    assert world.rehearse().to("FA-1") == ["ordered@clients.example"]


@pytest.mark.spec("K77")
def test_the_address_of_the_site_is_found_on_a_past_date_though_the_document_is_settled_since(world):
    world.customer("C001", sites=[site("S1", "ordered@clients.example")])
    world.customer("C002", sites=[])
    world.invoice("FA-1", "C001", billed_customer="C002", amount="100.00")
    world.payment("P1", "100.00", "2026-07-20", {"FA-1": "100.00"}, customer="C002")
    world.load()
    assert world.rehearse("2026-07-15").to("FA-1") == ["ordered@clients.example"]


# -- copies


@pytest.mark.parametrize(
    ("flags", "copies", "expected"),
    [
        ([], [], []),
        (["--cc", "chef@acme.example"], [], ["chef@acme.example"]),
        (["--cc", "chef@acme.example", "--cc", "a@acme.example"], [], ["a@acme.example", "chef@acme.example"]),
        ([], ["copie@clients.example"], ["copie@clients.example"]),
        (["--cc", "chef@acme.example"], ["copie@clients.example"], ["chef@acme.example", "copie@clients.example"]),
        (["--cc", "chef@acme.example"], ["CHEF@acme.example"], ["chef@acme.example"]),
    ],
)
def test_copies_go_to_the_runs_own_and_the_documents(world, flags, copies, expected):
    world.invoice("FA-1", copies=copies)
    world.load()
    assert world.rehearse(TODAY, *flags).cc("FA-1") == expected


def test_an_ill_formed_copy_address_is_refused_before_anything_is_sent(world):
    world.invoice("FA-1")
    world.load()
    before = world.rows()
    answer = world.ask("batch", "--as-of", TODAY, "--cc", "not an address")
    assert answer.exit_code in (1, 2)
    assert not world.mails()
    assert world.rows() == before
