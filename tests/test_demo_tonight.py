"""What does the automatic run of the day decide about the demo company? The core is asked; nothing is stored."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from relance.core import money
from relance.core.edition import EditionRequest, edition_terms, propose_letters
from relance.core.facts import (
    NA,
    Channel,
    Clock,
    Contact,
    Customer,
    Directory,
    DueItem,
    LevelRow,
    Mode,
    Options,
    Page,
    Policy,
    Progression,
    Remainder,
    Site,
)
from relance.core.grouping import Notice
from relance.core.levels import decide_level
from relance.core.policies import policy_problems
from relance.core.proposal import Proposal, propose
from relance.core.reasons import Reason
from relance.core.selection import Terms
from relance.demo import demo_dossier, ledger
from relance.demo.situations import SITUATIONS

DAYS = [date(2026, 11, 22), date(2026, 11, 23), date(2027, 1, 1), date(2027, 3, 31), date(2028, 2, 29)]
DECIDED = {name: situation for name, situation in SITUATIONS.items() if situation.tonight}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Book:
    """The dossier as the pages of billed customers that the core decides."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.dossier = demo_dossier(today)
        self.customers = {customer["code"]: place for place, customer in enumerate(self.dossier["customers"], 1)}
        self.dunnable = {method["code"]: method["dunnable"] for method in self.dossier["payment_methods"]}
        self.stopping = {status["code"]: status["stops_dunning"] for status in self.dossier["statuses"]}
        self.policies = {further["code"]: place for place, further in enumerate(self.dossier["policies"], 1)}
        self.directories = {self.customers[one["code"]]: self.directory(one) for one in self.dossier["customers"]}
        self.items = [item for document in self.dossier["documents"] if "customer" in document for item in self.due_items(document)]

    def terms(self) -> Terms:
        options = self.dossier["options"]
        minimum = money.parse(options["min_invoice_amount"], "EUR")
        further = {self.policies[one["code"]]: policy(one["levels"], one) for one in self.dossier["policies"]}
        chosen = Options(min_invoice_amount=minimum, promise_grace_days=options["promise_grace_days"])
        return Terms(self.today, Mode.AUTOMATIC, chosen, policy(self.dossier["levels"], {}), further)

    def allocated(self, customer: str, document: str, no: int) -> int:
        parts = [
            (part["amount"], payment["currency"])
            for payment in self.dossier["payments"]
            for part in payment["allocations"]
            if payment["customer"] == customer and (part["document"], part["no"]) == (document, no)
        ]
        return sum(money.parse(*part) for part in parts)

    def due_items(self, document: dict[str, Any]) -> list[tuple[str, DueItem]]:
        billed = document.get("billed_customer", document["customer"])
        found = []
        for due in document["due"]:
            amount = money.parse(due["amount"], document["currency"])
            rest = amount - self.allocated(billed, document["number"], due["no"])
            found.append((billed, self.due_item(document, due, amount, rest)))
        return found

    def due_item(self, document: dict[str, Any], due: dict[str, Any], amount: int, rest: int) -> DueItem:
        customer = self.customers[document["customer"]]
        sites = {site.code: site.id for site in self.directories[customer].sites}
        return DueItem(
            id=id(due),
            document_id=id(document),
            document=document["number"],
            customer_id=customer,
            site_id=sites.get(document.get("site", "")),
            type=document["type"],
            document_date=date.fromisoformat(document["date"]),
            currency=document["currency"],
            payment_method=document.get("payment_method"),
            dunnable=self.dunnable.get(document.get("payment_method", "")),
            no_auto_dunning=document.get("no_auto_dunning", False),
            no_manual_dunning=document.get("no_manual_dunning", False),
            no_dunning_temporary=document.get("no_dunning_temporary", False),
            recipients="\n".join(document.get("recipients", ())),
            copies="\n".join(document.get("copies", ())),
            no=due["no"],
            due_date=date.fromisoformat(due["due_date"]),
            amount=amount,
            open=rest,
            level=NA if due.get("level") == "NA" else due.get("level", 0),
            last_dunned_on=day(due.get("last_dunned_on")),
            stopped=self.stopping.get(due.get("status")),
            promised_on=day(due.get("promised_on")),
            label=document["label"],
        )

    def directory(self, customer: dict[str, Any]) -> Directory:
        sites = {site["code"]: Site(hash((customer["code"], site["code"])), site["code"], site["email"]) for site in customer["sites"]}
        contacts = [
            Contact(
                contact["email_at_customer"] or contact["email_identity"],
                frozenset(sites[code].id for code in contact["sites"]),
                day(contact["left_on"]),
                **{box: box in contact["receives"] for box in ("dunning", "dunning_all_sites", "invoices", "invoices_all_sites")},
            )
            for contact in customer["contacts"]
        ]
        return Directory(tuple(sites.values()), tuple(contacts))

    def page(self, customer: dict[str, Any]) -> Page:
        code = customer["code"]
        return Page(
            Customer(
                self.customers[code],
                code,
                customer["name"],
                customer["type"],
                customer["sales_rep"],
                self.policies.get(customer["policy"]),
                customer["dunning_enabled"],
                customer["manual_dunning"],
                customer["auto_dunning"],
                customer["level"],
                day(customer["last_dunned_on"]),
                **{key: day(customer.get(key)) for key in ("insolvent_on", "held_from", "held_until")},
            ),
            [item for billed, item in self.items if billed == code and item.open],
            [rest for rest in map(remainder, self.dossier["payments"]) if rest.open and rest.reference in self.payments_of(code)],
            self.directories,
        )

    def payments_of(self, customer: str) -> set[str]:
        return {payment["reference"] for payment in self.dossier["payments"] if payment["customer"] == customer}

    def proposals(self) -> list[Proposal]:
        return [propose(self.page(customer), self.terms()) for customer in self.dossier["customers"]]


