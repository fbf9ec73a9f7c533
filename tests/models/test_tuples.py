"""Do conditions written out name the rows that are asked for, and no others?"""

import pytest

from relance.models import Company, Customer, tuples

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("places", [[], [3], [2, 3, 4], [4, 2, 3], [0, 1, 3], [9, 0]], ids=str)
def test_rows_are_named_whether_or_not_they_follow_one_another(places: list[int]) -> None:
    company = Company.objects.create(code="ACME", name="Acme", currency="EUR")
    made = [Customer.objects.create(company=company, code=f"C{number}", name="C").pk for number in range(10)]
    ids, wanted = [made[place] for place in places], [f"C{place}" for place in sorted(places)]
    assert list(Customer.objects.filter(tuples.those("pk", ids)).order_by("pk").values_list("code", flat=True)) == wanted
    condition, parameters = tuples.those_sql("id", ids)
    found = tuples.rows_of(f"SELECT code FROM relance_customer WHERE {condition} ORDER BY id", parameters)
    assert [code for (code,) in found] == wanted
