"""Is the API described as it is?"""

import re

import pytest

from relance.api.app import api
from tests.house.project import ROOT


def test_it_is_openapi_3_1_and_every_operation_says_what_it_needs():
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    told = [one for methods in schema["paths"].values() for one in methods.values()]
    assert schema["openapi"] == "3.1.0"
    assert {one["x-role"] for one in told} == {"reader", "collector", "manager", "administrator"}
    assert len({one["operationId"] for one in told}) == len(told)
    assert all(set(one["responses"]) >= {200, 401, 403, 404, 422, 429} for one in told)


def test_every_write_but_those_that_store_nothing_or_change_nothing_twice_takes_a_key():
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    writes = [one for methods in schema["paths"].values() for method, one in methods.items() if method != "get"]
    without = {one["operationId"] for one in writes if "Idempotency-Key" not in [parameter["name"] for parameter in one["parameters"]]}
    nothing_stored = {"compare_company", "look_at_file", "propose", "show_control_list", "show_letters", "preview_level", "try_messaging"}
    nothing_changed_twice = {"write_mail", "read_returned", "put_drafts", "begin_mail_sign_in", "finish_mail_sign_in"}
    secret_answers = {"add_token", "add_my_token", "invite_user"}  # they are not kept
    assert without == nothing_stored | nothing_changed_twice | secret_answers


@pytest.mark.parametrize("page", ["reference/api.md", "fr/api.md"])
def test_the_reference_names_every_address_in_both_languages(page: str):
    def bare(address: str) -> str:
        return re.sub(r"{[^}]*}", "{}", address)

    named = {bare(said) for said in re.findall(r"(?:`| )(/[\w/{},.-]+)`", (ROOT / "docs" / page).read_text())}
    every = {address.removeprefix("/companies/{company}") for address in api.get_openapi_schema(path_prefix="")["paths"]}
    assert {bare(address) for address in every if address} - named == set()
