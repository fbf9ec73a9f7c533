"""List of customers -> customers, each with his first site."""

import re
from collections import Counter
from typing import Any, NamedTuple

from django.db import connection

from relance.core.names import collation_key
from relance.core.terms import parse_terms, show_terms
from relance.importers.listing import Listing, Row
from relance.importers.problems import extract
from relance.models import bulk, tuples
from relance.models.company import Collaborator, Company
from relance.models.events import Fact
from relance.models.incoming.named import Customers, Lines, by_code_or_name
from relance.models.parties import Customer, Site
from relance.steps.taking_in.outcome import Difference, Outcome, TakenIn, shown

_TABLES = {"relance_renamed": "id bigint PRIMARY KEY, name varchar(200), sort_name varchar(250)"}
_COLUMNS = ("id", "name", "account", "type", "sales_rep_id", "language", "kind", "payment_terms", "dunning_enabled")
_OF_THE_SITE = ("email", "address", "postcode", "city", "country")
_LONGEST = {"name": 200, "account": 80, "type": 40, "email": 254, "postcode": 20, "city": 100}
_LONGEST_CODE = 80
_KINDS = {
    **dict.fromkeys(("business", "professionnel", "pro", "entreprise", "societe", "company"), "business"),
    **dict.fromkeys(("consumer", "particulier", "individual", "b2c"), "consumer"),
    **dict.fromkeys(("public", "administration", "collectivite", "secteur public"), "public"),
}
_LANGUAGES = {
    "fr": "fr",
    "francais": "fr",
    "french": "fr",
    "fr fr": "fr",
    "en": "en",
    "anglais": "en",
    "english": "en",
    "en us": "en",
    "de": "de",
    "allemand": "de",
    "german": "de",
    "deutsch": "de",
    "en gb": "en",
}
_COUNTRIES = {
    "france": "FR",
    "belgique": "BE",
    "belgium": "BE",
    "suisse": "CH",
    "switzerland": "CH",
    "luxembourg": "LU",
    "monaco": "MC",
    "allemagne": "DE",
    "germany": "DE",
    "espagne": "ES",
    "spain": "ES",
    "italie": "IT",
    "italy": "IT",
    "portugal": "PT",
    "pays bas": "NL",
    "netherlands": "NL",
    "royaume uni": "GB",
    "united kingdom": "GB",
    "etats unis": "US",
    "united states": "US",
}
_TERMS = re.compile(r"(?:a |net )?(\d{1,3})(?: ?(?:j|jrs|jours|days))?(?: nets?)?(?: (fdm|fin de mois|eom|end of month))?")
_ON_RECEIPT = {"a reception", "a reception de facture", "comptant", "due on receipt", "on receipt", "immediate"}
ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\"]+")
YES_AND_NO = {
    **dict.fromkeys(("oui", "yes", "o", "y", "x", "1", "true", "vrai"), True),
    **dict.fromkeys(("non", "no", "n", "0", "false", "faux"), False),
}


def write(company: Company, listing: Listing, taken: TakenIn, key: str) -> list[Fact]:
    """Write what the list says of customers; problems go to the list."""
    taken.counts = {"customers": Counter(), "sites": Counter()}
    with bulk.temporary(_TABLES):
        writing = _Writing(company, listing, taken)
        for rows in tuples.batches(listing.rows()):
            writing.write(rows)
        writing.rename()
    return []


class _Changes(NamedTuple):
    """What some rows of the list bring: rows that are new, and of those that are held the columns that change."""

    new: list[dict[str, Any]]
    changed: list[tuple[int, dict[str, Any]]]


