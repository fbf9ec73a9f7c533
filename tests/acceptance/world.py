"""What must a test say about a company? Its dossier, line by line, in an accountant's words; then the questions put to it."""

import email
import email.policy
import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.acceptance.doors import Answer
from tests.acceptance.runs import Run

Json = dict[str, Any]

DUE = "2026-07-07"
TODAY = "2026-07-15"  # eight days after DUE: of the usual levels, the first applies
USUAL_LEVELS = ((1, -5, 10), (2, 11, 30), (3, 31, None))

_DUE_KEYS = ("level", "last_dunned_on", "status", "comment", "expected_on", "promised_on", "promised_amount", "promise_made_on")


def day(start: str, days: int) -> str:
    """The date so many days after (before, when negative) another."""
    return (date.fromisoformat(start) + timedelta(days=days)).isoformat()


def level(number: int | str, lower: int, upper: int | None, **keys: Any) -> Json:
    """A row of a policy."""
    texts = {"label": f"Relance {number}", "subject": f"Relance {number}", "header": f"Entete {number}", "footer": f"Pied {number}"}
    return {"level": number, "lower_bound": lower, "upper_bound": upper} | (texts if number != "NA" else {}) | keys


def rows(*levels: Any) -> list[Json]:
    """Rows of a policy, each a row of its own or (level, lower bound, upper bound)."""
    return [row if isinstance(row, dict) else level(*row) for row in levels]


def item(due_date: str, amount: str, **keys: Any) -> Json:
    """A due item."""
    return {"due_date": due_date, "amount": amount} | keys


def site(code: str, email: str = "", **keys: Any) -> Json:
    """A billing site."""
    return {"code": code, "name": f"Site {code}", "email": email} | keys


def contact(name: str, receives: str = "", sites: str = "", **keys: Any) -> Json:
    """A contact; what it receives and its sites as words of one string; its address is its name's unless said."""
    address = {} if "email_identity" in keys or "email_at_customer" in keys else {"email_identity": f"{name.lower()}@clients.example"}
    return {"name": name, "receives": receives.split(), "sites": sites.split()} | address | keys


