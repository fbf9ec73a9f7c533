"""Is what is owed had by every criterion of the invoice list, and do the figures of the dashboard come with it?"""

from relance.models import Company, Customer
from tests.api.conftest import AT


def test_due_items_answer_the_criteria_of_the_invoice_list_and_are_added_up(acme: Company, program):
    caller = program("reader", "read")
    every = caller.ask("/due-items")
    assert [(one["document"], one["customer"], one["open"]) for one in every["due_items"]] == [
        ("FA-1", "C001", "100.00"),
        ("FA-2", "C002", "50.00"),
    ]
    assert every["open"] == {"EUR": "150.00"}

    def numbers(**asked: object) -> list[str]:
        return [one["document"] for one in caller.ask("/due-items", **asked)["due_items"]]

    assert numbers(state="overdue") == numbers(customer="C001") == numbers(text="FA-1") == numbers(least="50.01") == ["FA-1"]
    assert numbers(most="50.00") == numbers(due_from="2099-01-01") == ["FA-2"]
    assert numbers(state="settled") == numbers(promise="any") == []


def test_a_page_of_due_items_leads_to_the_next_and_a_file_has_them_all(acme: Company, program):
    caller = program("reader", "read")
    first = caller.ask("/due-items", limit=1)
    second = caller.ask("/due-items", limit=1, cursor=first["next"])
    assert [one["due_items"][0]["document"] for one in (first, second)] == ["FA-1", "FA-2"]
    assert second["next"] is None
    file = b"".join(caller.get(f"{AT}/due-items", {"format": "csv", "language": "fr", "state": "overdue"})).decode()
    assert "FA-1;" in file
    assert "FA-2" not in file


def test_the_figures_of_the_dashboard_are_had(acme: Company, program):
    standing = program("reader", "read").ask("/standing")
    [euros] = standing["standing"]
    assert (standing["documents_at"] is not None, standing["stale"]) == (True, "")
    assert (euros["receivable"], euros["overdue"], len(euros["trend"])) == ("100.00", "100.00", 13)
    assert sum(map(float, euros["ages"].values())) == 100
    assert [(one["customer"], one["overdue"]) for one in standing["most_overdue"]] == [("C001", "100.00")]


def test_a_type_of_customers_is_renamed_everywhere(acme: Company, program):
    Customer.objects.update(type="retail")
    assert program().send("/customer-types/retail", {"to": "shop"}).json() == {"changed": 2}
    assert set(Customer.objects.values_list("type", flat=True)) == {"shop"}
