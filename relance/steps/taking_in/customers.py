"""List of customers -> customers, each with his first site."""

import re
from collections import Counter
from typing import Any

from relance.core.names import collation_key
from relance.core.terms import parse_terms, show_terms
from relance.importers.listing import Listing, Row
from relance.importers.problems import Problem, extract
from relance.models import bulk, tuples
from relance.models.company import Collaborator, Company
from relance.models.events import Fact
from relance.models.parties import Customer, Site
from relance.steps.taking_in.outcome import Difference, Outcome, TakenIn

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
    writing = _Writing(company, listing, taken)
    for row in listing.rows():
        writing.read(row)
    writing.store()
    return []


class _Writing:
    """The customers of one list, by code, and by name where the list has no codes."""

    def __init__(self, company: Company, listing: Listing, taken: TakenIn) -> None:
        self._company, self._listing, self._taken = company, listing, taken
        columns = ("code", "id", "name", "account", "type", "sales_rep_id", "language", "kind", "payment_terms", "dunning_enabled")
        stored = tuples.stream(Customer.objects.filter(company=company).values_list(*columns))
        self._customers = {row[0]: dict(zip(columns, row, strict=True)) for row in stored}
        self._by_name = codes_by_name((code, one["name"]) for code, one in self._customers.items())
        self._sites = _first_sites(company)
        self._reps = _by_code_or_name(company)
        self._unknown: Counter[str] = Counter()
        self._lines: dict[str, int] = {}
        self._new: list[dict[str, Any]] = []
        self._changed: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
        self._new_sites: list[dict[str, Any]] = []
        self._changed_sites: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}

    def read(self, row: Row) -> None:
        """Compare one row with what is held."""
        code = self._code(row)
        if not code or not self._is_first(code, row):
            return
        values, site = self._values(row), self._site(row)
        stored = self._customers.get(code)
        if stored is None:
            name = values.pop("name", code)
            self._new.append(values | {"code": code, "name": name, "sort_name": collation_key(name)[:250]})
            self._taken.note("customers", Outcome(row.line, "new", code, name, ()))
            self._add_site(code, site)
            return
        changed = {column: value for column, value in values.items() if stored[column] != value}
        known = self._sites.get(stored["id"], {})
        moved = {column: value for column, value in site.items() if known.get(column) != value}
        differences = [Difference(what, _shown(stored[what]), _shown(value)) for what, value in changed.items()]
        differences += [Difference(what, _shown(known.get(what)), _shown(value)) for what, value in moved.items()]
        self._taken.note("customers", Outcome(row.line, "changed", code, stored["name"], tuple(differences)))
        if changed:
            named = {"sort_name": collation_key(changed["name"])[:250]} if "name" in changed else {}
            _put(self._changed, stored["id"], changed | named)
        if moved and known:
            _put(self._changed_sites, known["id"], moved)
            self._taken.counts["sites"]["changed"] += 1
        elif moved:
            self._add_site(code, moved)

    def store(self) -> None:
        """Write what is new and what has changed, a statement for each sort."""
        if self._listing.problems:
            return
        usual = bulk.defaults(Customer) | {"company_id": self._company.pk}
        ids = bulk.reserve_ids(Customer, len(self._new))
        columns = ("id", *bulk.defaults(Customer))
        rows = [usual | one | {"id": pk} for pk, one in zip(ids, self._new, strict=True)]
        bulk.insert(Customer, columns, ([row[column] for column in columns] for row in rows))
        of_code = {row["code"]: row["id"] for row in rows} | {code: one["id"] for code, one in self._customers.items()}
        usual = bulk.defaults(Site) | {"company_id": self._company.pk, "code": "1"}
        columns = tuple(bulk.defaults(Site))
        sites = [usual | one | {"customer_id": of_code[one["customer_id"]]} for one in self._new_sites]
        bulk.insert(Site, columns, ([row[column] for column in columns] for row in sites))
        for names, changed in self._changed.items():
            bulk.update(Customer, names, changed)
        for names, changed in self._changed_sites.items():
            bulk.update(Site, names, changed)
        self._taken.remarks += [Problem(0, "", f"{what}: {count} times") for what, count in self._unknown.items()]

    def _code(self, row: Row) -> str:
        """The customer's code; where the list has only names, that of the customer of this name, else the name itself."""
        code, name = row.said.get("customer", ""), row.said.get("name", "")
        if not code and name:
            code = self._by_name.get(collation_key(name)) or name[:_LONGEST_CODE]
        if not code:
            self._fault(row, "customer", "no customer")
        elif len(code) > _LONGEST_CODE:
            self._fault(row, "customer", f"more than {_LONGEST_CODE} letters: {extract(code)}")
            return ""
        return code

    def _is_first(self, code: str, row: Row) -> bool:
        first = self._lines.setdefault(code, row.line)
        if first != row.line:
            self._fault(row, "customer", f"this customer stands on line {first} already: {extract(code)}")
        return first == row.line

    def _values(self, row: Row) -> dict[str, Any]:
        said = row.said
        values: dict[str, Any] = {what: self._short(row, what) for what in ("name", "account", "type") if what in said}
        for what, known in (("language", _LANGUAGES), ("kind", _KINDS)):
            if what in said:
                found = known.get(collation_key(said[what]))
                if found:
                    values[what] = found
                else:
                    self._unknown[f"{what} not known: {extract(said[what])}"] += 1
        if "sales_rep" in said:
            rep = self._reps.get(collation_key(said["sales_rep"]))
            if rep:
                values["sales_rep_id"] = rep
            else:
                self._unknown[f'there is no sales rep "{said["sales_rep"][:40]}"'] += 1
        if "payment_terms" in said:
            self._terms(row, values)
        if "dunning" in said:
            answer = YES_AND_NO.get(collation_key(said["dunning"]))
            if answer is None:
                self._fault(row, "dunning", f"neither yes nor no: {extract(said['dunning'])}")
            else:
                values["dunning_enabled"] = answer
        return values

    def _terms(self, row: Row, values: dict[str, Any]) -> None:
        terms = row.said["payment_terms"]
        try:
            values["payment_terms"] = show_terms(parse_terms(_notation(terms)))
        except ValueError:
            self._unknown[f"payment terms not known: {extract(terms)}"] += 1

    def _site(self, row: Row) -> dict[str, Any]:
        site: dict[str, Any] = {what: self._short(row, what) for what in ("email", "address", "postcode", "city") if what in row.said}
        if "address_2" in row.said:
            site["address"] = "\n".join(filter(None, (site.get("address"), row.said["address_2"])))
        if "email" in site and not ADDRESS.fullmatch(site["email"]):
            self._fault(row, "email", f"not an e-mail address: {extract(site['email'])}")
        if "country" in row.said:
            said = row.said["country"]
            code = _COUNTRIES.get(collation_key(said), said.upper())
            if len(code) == len("FR") and code.isascii() and code.isalpha():
                site["country"] = code
            else:
                self._unknown[f"country not known: {extract(said)}"] += 1
        return site

    def _add_site(self, code: str, site: dict[str, Any]) -> None:
        if site:
            self._new_sites.append(site | {"customer_id": code})
            self._taken.counts["sites"]["created"] += 1

    def _short(self, row: Row, what: str) -> str:
        text: str = row.said[what]
        most = _LONGEST.get(what, len(text))
        if len(text) > most:
            self._fault(row, what, f"more than {most} letters: {extract(text)}")
        return text

    def _fault(self, row: Row, what: str, message: str) -> None:
        self._listing.problems.add(row.line, self._listing.title(what) if what in self._listing.heads.places else "", message)


