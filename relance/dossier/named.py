"""Which codes and numbers stand anywhere in a file? What they name is read from the database, and nothing else."""

from typing import Any

from relance.dossier.entry import Entry


class Named:
    """What a file names, as text or numbers; what could not be read is passed over."""

    def __init__(self, dossier: Entry) -> None:
        self.customers: set[str] = {entry["code"] for entry in dossier.get("customers", [])}
        self.suppliers: set[str] = {entry["code"] for entry in dossier.get("suppliers", [])}
        self.documents: set[str] = {entry["number"] for entry in dossier.get("documents", [])}
        self.notices: set[int] = set()
        for document in dossier.get("documents", []):
            self._note_parties(document, "customer", "billed_customer")
        for payment in dossier.get("payments", []):
            self._note_parties(payment, "customer")
            for allocation in payment.get("allocations", []):
                self._note_parties(allocation, "customer")
                self._note(self.documents, allocation.get("document"))
        for template in dossier.get("templates", []):
            codes = template.get("customers")
            for code in codes if isinstance(codes, list) else ():
                self._note(self.customers, code)
        self._note_history(dossier.get("history") or {})

    def _note_history(self, history: dict[str, Any]) -> None:
        for notice in history.get("notices", []):
            self.notices.add(notice["number"])
            self._note_parties(notice, "customer")
            for line in notice.get("lines", []):
                self._note_parties(line, "customer")
                self._note(self.documents, line.get("document"))
        for mail in history.get("mails", []):
            self._note_parties(mail, "customer")
        for event in history.get("events", []):
            document = event.get("document") or {}
            self._note_parties(event, "customer")
            self._note_parties(document, "customer")
            self._note(self.documents, document.get("number"))
            if isinstance(event.get("notice"), int):
                self.notices.add(event["notice"])

    def _note_parties(self, entry: dict[str, Any], *customers: str) -> None:
        for key in customers:
            self._note(self.customers, entry.get(key))
        self._note(self.suppliers, entry.get("supplier"))

    def _note(self, names: set[str], value: Any) -> None:
        if isinstance(value, str):
            names.add(value)
