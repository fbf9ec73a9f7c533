"""Which heads has a list of customers, of contacts, of payments? And which of these lists is a table, by its heads?

The export of a program is known by its own heads where a public source tells them: they stand in the tests, with the source.
"""

import csv
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import BinaryIO, Literal

from relance.importers.problems import Unreadable
from relance.importers.sheet import open_sheet
from relance.importers.sheet_heads import HEADS, ITEMS, Vocabulary, likely_heads, missing_of, plain_head

ListKind = Literal["items", "customers", "contacts", "payments"]
_ROWS = 60


def _words(**heads: str) -> dict[str, Sequence[str]]:
    return {what: tuple(said.split(" | ")) for what, said in heads.items()}


_NAME_OF_A_CUSTOMER = (
    *HEADS["name"],
    *("full name", "customer full name", "display name", "nom complet", "nom de l entreprise", "raison sociale client"),
)
_WHOSE = {"customer": HEADS["customer"], "name": _NAME_OF_A_CUSTOMER}

CUSTOMERS = Vocabulary(
    {
        "customer": (*HEADS["customer"], "numero", "n", "ref", "reference", "id"),
        "name": _NAME_OF_A_CUSTOMER,
        **_words(
            account="compte comptable | compte general | compte collectif | n compte comptable | accounting account | ledger account",
            type="type de client | type client | categorie | categorie client | famille | customer type | category | customer group",
            sales_rep=" | ".join(HEADS["sales_rep"]),
            language="langue | code langue | language",
            kind="nature du client | nature client | particulier professionnel | customer kind",
            payment_terms="conditions de reglement | condition de reglement | delai de paiement | conditions de paiement | payment terms",
            dunning="relance | relancer | a relancer | relances | dunning | remind",
            email=" | ".join((*HEADS["email"], "email de facturation", "e mail de facturation", "billing email", "primary email")),
            address=" | ".join(
                (*HEADS["address"], "ligne d adresse 1", "adresse de facturation", "billing address", "billing street", "rue et numero")
            ),
            address_2=(
                "adresse 2 | complement | complement d adresse | adresse suite | ligne d adresse 2 | address line 2 | street 2 | address 2"
            ),
            postcode=" | ".join((*HEADS["postcode"], "billing zip", "billing postal code")),
            city=" | ".join((*HEADS["city"], "billing city")),
            country="pays | code pays | country | country code | billing country",
        ),
    },
    {"the customer's code or name": frozenset({"customer", "name"})},
    "customer's code, name, address",
)

CONTACTS = Vocabulary(
    {
        **_WHOSE,
        **_words(
            contact="nom du contact | contact | nom contact | interlocuteur | nom de l interlocuteur | contact name",
            last_name="nom de famille | last name | lastname | surname",
            first_name="prenom | prenom du contact | first name | firstname | given name",
            function="fonction | poste | role | qualite | job | job title | job position | position | title",
            email=" | ".join((*HEADS["email"], "e mail du contact", "email du contact", "email contact", "contact email")),
            receives="recoit les relances | relances | relance | receives reminders | dunning",
            invoices="recoit les factures | factures | receives invoices | invoices",
            site="site | code site | site du contact | etablissement | agence | sites | site code | branch | location",
            left_on="parti le | sorti le | date de depart | left on | end date",
        ),
    },
    {
        "the customer's code or name": frozenset({"customer", "name"}),
        "the contact's name": frozenset({"contact", "last_name", "first_name"}),
    },
    "customer, contact's name, e-mail address",
)

PAYMENTS = Vocabulary(
    {
        **_WHOSE,
        **_words(
            reference=(
                "n reglement | no reglement | numero de reglement | numero reglement | reference reglement | reference de reglement"
                " | ref reglement | reference du paiement | reference paiement | n paiement | numero de paiement | numero paiement"
                " | n cheque | reference"
                " | ref | n piece | numero de piece | numero | piece | payment number | payment no | payment reference | payment id"
                " | receipt number | receipt no | transaction id | number"
            ),
            date=(
                "date de reglement | date reglement | date du reglement | date de paiement | date paiement | date d encaissement"
                " | date encaissement | regle le | paye le | date de valeur | date operation | date | payment date | paid on | date paid"
                " | receipt date | transaction date | value date"
            ),
            amount=(
                "montant regle | montant paye | montant encaisse | montant du reglement | montant reglement | montant du paiement"
                " | reglement | encaissement | montant | total | amount paid | paid amount | payment amount | amount received | amount"
            ),
            debit="debit | montant debit",
            credit="credit | montant credit",
            currency="code devise | devise | monnaie | currency code | currency",
            document=(
                "facture reglee | n facture | no facture | numero facture | numero de facture | n de facture | piece reglee | facture"
                " | reference facture | ref facture | document | n document | lettrage facture | invoice number | invoice no | invoice"
                " | applied to | paid invoice"
            ),
            type="type | nature | type de reglement | sens | type d operation | payment type | transaction type",
        ),
    },
    {
        "the customer's code or name, or the document paid": frozenset({"customer", "name", "document"}),
        "the day of the payment": frozenset({"date"}),
        "an amount": frozenset({"amount", "debit", "credit"}),
    },
    "customer, date of payment, amount",
)

VOCABULARIES: dict[ListKind, Vocabulary] = {"items": ITEMS, "customers": CUSTOMERS, "contacts": CONTACTS, "payments": PAYMENTS}
_DAY_OF_A_PAYMENT = {*PAYMENTS.heads["date"][:9], "payment date", "paid on", "date paid", "receipt date"}
_WHAT_WAS_PAID = {*PAYMENTS.heads["amount"][:7], "amount paid", "paid amount", "payment amount", "amount received"}


def recognise_list(source: BinaryIO, sheet: str | None = None) -> ListKind:
    """Which list a table is, by its heads; a list of open items where nothing says otherwise. Reads the first rows alone.

    Raises Unreadable for what is no table.
    """
    try:
        rows = list(islice(open_sheet(source, sheet).rows(), _ROWS))
    except csv.Error:
        raise Unreadable("a quotation mark is opened and not closed") from None
    found = {kind: likely_heads(rows, {}, vocabulary).places for kind, vocabulary in VOCABULARIES.items()}
    whole = {kind: not missing_of(places, VOCABULARIES[kind]) for kind, places in found.items()}
    said = {plain_head(title) for title in likely_heads(rows, {}, PAYMENTS).titles}
    is_paid = whole["payments"] and said & _DAY_OF_A_PAYMENT and "open" not in found["items"]
    if is_paid and (said & _WHAT_WAS_PAID or "due_date" not in found["items"]):
        return "payments"
    return _otherwise(found, whole)


def _otherwise(found: Mapping[ListKind, Mapping[str, int]], whole: Mapping[ListKind, bool]) -> ListKind:
    """Which list it is where no head says that something was paid."""
    if whole["items"]:
        return "items"
    of_an_item = {"due_date", "open"} & found["items"].keys()
    if whole["payments"] and not of_an_item:
        return "payments"
    if of_an_item or {"amount", "debit", "credit"} & found["items"].keys():
        return "items"
    if whole["contacts"]:
        return "contacts"
    return "customers" if whole["customers"] else "items"
