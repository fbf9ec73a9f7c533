"""Is everything that a company answers described, each thing as what it is, and is nothing else promised?"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from relance.api.app import api
from relance.models import Company, Notice, Run
from relance.steps import running
from tests.acceptance.world import TODAY
from tests.api.test_lists_as_files import lived

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
        answer = caller.get(at, ASKED.get(told["operationId"], {}))
        assert answer.status_code == 200, (at, answer.content)
        found[told["operationId"]] = sorted(set(unlike(answer.json(), schema)))
    assert {name: places for name, places in found.items() if places} == {}
    assert len(found) > 40
