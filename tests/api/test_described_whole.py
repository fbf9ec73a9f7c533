"""Is everything that a company answers described, each thing as what it is, and is nothing else promised?"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from relance.api.app import api
from relance.models import Company, Notice, Run, Upload
from relance.steps import running
from tests.acceptance.world import TODAY
from tests.api.conftest import AT
from tests.api.test_lists_as_files import lived
from tests.importers.banks import Move, camt

__all__ = ["lived"]
PYTHON: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
PYTHON["number"] = (int, float)
OF_A_DAY = {"as_of": TODAY}
ASKED = {
    "calendar": OF_A_DAY,
    "list_promises": OF_A_DAY,
    "read_arrears": {"customer": "C001"},
    "aged": OF_A_DAY | {"group_by": "sales_rep"},
    "explain": OF_A_DAY | {"document": "FA-1"},
    "recipients": OF_A_DAY | {"document": "FA-1"},
    "interest": OF_A_DAY | {"document": "FA-1"},
    "search": {"text": "FA"},
    "read_standing_texts": {"level": 1},
}
FILES_OR_NOTHING = {"read_dossier", "read_template"}  # a stream; there is none
FREE = {"type": "object", "additionalProperties": True}


CALLS: list[tuple[str, str, Any]] = [
    ("post", "/proposals", OF_A_DAY),
    ("post", "/reminders", OF_A_DAY | {"documents": [{"document": "FA-4"}], "channel": "email", "dry_run": True}),
    ("post", "/runs", OF_A_DAY | {"wait": True, "confirmed": True, "left_out": "full"}),
    ("post", "/runs/{run}/cancel", {"reason": "essai"}),
    ("post", "/comparison", {"options": {"promise_grace_days": 9}}),
    ("patch", "", {"options": {"promise_grace_days": 4}}),
    ("post", "/levels", {"level": 1, "date": TODAY, "dry_run": True}),
    ("post", "/levels", {"level": 2, "date": TODAY, "documents": ["FA-4"]}),
    ("post", "/follow-ups", {"documents": ["FA-4"], "comment": "vu", "promised_on": "2099-01-01"}),
    ("post", "/blocks", {"document": "FA-4", "kind": "automatic", "comment": "litige"}),
    ("post", "/holds", {"customer": "C003", "comment": "litige"}),
    ("post", "/insolvencies", {"customer": "C003", "published_on": "2026-07-01"}),
    ("post", "/switches", {"customer": "C003", "auto_dunning": False}),
    ("post", "/mails", {"customer": "C001", "to": "colleagues", "colleagues": ["eva@acme.example"], "message": "Bonjour", "key": "k"}),
    ("post", "/customers", {"customers": [{"code": "C9", "name": "Neuf"}]}),
    ("put", "/contacts", {"customer": "C003", "name": "Ann"}),
    ("put", "/webhooks/new", {"url": "https://erp.example/new"}),
    ("put", "/batches/noon", {"times": ["12:00"], "error_address": "eva@acme.example"}),
    ("post", "/batches/noon", {"act": "pause"}),
    ("post", "/tokens", {"name": "erp"}),
    ("put", "/users/max@acme.example", {"role": "reader"}),
]
FILES = {
    "bank": camt([Move("2026-07-10", 10000, "VIREMENT", "QUI SAIT")]),
    "items": "Client;Nom;Pièce;Date;Échéance;Solde\nC001;Un;FA-9;01/06/2026;01/07/2026;12,00\n".encode(),
    "lists/customers": b"Code;Nom\nC901;Les Halles\n",
    "lists/contacts": b"Code;Contact;Mail\nC001;Ann;ann@clients.example\n",
}


def unlike(answer: Any, schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """Where an answer is not as it is described, or says what is not described."""
    if "anyOf" in schema:
        tried = [list(unlike(answer, one, place)) for one in schema["anyOf"]]
        yield from min(tried, key=len)
    elif "enum" in schema or "const" in schema:
        yield from [] if answer in schema.get("enum", [schema.get("const")]) else [f"{place}: {answer!r}"]
    elif "type" in schema and not isinstance(answer, PYTHON[schema["type"]]):
        yield f"{place} is no {schema['type']}: {answer!r}"
    elif isinstance(answer, dict) and schema != FREE:
        yield from _unlike_object(answer, schema, place)
    elif isinstance(answer, list):
        for one in answer:
            yield from unlike(one, schema.get("items", {}), f"{place}[]")


def _unlike_object(answer: dict[str, Any], schema: dict[str, Any], place: str) -> Iterator[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    yield from (f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in answer)
    for name, value in answer.items():
        if name in known:
            yield from unlike(value, known[name], f"{place}.{name}")
        elif isinstance(others, dict):
            yield from unlike(value, others, f"{place}.*")
        else:
            yield f"{place}.{name} is not described"


def _described(method: str, address: str) -> dict[str, Any]:
    """The answer of an operation as it is described, by an address of a company."""
    for described, methods in api.get_openapi_schema(path_prefix="")["paths"].items():
        pattern = re.sub(r"{[^}]*}", "[^/]+", described.removeprefix("/companies/{company}"))
        if method in methods and described != "/companies" and re.fullmatch(pattern, address):
            found: dict[str, Any] = methods[method]["responses"][200]["content"]["application/json"]["schema"]
            return found
    raise AssertionError(address)


def test_what_is_done_and_brought_in_is_answered_as_it_is_described(lived: Company, world, of_person):
    world.invoice("FA-4", "C003")
    world.load()
    caller = of_person(None, founder=True)
    found = {}
    for method, address, said in CALLS:
        at = address.format(run=Run.objects.latest("pk").pk)
        answer = caller.send(at, said, method=method)
        assert answer.status_code == 200, (at, answer.content)
        found[f"{method} {address}"] = sorted(set(unlike(answer.json(), _described(method, at))))
    for kind, content in FILES.items():
        at = f"{AT}/imports/{kind}?filename=liste.csv&dry_run=true"
        answer = caller.post(at, data=content, content_type="application/octet-stream")
        assert answer.status_code == 200, (at, answer.content)
        found[kind] = sorted(set(unlike(answer.json(), _described("post", f"/imports/{kind}"))))
    assert {name: places for name, places in found.items() if places} == {}


def test_every_answer_of_a_company_with_a_past_is_described_whole(lived: Company, world, of_person):
    world.invoice("FA-4", "C003")
    world.load()
    caller, run, notice = of_person(None, founder=True), Run.objects.get(), Notice.objects.first()
    caller.send("/mails", {"customer": "C001", "to": "colleagues", "colleagues": ["eva@acme.example"], "message": "Bonjour", "key": "k"})
    caller.send("/searches/late", {"criteria": {"state": "overdue"}}, method="put")
    running.batch(lived, date.fromisoformat(TODAY), by="eva", confirmed=True)
    named = {"company": "ACME", "run": run.pk, "notice": notice.pk, "number": "FA-1", "reference": "P1", "name": "x"}
    found = {}
    for address, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        told = methods.get("get", {})
        schema = told.get("responses", {}).get(200, {}).get("content", {}).get("application/json", {}).get("schema")
        if not schema or told["operationId"] in FILES_OR_NOTHING:
            continue
        at = address.format(**named, code="NIGHT" if "batches" in address else "C001")
        at = at.replace("/imports/FA-1", f"/imports/{Upload.objects.latest('pk').pk}")
        answer = caller.get(at, ASKED.get(told["operationId"], {}))
        assert answer.status_code == 200, (at, answer.content)
        found[told["operationId"]] = sorted(set(unlike(answer.json(), schema)))
    assert {name: places for name, places in found.items() if places} == {}
    assert len(found) > 40
