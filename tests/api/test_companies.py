"""Is what the settings show and take away had and taken away by the API too: levels, pictures, types, rates, words of texts?"""

from base64 import b64encode
from datetime import date
from hashlib import sha256

import pytest

from relance.core.rates import CustomerKind, statutory
from relance.models import Company, Customer, Event, PolicyLevel
from tests.acceptance.world import World
from tests.api.conftest import AT

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
SHA = sha256(LOGO).hexdigest()


def test_how_mail_leaves_is_told_to_administrators_alone(acme: Company, program):
    assert program().send("/messaging", {"host": "smtp.acme.example", "user": "relance"}, method="patch").status_code == 200
    answers = [caller.get(f"{AT}{at}") for caller in (program("reader", "read"), program("manager", "read")) for at in ("", "/messaging")]
    assert [one.status_code for one in answers] == [200, 403, 200, 403]
    assert "smtp.acme.example" not in "".join(one.content.decode() for one in answers)


def test_a_level_is_taken_out_of_a_policy(acme: Company, world: World, program):
    caller = program()
    policy = {"code": "GRANDS", "levels": [{"level": 1, "lower_bound": 5, "upper_bound": 9}, {"level": "NA", "lower_bound": 10}]}
    caller.send("", {"policies": [policy]}, method="patch")
    before = [one["level"] for one in caller.ask("")["levels"]]
    left = caller.delete(f"{AT}/policy-levels/NA?policy=GRANDS").json()
    assert [[level["level"] for level in one["levels"]] for one in left["policies"]] == [[1]]
    assert [one["level"] for one in left["levels"]] == before
    assert caller.delete(f"{AT}/policy-levels/{before[-1]}").status_code == 200
    assert list(PolicyLevel.objects.filter(policy__code="").values_list("level", flat=True)) == before[:-1]
    assert caller.delete(f"{AT}/policy-levels/9").status_code == 404
    assert Event.objects.filter(what="settings_changed").count() == 3


def test_a_logo_is_put_on_letters_shown_before_and_read_again(acme: Company, program):
    caller = program()
    looked = caller.send("/preview?format=html", {"level": 1, "display": {"signatory": "Eva Roche"}, "texts": {"footer": "{sender}"}})
    assert "Eva Roche" in looked.content.decode()
    said = {"pictures": [{"sha256": SHA, "content": b64encode(LOGO).decode()}], "display": {"logo": SHA}}
    assert caller.send("", said, method="patch").json()["display"]["logo"] == SHA
    kept = caller.get(f"{AT}/pictures/{SHA}")
    assert (kept.content, kept["Content-Type"]) == (LOGO, "image/svg+xml")
    assert caller.get(f"{AT}/pictures/{'0' * 64}").status_code == 404


def test_display_options_that_are_none_are_told_at_their_place(acme: Company, program):
    refused = program().send("/preview", {"level": 1, "display": {"window": "above", "colour": "red"}})
    assert (refused.status_code, {one["place"] for one in refused.json()["faults"]}) == (422, {"window", "colour"})


def test_types_of_customers_are_counted_with_what_they_are_called(acme: Company, program):
    Customer.objects.filter(code="C001").update(type="shop")
    caller = program()
    caller.send("", {"customer_types": [{"code": "bar", "label": "Bars"}]}, method="patch")
    assert caller.ask("/customer-types")["customer_types"] == [
        {"code": "bar", "label": "Bars", "customers": 0},
        {"code": "shop", "label": "", "customers": 1},
    ]
    file = b"".join(caller.get(f"{AT}/customer-types", {"format": "csv", "language": "en"})).decode()
    assert file.splitlines()[1:] == ["bar,Bars,0", "shop,,1"]


def test_statutory_rates_are_listed_newest_first_with_who_says_so(acme: Company, program):
    Company.objects.update(interest_rate=100)
    told = program("manager", "read").ask("/rates", since="2025-01-01")
    business = [one for one in told["rates"] if one["kind"] == "business"]
    table = statutory("FR", CustomerKind.BUSINESS)
    known = next(one for one in business if one["half_year"] == "2025-07-01")
    assert (known["rate"], known["law"], known["source"]) == ("12.15", table.law, table.source_on(date(2025, 7, 1)).origin)
    assert [one["half_year"] for one in business] == sorted((one["half_year"] for one in business), reverse=True)
    assert business[-1]["half_year"] == "2025-01-01"
    assert {one["kind"] for one in told["rates"]} == {"business", "public"}
    assert (told["own"], told["below_floor"] or told["floor"] is None) == ("1.00", True)


def test_a_country_without_a_known_law_has_no_rates(acme: Company, program):
    Company.objects.update(country="TN")
    assert program("manager", "read").ask("/rates") == {"own": None, "floor": None, "below_floor": False, "rates": []}


def test_what_a_level_says_by_itself_is_had_to_begin_from(acme: Company, program):
    caller = program("manager", "read")
    said = {language: caller.ask("/standing-texts", level=1, language=language)["header"] for language in ("fr", "de")}
    assert "Madame" in said["fr"]
    assert said["fr"] != said["de"]
    assert caller.get(f"{AT}/standing-texts", {"level": 9}).status_code == 404


@pytest.mark.parametrize("name", ["customer", "deadline"])
def test_words_of_texts_are_told_by_language(name: str, program):
    says = {one["name"]: one["says"] for one in program("manager", "read").ask("/placeholders")["placeholders"]}
    assert set(says[name]) == {"fr", "en", "de"}
