"""How does a statement group by when things are dated, where only some bounds matter?"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date

from django.db.models import Case, IntegerField, Q, Value, When


class Bins:
    """Days as places between bounds: place i is after bound i-1, up to bound i; the last is after every bound."""

    def __init__(self, days: Iterable[date]) -> None:
        self.bounds = sorted(set(days))

    def of(self, column: str) -> Case:
        """The place of a column's day, for a statement."""
        whens = [When(Q((f"{column}__lte", bound)), then=Value(place)) for place, bound in enumerate(self.bounds)]
        return Case(*whens, default=Value(len(self.bounds)), output_field=IntegerField())

    def up_to(self, day: date) -> int:
        """The highest place whose days are all up to this one, which is a bound."""
        return bisect_left(self.bounds, day)
