"""What may stand in a call: days, amounts, levels, addresses? Read as strictly as in a dossier, and described to who asks."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, WithJsonSchema

from relance.core import money
from relance.core.facts import NA
from relance.core.forms import FORMS
from relance.dossier import Fault, Faults, kinds, values

LARGEST_ID = 2**63 - 1
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,4})?", re.ASCII)
Json = dict[str, Any]


class Asked(Schema):
    """What a call says in its body: nothing that is not understood."""

    model_config = ConfigDict(extra="forbid")


def _kept(text: str) -> str:
    if found := kinds.KEPT.search(text):
        raise ValueError(f"holds a character that cannot be kept (U+{ord(found[0]):04X})")
    return text


def _level(value: Any) -> int:
    """0 to 9, or NA."""
    if value == "NA":
        return NA
    if type(value) is int and 0 <= value <= 9:
        return value
    raise ValueError(f'a level from 0 to 9, or "NA", is due, not {kinds.shown(value)}')


def _amount(value: Any) -> str:
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise ValueError(f"a decimal amount in quotes is due, not {kinds.shown(value)}")
    return value


def _read_by(read: Callable[[Any], Any]) -> BeforeValidator:
    return BeforeValidator(read)


Text = Annotated[str, AfterValidator(_kept)]
Code = Annotated[str, AfterValidator(_kept), Field(min_length=1, max_length=200)]
Day = Annotated[date, _read_by(values.on), WithJsonSchema({"type": "string", "format": "date"})]
Amount = Annotated[str, _read_by(_amount), WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"})]
AnyLevel = Annotated[int, _read_by(_level), WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, {"const": "NA"}]})]
Level = Annotated[StrictInt, Field(ge=1, le=9)]
Email = Annotated[str, _read_by(values.email), WithJsonSchema({"type": "string", "format": "email"})]
Currency = Annotated[str, _read_by(values.currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]
Country = Annotated[str, _read_by(values.country), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"})]
Who = Annotated[Text, Field(min_length=1, max_length=254, description="An e-mail address, or the code of a collaborator.")]
Flag = StrictBool
Filename = Annotated[Text, Field(min_length=1, max_length=200, pattern=r"^[^/\\\x00]+$")]
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Reason = Literal["dispute", "instalments", "request", "check", "other"]
Form = Annotated[
    Literal[FORMS],  # type: ignore[valid-type]
    Field(alias="format", description="Of letters; what is not made without LibreOffice, or by a template, comes in its own."),
]
LeftOut = Annotated[
    Literal["full", "counts", "none"], Field(description="Items left out each with its reason, how many by reason, or not at all.")
]


def minor_units(text: str | None, currency: str, place: str) -> int | None:
    """An amount in minor units. Raises Faults where the currency has fewer decimals."""
    try:
        return None if text is None else money.parse(text, currency)
    except ValueError as error:
        raise Faults([Fault(place, str(error))]) from None


def whole(pairs: Any) -> Json:
    """An answer that comes key by key, its streams read."""
    return {key: list(value) if isinstance(value, Iterator) else value for key, value in pairs}
