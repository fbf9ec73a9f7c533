"""Which column of a table is what? Its heads say, in French or English, wherever they stand.

A head is recognised without case, accents or punctuation. Titles above the heads are passed over. Where the heads say something else, the
user says which column is what.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from relance.core.names import collation_key
from relance.importers.problems import Unreadable, extract

# What a column may be, with the heads that say so; of several columns with such heads, the head named first here counts.
HEADS = {
    what: tuple(heads.split(" | "))
    for what, heads in {
        "customer": (
            "code client | code tiers | n client | no client | num client | numero client | numero de client"
            " | ref client | reference client | identifiant client | id client | compte client | compte auxiliaire"
            " | compte tiers | compaux | compauxnum | n compte | numero compte | numero de compte | n de compte"
            " | code | compte | tiers | customer code | customer no | customer number | customer id | customer ref"
            " | client id | client code | account code | account number | account no | contact id | partner id"
            " | partner ref | debtor | debtor no | account"
        ),
        "name": (
            "nom client | nom du client | raison sociale | nom du tiers | nom tiers | intitule du compte | intitule"
            " | libelle compte | libelle du compte | denomination | societe | nom | client | customer name"
            " | client name | company name | contact name | partner | debtor name | account name | company | name"
            " | customer | invoice partner display name"
        ),
        "number": (
            "n facture | no facture | num facture | numero facture | numero de facture | n de facture | n piece"
            " | no piece | num piece | numero piece | numero de piece | n de piece | n document | numero document"
            " | numero de document | ref facture | ref piece | reference piece | reference facture | piece | facture"
            " | document | numero | n | reference | ref | invoice number | invoice no | invoice num | invoice id"
            " | invoice ref | document number | document no | doc no | doc number | transaction number"
            " | transaction no | invoice | num | no | number"
        ),
        "type": (
            "type de piece | type piece | type de document | type document | nature de piece | type | nature"
            " | document type | doc type | transaction type | invoice type"
        ),
        "date": (
            "date facture | date de facture | date de facturation | date piece | date de piece | date document"
            " | date du document | date d emission | date emission | emise le | date operation | date ecriture"
            " | date comptable | date | invoice date | invoice bill date | document date | doc date | issue date | issued"
            " | transaction date | posting date"
        ),
        "due_date": (
            "date echeance | date d echeance | echeance le | echeance | date limite | date limite de paiement"
            " | a payer le | date de reglement prevue | due date | payment due date | due on | due | maturity"
            " | maturity date"
        ),
        "open": (
            "reste a payer | reste du | restant du | reste a regler | reste a encaisser | solde du | montant du"
            " | montant restant | montant ouvert | montant non lettre | solde facture | solde piece | impaye | solde"
            " | reste | amount due | open amount | outstanding amount | outstanding | amount outstanding"
            " | open balance | balance due | remaining amount | amount residual | residual | unpaid | remaining"
            " | balance | due amount"
        ),
        "amount": (
            "montant ttc | total ttc | montant facture | montant total | montant de la facture | ttc | montant"
            " | total | invoice amount | original amount | total amount | gross amount | amount incl tax"
            " | invoice total | gross | amount"
        ),
        "debit": "montant debit | solde debiteur | debit",
        "credit": "montant credit | solde crediteur | credit",
        "currency": "code devise | devise | monnaie | currency code | currency",
        "label": "libelle | libelle ecriture | designation | objet | description | label | memo | subject",
        "payment_method": ("mode de reglement | mode reglement | moyen de paiement | mode de paiement | payment method | payment mode"),
        "sales_rep": ("commercial | representant | code representant | vendeur | sales rep | salesperson | sales person | account manager"),
        "email": ("e mail | email | adresse e mail | adresse mail | mail | courriel | email address | e mail client | email client"),
        "address": "adresse | adresse 1 | rue | address | street | address line 1",
        "postcode": "code postal | cp | postcode | post code | postal code | zip | zip code",
        "city": "ville | commune | city | town",
    }.items()
}
FIELDS = tuple(HEADS)


class Vocabulary(NamedTuple):
    """What the columns of one kind of table may be, with the heads that say so; and what it cannot do without, in words."""

    heads: Mapping[str, Sequence[str]]
    needed: Mapping[str, frozenset[str]]
    nothing: str  # what is said where no row names any columns


ITEMS = Vocabulary(
    HEADS,
    {
        "the customer's code or name": frozenset({"customer", "name"}),
        "the document's number": frozenset({"number"}),
        "a date or a due date": frozenset({"date", "due_date"}),
        "an amount": frozenset({"open", "amount", "debit", "credit"}),
    },
    "customer, document number, due date, amount",
)
_FRENCH_FIRST = re.compile(r"client|facture|piece|echeance|montant|solde|reste|tiers|compte|libelle|devise|reglement")
_FURTHEST = 60  # rows above the heads: titles, dates, addresses


@dataclass(frozen=True)
class Heads:
    """Where each thing stands, by its name in ``HEADS``; where the heads are; and whether they are French."""

    row: int  # how many rows stand above them
    places: Mapping[str, int]
    titles: Sequence[str]
    french: bool


def find_heads(rows: Iterable[Sequence[object]], mapping: Mapping[str, str], vocabulary: Vocabulary = ITEMS) -> Heads:
    """The heads of a table: the first row that names all that this kind of table needs. Reads no further.

    ``mapping`` says by hand which head stands over what; an empty head, that none does.
    Raises Unreadable, naming what was missed in the row that came nearest.
    """
    nearest: tuple[int, list[str]] = (0, [])
    for row, cells in enumerate(islice(rows, _FURTHEST)):
        titles = [str(cell).strip() for cell in cells]
        places = _places(titles, mapping, vocabulary)
        missing = missing_of(places, vocabulary)
        if not missing:
            return Heads(row, places, titles, any(_FRENCH_FIRST.search(plain_head(title)) for title in titles))
        if len(places) > nearest[0]:
            nearest = len(places), missing
    if nearest[0] <= 1:  # one word may be anything
        raise Unreadable(f"no row among the first {_FURTHEST} names columns: {vocabulary.nothing}")
    raise Unreadable(f"no column was recognised as {', nor as '.join(nearest[1])}; say which one it is")


def likely_heads(rows: Iterable[Sequence[object]], mapping: Mapping[str, str], vocabulary: Vocabulary = ITEMS) -> Heads:
    """The row that is likeliest to be the heads, though something may be missing: most columns recognised, then most cells filled.

    Reads the rows above which heads may stand. Raises Unreadable where there are no rows.
    """
    found: tuple[tuple[int, int], Heads] | None = None
    for row, cells in enumerate(islice(rows, _FURTHEST)):
        titles = [str(cell).strip() for cell in cells]
        heads = Heads(row, _places(titles, mapping, vocabulary), titles, french=False)
        weight = len(heads.places), sum(map(bool, titles))
        if found is None or weight > found[0]:
            found = weight, heads
    if found is None:
        raise Unreadable("the file is empty")
    return found[1]


def plain_head(title: str) -> str:
    """A head as it is compared: small letters, no accents, one space between words."""
    return collation_key(title.replace("°", " ").replace("º", " ").replace("'", " ").replace("’", " "))


def _places(titles: Sequence[str], mapping: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, int]:
    plain = [plain_head(title) for title in titles]
    places = {what: plain.index(plain_head(head)) for what, head in mapping.items() if plain_head(head) and plain_head(head) in plain}
    taken = set(places.values())
    known_heads = vocabulary.heads.items()
    ranked = sorted((known.index(head), what, place) for what, known in known_heads for place, head in enumerate(plain) if head in known)
    for _, what, place in ranked:
        if what not in places and place not in taken and what not in mapping:
            places[what] = place
            taken.add(place)
    return places


def missing_of(places: Mapping[str, int], vocabulary: Vocabulary) -> list[str]:
    """What such a table cannot do without and has no column for, in words."""
    return [what for what, columns in vocabulary.needed.items() if not columns & places.keys()]


def refuse_unknown_mapping(mapping: Mapping[str, str], vocabulary: Vocabulary = ITEMS) -> None:
    """Raise Unreadable for a mapping of what no column can be."""
    for what in mapping:
        if what not in vocabulary.heads:
            raise Unreadable(f"a column cannot be {extract(what)}; it can be: {', '.join(vocabulary.heads)}")