class World:
    """The company ACME and its books, as a dossier; nothing is known to the product before ``load``."""

    def __init__(self, relance: Callable[..., Answer], folder: Path, post: Path) -> None:
        self.relance, self.folder, self.post = relance, folder, post
        self.dossier: Json = {
            "format": "relance/1",
            "company": {
                "code": "ACME",
                "name": "Acme SAS",
                "currency": "EUR",
                "country": "FR",
                "language": "fr",
                "sender_email": "compta@acme.example",
            },
            "options": {},
            "levels": rows(*USUAL_LEVELS),
            "payment_methods": [
                {"code": "VIR", "label": "Virement", "dunnable": True},
                {"code": "CHQ", "label": "Cheque", "dunnable": True},
                {"code": "PRLV", "label": "Prelevement", "dunnable": False},
            ],
            "statuses": [
                {"code": "LITIGE", "label": "Litige", "stops_dunning": True},
                {"code": "VU", "label": "Vu avec le client", "stops_dunning": False},
            ],
            "collaborators": [
                {"code": "DUP", "name": "Alice Dupuis", "email": "dupuis@acme.example"},
                {"code": "MAR", "name": "Bruno Marchand", "email": "marchand@acme.example"},
            ],
            "customers": [],
            "documents": [],
            "payments": [],
        }

    # -- the books

    def company(self, **keys: Any) -> None:
        """Set facts of the company itself."""
        self.dossier["company"] |= keys

    def options(self, **options: Any) -> None:
        """Set options of the company."""
        self.dossier["options"] |= options

    def levels(self, *levels: Any) -> None:
        """Set the company's default policy."""
        self.dossier["levels"] = rows(*levels)

    def policy(self, code: str, *levels: Any, **switches: Any) -> None:
        """Add a further policy."""
        self.dossier.setdefault("policies", []).append({"code": code, "levels": rows(*levels)} | switches)

    def customer(self, code: str = "C001", *, email: str | None = None, **keys: Any) -> Json:
        """Add a customer, or say more about one: by default one site S1 with an address for e-mails, and no contact."""
        known = next((customer for customer in self.dossier["customers"] if customer["code"] == code), None)
        if known is None:
            known = {
                "code": code,
                "name": f"Client {code}",
                "sites": [site("S1", f"{code.lower()}@clients.example", postcode="33000", city="Bordeaux")],
            }
            self.dossier["customers"].append(known)
        if email is not None:
            known["sites"][0]["email"] = email
        known |= keys
        return known

    def supplier(self, code: str, **keys: Any) -> None:
        """Add a supplier."""
        self.dossier.setdefault("suppliers", []).append({"code": code, "name": f"Fournisseur {code}"} | keys)

    def invoice(
        self, number: str = "FA-1", customer: str = "C001", *, due: str | list[Json] = DUE, amount: str = "100.00", **keys: Any
    ) -> Json:
        """Add an invoice, dated thirty days before its (first) due date unless said; its customer too when it is new."""
        if "supplier" not in keys:
            self.customer(customer)
        of_due = {key: keys.pop(key) for key in _DUE_KEYS if key in keys}
        items = [item(due, amount, **of_due)] if isinstance(due, str) else due
        whose = {} if "supplier" in keys else {"customer": customer}
        document = (
            {"number": number, "type": "invoice", "date": day(items[0]["due_date"], -30), "payment_method": "VIR", "due": items}
            | whose
            | keys
        )
        self.dossier["documents"].append(document)
        return document

    def credit(self, number: str = "AV-1", customer: str = "C001", *, amount: str = "-30.00", on: str = "2026-06-20", **keys: Any) -> Json:
        """Add a credit note, due on its date."""
        return self.invoice(number, customer, due=on, amount=amount, **({"type": "credit_note", "date": on} | keys))

    def payment(
        self, reference: str, amount: str, on: str, settles: dict[str, str] | None = None, customer: str = "C001", **keys: Any
    ) -> Json:
        """Add a payment and what it settles: the amount by invoice, each on its first due item."""
        parts = [{"document": number, "no": 1, "amount": part} for number, part in (settles or {}).items()]
        payment = {"reference": reference, "customer": customer, "date": on, "amount": amount, "allocations": parts} | keys
        self.dossier["payments"].append(payment)
        return payment

    # -- the commands

    def file(self, dossier: Json | str | bytes | None = None) -> Path:
        """The dossier as a file: this world's own, or the one given."""
        content = self.dossier if dossier is None else dossier
        path = self.folder / "dossier.json"
        path.write_bytes(content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content)).encode())
        return path

    def try_load(self, dossier: Json | str | bytes | None = None, *flags: str) -> Answer:
        """Load a dossier, whatever comes of it."""
        return self.relance("load", self.file(dossier), *flags)

    def load(self, *flags: str) -> Answer:
        """Load the dossier of this world."""
        return self.try_load(None, *flags, "--json").done()

    def update(self, *flags: str, **nouns: Any) -> Answer:
        """Load a file that holds only the company and these nouns."""
        dossier = {"format": "relance/1", "company": {"code": "ACME", "name": "Acme SAS"}} | nouns
        return self.try_load(dossier, *flags).done()

    def ask(self, command: str, *args: object) -> Answer:
        """Put a question or an order about ACME, answered in JSON."""
        return self.relance(command, "--company", "ACME", *args, "--json")

    def batch(self, as_of: str = TODAY, *flags: object) -> Run:
        """The automatic run, for good."""
        return Run(self.ask("batch", "--as-of", as_of, *flags).done())

    def rehearse(self, as_of: str = TODAY, *flags: object) -> Run:
        """The automatic run, as a simulation."""
        return self.batch(as_of, "--dry-run", *flags)

    def edition(self, number: int = 1, as_of: str = TODAY, *flags: object) -> Run:
        """A letter edition that stores nothing."""
        return Run(self.ask("edition", "--as-of", as_of, "--level", number, *flags).done())

    def letters(self, number: int = 1, as_of: str = TODAY, *flags: object) -> Run:
        """A letter edition, definitive, its PDF in this world's folder."""
        return self.edition(number, as_of, "--definitive", "--out", self.folder / "letters.pdf", *flags)

    def remind(self, *documents: str, channel: str = "email", as_of: str = TODAY, flags: Sequence[object] = ()) -> Run:
        """Reminding of documents by hand, each ``FA-1`` or ``FA-1=2``."""
        named = [word for document in documents for word in ("--document", document)]
        return Run(self.ask("remind", *named, "--channel", channel, "--as-of", as_of, *flags).done())

    def explain(self, document: str = "FA-1", as_of: str = TODAY, *flags: object) -> list[Json]:
        """What is said of each due item of a document."""
        due: list[Json] = self.ask("explain", "--document", document, "--as-of", as_of, *flags).done().json["due"]
        return due

    def aged(self, as_of: str, *flags: object) -> Json:
        """The aged balance."""
        balance: Json = self.ask("aged", "--as-of", as_of, *flags).done().json
        return balance

    def history(self, *flags: object) -> Json:
        """Notices and events."""
        told: Json = self.ask("history", *flags).done().json
        return told

    # -- what is stored

    def rows(self) -> Json:
        """Every row of every table of ours: what is held against what is there later, to see that nothing at all was written."""
        from django.apps import apps
        from django.db import connection

        with connection.cursor() as cursor:
            return {
                table: _all(cursor, table) for table in sorted(one._meta.db_table for one in apps.get_app_config("relance").get_models())
            }

    def dump(self) -> Json:
        """The company as the product holds it."""
        held: Json = self.relance("dump", "--company", "ACME").done().json
        return held

    def stored_document(self, number: str = "FA-1", customer: str | None = None) -> Json:
        """A document as stored."""
        [found] = [held for held in self.dump()["documents"] if held["number"] == number and customer in (None, held.get("customer"))]
        return dict(found)

    def stored(self, number: str = "FA-1", no: int = 1) -> Json:
        """A due item as stored."""
        return dict(self.stored_document(number)["due"][no - 1])

    def stored_level(self, number: str = "FA-1", no: int = 1) -> tuple[Any, str | None]:
        """The level and the last dunning date of a due item, as stored."""
        held = self.stored(number, no)
        return held.get("level", 0), held.get("last_dunned_on")

    def stored_customer(self, code: str = "C001") -> Json:
        """A customer as stored."""
        [found] = [held for held in self.dump()["customers"] if held["code"] == code]
        return dict(found)

    def mails(self) -> list[EmailMessage]:
        """The messages that lie in the folder of outgoing mail."""
        return letters_in(self.post)


def _all(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
    return list(cursor.fetchall())


def letters_in(folder: Path) -> list[EmailMessage]:
    """The e-mails in a folder and below."""
    files = sorted(path for path in folder.rglob("*.eml")) if folder.exists() else []
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in files]