class _Writing:
    """The customers of one list, by code, and by name where the list has no codes."""

    def __init__(self, company: Company, listing: Listing, taken: TakenIn) -> None:
        self._company, self._listing, self._taken = company, listing, taken
        self._stored, self._lines = Customers(company.pk), Lines()
        self._reps = by_code_or_name(Collaborator, company)
        self._codes = dict(Collaborator.objects.filter(company=company).values_list("id", "code"))

    def write(self, rows: list[Row]) -> None:
        """Compare rows with what is held, and write what is new and what has changed: a statement for each sort."""
        named = self._first_named(rows)
        held = self._stored.by_code([code for _, code in named], *_COLUMNS)
        customers = {code: dict(zip(_COLUMNS, row, strict=True)) for code, row in held.items()}
        sites = _first_sites([one["id"] for one in customers.values()])
        of_customers, of_sites = _Changes([], []), _Changes([], [])
        for row, code in named:
            self._read(row, code, customers.get(code), sites, of_customers, of_sites)
        if not self._listing.problems:
            self._store(of_customers, of_sites)

    def rename(self) -> None:
        """Write the names that change, after all others: rows are known by the names that were there before the list."""
        with connection.chunked_cursor() as cursor:
            cursor.execute("SELECT id, name, sort_name FROM relance_renamed ORDER BY id")
            while some := cursor.fetchmany(tuples.BATCH):
                bulk.update(Customer, ("name", "sort_name"), some)

    def _read(
        self,
        row: Row,
        code: str,
        stored: dict[str, Any] | None,
        sites: dict[int, dict[str, Any]],
        of_customers: _Changes,
        of_sites: _Changes,
    ) -> None:
        values, site = self._values(row), self._site(row)
        if stored is None:
            name = values.pop("name", code)
            of_customers.new.append(values | {"code": code, "name": name, "sort_name": _sort_name(name)})
            self._taken.note("customers", Outcome(row.line, "new", code, name, ()))
            self._add_site(code, site, of_sites)
            return
        changed = {column: value for column, value in values.items() if stored[column] != value}
        known = sites.get(stored["id"], {})
        moved = {column: value for column, value in site.items() if known.get(column) != value}
        differences = [self._difference(what, stored[what], value) for what, value in changed.items()]
        differences += [Difference(what, shown(known.get(what)), shown(value)) for what, value in moved.items()]
        self._taken.note("customers", Outcome(row.line, "changed", code, stored["name"], tuple(differences)))
        of_customers.changed.append((stored["id"], changed))
        if moved and known:
            of_sites.changed.append((known["id"], moved))
            self._taken.counts["sites"]["changed"] += 1
        else:
            self._add_site(stored["id"], moved, of_sites)

    def _difference(self, column: str, before: Any, after: Any) -> Difference:
        if column == "sales_rep_id":
            return Difference("sales_rep", self._codes.get(before, ""), self._codes.get(after, ""))
        return Difference(column, shown(before), shown(after))

    def _store(self, of_customers: _Changes, of_sites: _Changes) -> None:
        usual = bulk.defaults(Customer) | {"company_id": self._company.pk}
        ids = {one["code"]: pk for one, pk in zip(of_customers.new, bulk.reserve_ids(Customer, len(of_customers.new)), strict=True)}
        columns = ("id", *bulk.defaults(Customer))
        rows = (usual | one | {"id": ids[one["code"]]} for one in of_customers.new)
        bulk.insert(Customer, columns, ([row[column] for column in columns] for row in rows))
        usual = bulk.defaults(Site) | {"company_id": self._company.pk, "code": "1"}
        columns = tuple(bulk.defaults(Site))
        rows = (usual | one | {"customer_id": ids.get(one["customer_id"], one["customer_id"])} for one in of_sites.new)
        bulk.insert(Site, columns, ([row[column] for column in columns] for row in rows))
        self._change(of_customers.changed)
        bulk.update_each(Site, of_sites.changed)

    def _change(self, changed: list[tuple[int, dict[str, Any]]]) -> None:
        """Change customers, but for their names, which are kept until the list was read."""
        renamed = [(pk, name, _sort_name(name)) for pk, values in changed if (name := values.pop("name", None)) is not None]
        bulk.fill_rows("relance_renamed", ("id", "name", "sort_name"), renamed)
        bulk.update_each(Customer, changed)

    def _first_named(self, rows: list[Row]) -> list[tuple[Row, str]]:
        """Rows with the codes of their customers, each named for the first time."""
        nameless = [row.said["name"] for row in rows if not row.said.get("customer") and row.said.get("name")]
        by_name = self._stored.codes_by_name(nameless) if nameless else {}
        named = [(row, code) for row in rows if (code := self._code(row, by_name))]
        first = self._lines.first((code, row.line) for row, code in named)
        for row, code in named:
            if first[code] != row.line:
                self._listing.fault(row, "customer", f"this customer stands on line {first[code]} already: {extract(code)}")
        return [(row, code) for row, code in named if first[code] == row.line]

    def _code(self, row: Row, by_name: dict[str, str]) -> str:
        """The customer's code; where the list has only names, that of the customer of this name, else the name itself."""
        code, name = row.said.get("customer", ""), row.said.get("name", "")
        if not code and name:
            code = by_name.get(collation_key(name)) or name[:_LONGEST_CODE]
        if not code:
            self._listing.fault(row, "customer", "no customer")
        elif len(code) > _LONGEST_CODE:
            self._listing.fault(row, "customer", f"more than {_LONGEST_CODE} letters: {extract(code)}")
            return ""
        return code

    def _values(self, row: Row) -> dict[str, Any]:
        said = row.said
        values: dict[str, Any] = {what: self._short(row, what) for what in ("name", "account", "type") if what in said}
        for what, known in (("language", _LANGUAGES), ("kind", _KINDS)):
            if what in said:
                found = known.get(collation_key(said[what]))
                if found:
                    values[what] = found
                else:
                    self._taken.pass_over(f"{what} not known: {extract(said[what])}")
        if "sales_rep" in said:
            rep = self._reps.get(collation_key(said["sales_rep"]))
            if rep:
                values["sales_rep_id"] = rep
            else:
                self._taken.pass_over(f'there is no sales rep "{said["sales_rep"][:40]}"')
        if "payment_terms" in said:
            self._terms(row, values)
        if "dunning" in said:
            answer = YES_AND_NO.get(collation_key(said["dunning"]))
            if answer is None:
                self._listing.fault(row, "dunning", f"neither yes nor no: {extract(said['dunning'])}")
            else:
                values["dunning_enabled"] = answer
        return values

    def _terms(self, row: Row, values: dict[str, Any]) -> None:
        terms = row.said["payment_terms"]
        try:
            values["payment_terms"] = show_terms(parse_terms(_notation(terms)))
        except ValueError:
            self._taken.pass_over(f"payment terms not known: {extract(terms)}")

    def _site(self, row: Row) -> dict[str, Any]:
        site: dict[str, Any] = {what: self._short(row, what) for what in ("email", "address", "postcode", "city") if what in row.said}
        if "address_2" in row.said:
            site["address"] = "\n".join(filter(None, (site.get("address"), row.said["address_2"])))
        if "email" in site and not ADDRESS.fullmatch(site["email"]):
            self._listing.fault(row, "email", f"not an e-mail address: {extract(site['email'])}")
        if "country" in row.said:
            said = row.said["country"]
            code = _COUNTRIES.get(collation_key(said), said.upper())
            if len(code) == len("FR") and code.isascii() and code.isalpha():
                site["country"] = code
            else:
                self._taken.pass_over(f"country not known: {extract(said)}")
        return site

    def _add_site(self, customer: int | str, site: dict[str, Any], of_sites: _Changes) -> None:
        """A first site, of a customer who is held or, by code, of one who is new."""
        if site:
            of_sites.new.append(site | {"customer_id": customer})
            self._taken.counts["sites"]["created"] += 1

    def _short(self, row: Row, what: str) -> str:
        text: str = row.said[what]
        most = _LONGEST.get(what, len(text))
        if len(text) > most:
            self._listing.fault(row, what, f"more than {most} letters: {extract(text)}")
        return text


def _notation(terms: str) -> str:
    """Payment terms as lists spell them out, in the notation of the options; else as they are."""
    plain = collation_key(terms)
    if plain in _ON_RECEIPT:
        return "0"
    spelt = _TERMS.fullmatch(plain)
    return f"{spelt[1]}FDM" if spelt and spelt[2] else spelt[1] if spelt else terms


def _first_sites(customers: list[int]) -> dict[int, dict[str, Any]]:
    columns = ("customer_id", "id", *_OF_THE_SITE)
    rows = Site.objects.filter(customer__in=tuples.among(customers)).order_by("customer_id", "position", "id").values_list(*columns)
    found: dict[int, dict[str, Any]] = {}
    for row in tuples.stream(rows):
        found.setdefault(row[0], dict(zip(columns, row, strict=True)))
    return found


def _sort_name(name: str) -> str:
    return collation_key(name)[:250]
