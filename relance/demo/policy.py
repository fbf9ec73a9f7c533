"""When does the demo company remind whom? Its default policy, and two further ones."""

from typing import Any

from relance.demo import texts
from relance.demo.texts import Text


def _level(level: int, label: str, lower: int, upper: int | None, french: Text, english: Text | None = None, **more: Any) -> dict[str, Any]:
    row = {"level": level, "label": label, "lower_bound": lower, "upper_bound": upper, **french._asdict(), **more}
    return row | {"texts": {"en": english._asdict()}} if english else row


_NEVER: dict[str, Any] = {"level": "NA", "label": "Hors relance", "lower_bound": 730, "upper_bound": None}

# By age. The formal notice is a letter that only a person issues.
LEVELS: tuple[dict[str, Any], ...] = (
    _level(1, "Rappel", 5, 19, texts.FIRST_FR, texts.FIRST_EN),
    _level(2, "Deuxième rappel", 20, 39, texts.SECOND_FR, texts.SECOND_EN),
    _level(
        3,
        "Mise en demeure",
        40,
        729,
        texts.FORMAL_FR,
        texts.FORMAL_EN,
        automatic=False,
        channel="letter",
        charge_interest=True,
        charge_indemnity=True,
    ),
    _NEVER,
)

POLICIES: tuple[dict[str, Any], ...] = (
    {  # key accounts: one step after the other, from a reminder before the due date to a letter, at least a week apart
        "code": "GRANDS",
        "progression": "stepwise",
        "min_days_between": 7,
        "levels": [
            _level(1, "Avis d’échéance", -7, 9, texts.UPCOMING_FR, texts.UPCOMING_EN),
            _level(2, "Rappel", 10, 29, texts.SECOND_FR, texts.SECOND_EN),
            _level(3, "Dernier rappel", 30, 729, texts.LAST_FR, texts.LAST_EN, channel="letter"),
            _NEVER,
        ],
    },
    {  # public bodies: counted from the end of the month of the due date, and never a threat
        "code": "COLLECTIVITES",
        "progression": "by_age",
        "min_days_between": 0,
        "levels": [
            _level(1, "Demande de mandatement", 10, 59, texts.PUBLIC_FIRST_FR, clock="end_of_month"),
            _level(2, "Délai dépassé", 60, 729, texts.PUBLIC_SECOND_FR, clock="end_of_month"),
            _NEVER,
        ],
    },
)


LAST_RUN, EVERY = 6, 7  # days ago, and days between two automatic runs


def next_run(ago: int) -> int:
    """How many days ago the first automatic run was that came no earlier than so many days ago."""
    return ago - (ago - LAST_RUN) % EVERY


def automatic_bounds(policy: str | None) -> list[tuple[int, int]]:
    """The levels that automatic runs give under a policy (None: the default), each with its lower bound in days, lowest first."""
    return [(row["level"], row["lower_bound"]) for row in _rows(policy) if row.get("automatic", True)]


def bounds(policy: str | None) -> list[tuple[int, int]]:
    """All its levels, likewise."""
    return [(row["level"], row["lower_bound"]) for row in _rows(policy)]


def _rows(policy: str | None) -> list[dict[str, Any]]:
    rows = LEVELS if policy is None else next(further["levels"] for further in POLICIES if further["code"] == policy)
    return [row for row in rows if row["level"] != "NA"]