def policy(levels: list[dict[str, Any]], switches: dict[str, Any]) -> Policy:
    rows = tuple(
        LevelRow(
            NA if row["level"] == "NA" else row["level"],
            row["lower_bound"],
            row["upper_bound"],
            Clock(row.get("clock") or "due_date"),
            row.get("automatic", True),
            Channel(row.get("channel", "email")),
        )
        for row in levels
    )
    return Policy(rows, Progression(switches.get("progression", "by_age")), switches.get("min_days_between", 0))


def remainder(payment: dict[str, Any]) -> Remainder:
    currency = payment["currency"]
    used = sum(money.parse(part["amount"], currency) for part in payment["allocations"])
    rest = money.parse(payment["amount"], currency) - used
    return Remainder(id(payment), payment["reference"], date.fromisoformat(payment["date"]), currency, rest)


@pytest.fixture(scope="module", params=DAYS, ids=str)
def book(request) -> Book:
    return Book(request.param)


@pytest.fixture(scope="module")
def notices(book: Book) -> list[Notice]:
    return [notice for proposal in book.proposals() for notice in proposal.notices]


@pytest.fixture(scope="module")
def outcomes(book: Book) -> dict[tuple[str, int], str]:
    """What is decided about each due item, by document and part: a level or a reason; ``settled`` where nothing is open."""
    told = {(item.document, item.no): "settled" for _, item in book.items}
    for proposal in book.proposals():
        told |= {(line.item.document, line.item.no): str(line.level) for notice in proposal.notices for line in notice.lines}
        told |= {(left.item.document, left.item.no): left.reason.value for left in proposal.left_out if left.item}
    return told


@pytest.mark.parametrize("name", DECIDED)
def test_the_run_of_the_day_decides_what_the_situation_says(name: str, outcomes: dict[tuple[str, int], str]):
    situation = DECIDED[name]
    decided = {document: tuple(outcomes[document, no] for no in range(1, len(situation.tonight) + 1)) for document in situation.documents}
    assert decided == dict.fromkeys(situation.documents, situation.tonight)


