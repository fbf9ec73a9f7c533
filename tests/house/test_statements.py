"""Does the second database hear every statement that the first one heard, and from no more tests than it takes?"""

from dataclasses import dataclass

import pytest

from tests.statements import chosen, number


@dataclass(frozen=True)
class Test:
    """A test as pytest knows it."""

    __test__ = False
    nodeid: str
    fixturenames: tuple[str, ...] = ("db",)

    def get_closest_marker(self, _name: str) -> None:
        """None."""


def names(tests: list[Test], noted: dict) -> str:
    return " ".join(sorted(one.nodeid for one in chosen(tests, noted)))


A, B, C = Test("a"), Test("b"), Test("c")


@pytest.mark.parametrize(
    ("noted", "runs"),
    [
        ({"a": (2, [1, 2]), "b": (3, [1, 2, 3]), "c": (1, [3])}, "b"),
        ({"a": (9, [1, 2]), "b": (900, [1, 2, 3]), "c": (9, [3])}, "a c"),
        ({"a": (2, [1]), "b": (2, [2]), "c": (2, [3])}, "a b c"),
        ({"a": (2, [1, 2]), "b": (1, [2])}, "a c"),
        ({}, "a b c"),
    ],
)
def test_everything_noted_is_said_again_by_few_and_what_is_not_noted_runs(noted: dict, runs: str):
    assert names([A, B, C], noted) == runs


def test_what_commits_runs_whatever_it_says():
    noted = {"a": (2, [1, 2]), "commits": (1, [1])}
    assert names([A, Test("commits", ("transactional_db",))], noted) == "a commits"


def test_a_statement_is_the_same_whatever_its_values_and_another_where_its_list_is_much_longer():
    one, other, long = (f"SELECT x FROM t WHERE id IN ({', '.join(['%s'] * count)}) LIMIT {count}" for count in (5, 6, 500))
    assert number(one) == number(other) != number(long)
    first, second = (f"INSERT INTO t VALUES {', '.join(['(%s, %s)'] * count)}" for count in (1, 300))
    assert number(first) != number(second)
    assert number('SAVEPOINT "s140_x7"') == number('SAVEPOINT "s9_x12"')