def _notation(terms: str) -> str:
    """Payment terms as lists spell them out, in the notation of the options; else as they are."""
    plain = collation_key(terms)
    if plain in _ON_RECEIPT:
        return "0"
    spelt = _TERMS.fullmatch(plain)
    return f"{spelt[1]}FDM" if spelt and spelt[2] else spelt[1] if spelt else terms


def codes_by_name(named: Any) -> dict[str, str]:
    """The code of each name that only one customer has."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for code, name in named:
        plain = collation_key(name)
        if plain in found:
            twice.add(plain)
        found[plain] = code
    return {name: code for name, code in found.items() if name not in twice}


def _first_sites(company: Company) -> dict[int, dict[str, Any]]:
    columns = ("customer_id", "id", *_OF_THE_SITE)
    rows = Site.objects.filter(company=company).order_by("customer_id", "position", "id").values_list(*columns)
    found: dict[int, dict[str, Any]] = {}
    for row in tuples.stream(rows):
        found.setdefault(row[0], dict(zip(columns, row, strict=True)))
    return found


def _by_code_or_name(company: Company) -> dict[str, int]:
    rows = list(Collaborator.objects.filter(company=company).values_list("id", "name", "code"))
    return {collation_key(said): pk for place in (0, 1) for pk, *words in rows for said in [words[place]] if said}


def _put(changes: dict[tuple[str, ...], list[tuple[Any, ...]]], pk: int, values: dict[str, Any]) -> None:
    changes.setdefault(tuple(values), []).append((pk, *values.values()))


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