def test_every_reason_of_an_automatic_run_is_met(outcomes: dict[tuple[str, int], str]):
    elsewhere = {Reason.NOT_SELECTED, Reason.BELOW_RUN_MINIMUM, Reason.NOT_DUE, Reason.IN_FLIGHT}  # editions, people, a run under way
    not_asked_for = {Reason.PAYMENT_TO_MATCH}  # the company does not hold customers whose payments wait to be matched
    assert set(Reason) - elsewhere - not_asked_for <= set(outcomes.values())


def test_the_run_of_last_week_had_left_nothing_undone(book: Book):
    last_week = Book(book.today)
    last_week.items = [(code, item) for code, item in book.items if item.document_date <= book.today - timedelta(days=6)]
    last_week.today = book.today - timedelta(days=6)
    assert [notice for proposal in last_week.proposals() for notice in proposal.notices] == []


def test_every_level_was_given_at_an_age_at_which_it_applied(book: Book):
    by_hand = {number for number, _ in ledger.COMMENTS}
    policies = {one["code"]: book.terms().policy_of(book.page(one).customer) for one in book.dossier["customers"]}
    for customer, item in book.items:
        if 0 < item.level < NA and item.document not in by_hand:
            row = decide_level(policies[customer], item.level - 1, item.due_date, None, item.last_dunned_on)
            assert (item.document, row.level) == (item.document, item.level)


def test_the_policies_have_neither_faults_nor_gaps(book: Book):
    terms = book.terms()
    assert [policy_problems(one.rows) for one in (terms.policy, *terms.policies.values())] == [([], [])] * 3


def test_several_invoices_of_one_level_and_one_recipient_make_one_message(notices: list[Notice]):
    assert [[line.item.document for line in notice.lines] for notice in notices if notice.customer.code == "C002"] == [
        ["FA-2308", "FA-2313", "FA-2324"]
    ]


@pytest.mark.parametrize(
    ("situation", "to"),
    [
        ("one_message_per_recipient_list", {"facturation@bouchoncurieux.example", "chef@bouchoncurieux.example"}),
        ("site_contact", {"ajaccio@ucelaru.example", "bastia.compta@ucelaru.example"}),
        ("contact_for_all_sites", {"comptabilite@rivabelle.example"}),
        ("contact_of_no_site", {"contact@tirebouchon.example"}),
        ("invoice_contact", {"dupont@cavesainteloi.example"}),
        ("site_mailbox", {"contact@cavesecluse.example"}),
        ("contact_who_left", {"peyrard@caveforezienne.example"}),
        ("address_at_customer_wins", {"gerance@ibarrondo.example"}),
        ("billed_to_the_group", {"compta@papillote.example"}),
    ],
)
def test_the_messages_of_the_day_go_to(situation: str, to: set[str], notices: list[Notice]):
    documents = SITUATIONS[situation].documents
    assert {notice.to[0] for notice in notices if any(line.item.document in documents for line in notice.lines)} == to


def test_a_free_credit_is_deducted_from_the_notice_of_its_customer(notices: list[Notice]):
    deducted = {notice.customer.code: [credit.document for credit in notice.credits] for notice in notices if notice.credits}
    assert deducted == {"C031": ["AV-103"], "C032": ["VIR-3304"], "C033": ["AC-101"]}


def test_euros_and_pounds_stand_apart_on_one_notice(notices: list[Notice]):
    assert [notice.totals() for notice in notices if notice.customer.code == "C047"] == [{"GBP": 289000, "EUR": 114600}]


def test_the_guide_counts_the_notices_of_the_day(notices: list[Notice]):
    assert Counter((notice.channel.value, notice.level) for notice in notices) == {("email", 1): 17, ("email", 2): 12, ("letter", 3): 1}


def test_four_formal_notices_wait_for_a_person(book: Book):
    request = EditionRequest(book.today, 3, due_to=book.today - timedelta(days=40))
    pages = [book.page(customer) for customer in book.dossier["customers"]]
    letters = [notice for page in pages for notice in propose_letters(page, request, edition_terms(request, book.terms())).notices]
    assert [notice.customer.code for notice in letters] == ["C018", "C036", "C048", "C053"]
