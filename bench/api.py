"""How fast are 10,000 documents written by one call of the API? As a ratio to loading the same documents as a dossier, in the same run."""

import json
import time
from collections.abc import Callable
from typing import Any

from place import database

COUNT = 10_000


def main() -> None:
    """Write new documents by either way, then the same again."""
    with database("sqlite"):
        from django.conf import settings
        from django.test import Client

        from relance import dossier
        from relance.steps.admitting import add_token

        settings.ALLOWED_HOSTS.append("testserver")
        company = dossier.load(_dossier([]), by="bench").company
        _, token = add_token(company, "bench", "manager", ["write"], per_minute=1_000_000, by="bench")
        client = Client(headers={"authorization": f"Bearer {token}"})

        def call(body: bytes) -> None:
            answer = client.post("/api/v1/companies/BENCH/documents", body, content_type="application/json")
            assert answer.status_code == 200, answer.content[:500]

        for what, series in (("new", "ABC"), ("the same again", "ABC")):
            plain = min(_timed(lambda one: dossier.load(one, by="bench"), _dossier(_documents(name + "d"))) for name in series)
            called = min(_timed(call, json.dumps({"documents": _documents(name + "c")}).encode()) for name in series)
            print(f"{COUNT:,} documents, {what}: API {called:.2f} s, dossier {plain:.2f} s, ratio {called / plain:.2f}")


def _timed(act: Callable[[bytes], Any], said: bytes) -> float:
    began = time.perf_counter()
    act(said)
    return time.perf_counter() - began


def _documents(series: str) -> list[dict[str, Any]]:
    return [
        {
            "number": f"{series}-{number}",
            "customer": f"C{number % 500}",
            "date": "2026-05-01",
            "due": [{"due_date": "2026-05-31", "amount": f"{100 + number}.50"}],
        }
        for number in range(COUNT)
    ]


def _dossier(documents: list[dict[str, Any]]) -> bytes:
    customers = [{"code": f"C{number}", "name": f"Customer {number}"} for number in range(500)]
    company = {"code": "BENCH", "name": "Bench SAS"}
    return json.dumps({"format": "relance/1", "company": company, "customers": customers, "documents": documents}).encode()


if __name__ == "__main__":
    main()
