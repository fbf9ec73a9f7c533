"""Where does a person read what the API offers? On a page of our own: nothing of it comes from elsewhere, and no script runs."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def docs(request: HttpRequest) -> HttpResponse:
    """Every operation: its address, what it does, which role and scope it needs."""
    from relance.api.app import api

    schema = api.get_openapi_schema(path_prefix="")
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, methods in schema["paths"].items():
        for method, told in methods.items():
            summary = told.get("description", told["summary"]).replace("``", "")
            entry = {"method": method.upper(), "address": address, "summary": summary}
            entry |= {"role": told["x-role"], "scope": told["x-scope"], "token": told["x-token"], "parameters": told["parameters"]}
            groups.setdefault(told["tags"][0], []).append(entry)
    return render(request, "api.html", {"groups": groups.items(), "about": schema["info"]})
