"""Which shape has each answer? In the terms of JSON Schema; what a dossier holds has the shape that the dossier gives it."""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from relance.dossier import kinds, shape_of_ledger, values
from relance.dossier.noun import Noun
from relance.models.mails import MAIL_KINDS, MAIL_STATUSES

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
AMOUNT: Schema = {"type": "string", "description": "An amount with the decimals of its currency."}
LEVEL: Schema = {"anyOf": [{"type": "integer"}, {"const": "NA"}]}
ANY: Schema = {}
_READERS: dict[Any, Schema] = {kinds.truth: FLAG, values.on: DAY, values.amount: AMOUNT, values.level: LEVEL, values.policy_level: LEVEL}
_MADE = {"text": TEXT, "compact": TEXT, "one_of": TEXT, "letters": TEXT, "whole": WHOLE}


def one(**keys: Schema) -> Schema:
    """An object that has these keys."""
    return some(**keys) | {"required": list(keys)}


def some(**keys: Schema) -> Schema:
    """An object that may have these keys."""
    return {"type": "object", "properties": keys}


def many(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def or_null(item: Schema) -> Schema:
    """Something, or null."""
    return {"anyOf": [item, {"type": "null"}]}


def by(item: Schema) -> Schema:
    """Something under each name: by currency, by reason."""
    return {"type": "object", "additionalProperties": item}


def answer(item: Schema) -> Any:
    """The type of an answer of this shape, as the library takes it."""
    return Annotated[dict[str, Any], WithJsonSchema(item)]


def pages(noun: str, item: Schema) -> Any:
    """The type of a page of a list."""
    return answer(one(**{noun: many(item), "next": or_null(TEXT)}))


def of(noun: Noun, *, known: bool = False, **more: Schema) -> Schema:
    """The shape of a noun of the dossier; ``known``: as it is handed out, with what is only known here."""
    keys = {name: _key(key.read, name in noun.required) for name, key in noun.keys.items()}
    keys |= {name: or_null(many(of(inner, known=known))) for name, inner in noun.lists.items()}
    keys |= {name: or_null(of(inner, known=known)) for name, inner in noun.objects.items()}
    told: Schema = {"type": "object", "properties": keys | more, "required": [*noun.required, *more]}
    return told if known else told | {"additionalProperties": False}


def _key(read: Any, required: bool) -> Schema:
    """What may stand under a key, as far as its reader tells."""
    name, _, inner = getattr(read, "__qualname__", "").partition(".")
    found = _READERS.get(read) or (_MADE.get(name) if inner else None)
    return ANY if found is None else found if required else or_null(found)


LINE = one(document=TEXT, due_date=DAY, open=AMOUNT, currency=TEXT, days_overdue=WHOLE, level_before=LEVEL, level_after=LEVEL)
CREDIT = one(document=TEXT, due_date=DAY, open=AMOUNT, currency=TEXT)
NOTICE = one(
    id=or_null(WHOLE),
    customer=TEXT,
    level=WHOLE,
    channel=TEXT,
    to=many(TEXT),
    cc=many(TEXT),
    subject=TEXT,
    lines=many(LINE),
    credits=many(CREDIT),
    totals=by(AMOUNT),
    charges=or_null(one(interest=by(AMOUNT), indemnity=by(AMOUNT))),
    status=TEXT,
)
NOTICE["properties"]["outcome"] = TEXT | {"description": "What was answered, where it did not go well."}
ENCLOSURE = one(document=TEXT, state=TEXT, kind=TEXT, filename=TEXT, sha256=or_null(TEXT), size=or_null(WHOLE))
TOLD_NOTICE = one(
    **NOTICE["properties"],
    run=WHOLE,
    number=or_null(WHOLE),
    as_of=DAY,
    issued_at=or_null(MOMENT),
    by=TEXT,
    comments_before=many(one(document=TEXT, due_date=DAY, comment=TEXT)),
    refused=many(TEXT),
    template=or_null(one(name=TEXT, version=WHOLE)),
    enclosures=many(ENCLOSURE),
)
DUE = one(
    document=TEXT,
    type=TEXT,
    no=or_null(WHOLE),
    date=DAY,
    due_date=DAY,
    days_overdue=WHOLE,
    amount=AMOUNT,
    open=AMOUNT,
    currency=TEXT,
)
DUE_ITEM = one(
    **DUE["properties"],
    level=LEVEL,
    last_dunned_on=or_null(DAY),
    status=or_null(TEXT),
    comment=TEXT,
    expected_on=or_null(DAY),
    promised_on=or_null(DAY),
    promised_amount=or_null(AMOUNT),
)
LEFT_OUT = one(document=TEXT, due_date=DAY, reason=TEXT)
RUN = one(run=or_null(WHOLE), company=TEXT, as_of=DAY, kind=TEXT, issued=FLAG, notices=many(NOTICE))
RUN["properties"]["left_out"] = {"anyOf": [many(LEFT_OUT), by(WHOLE)]}
RUN["properties"]["remarks"] = many(TEXT)
RUN["properties"]["seal"] = TEXT  # of what is looked at alone
PROPOSAL = RUN | {"required": [*RUN["required"], "seal"]}
FREE: Schema = {"type": "object", "additionalProperties": True}  # whatever there is to tell of it
EVENT = one(at=MOMENT, by=TEXT, what=TEXT, notice=or_null(WHOLE), customer=or_null(TEXT), document=or_null(TEXT), facts=FREE)
_ABOUT = {"customer": or_null(TEXT), "document": or_null(TEXT), "no": or_null(WHOLE), "notice": or_null(WHOLE)}  # whichever it is of
CHANGE = some(**_ABOUT, what=TEXT, before=ANY, after=ANY) | {"required": ["what", "before", "after"]}
CHANGED = answer(one(changed=many(CHANGE)))
WARNING = one(place=TEXT, message=TEXT)
COUNTS = by(by(WHOLE))
UPSERTED = one(results=by(many({"enum": ["new", "changed", "same"]})), counts=COUNTS, warnings=many(WARNING), stored=FLAG)

FOLLOW_UP_MAIL = one(
    **{"from": TEXT},
    number=WHOLE,
    kind={"enum": list(MAIL_KINDS)},
    at=MOMENT,
    by=TEXT,
    to=many(TEXT),
    cc=many(TEXT),
    subject=TEXT,
    documents=many(TEXT),
    status={"enum": list(MAIL_STATUSES)},
    outcome=TEXT,
)

CUSTOMER = of(shape_of_ledger.CUSTOMER, known=True, owes=many(one(currency=TEXT, balance=AMOUNT, overdue=AMOUNT, oldest=or_null(DAY))))
SUPPLIER = of(shape_of_ledger.SUPPLIER, known=True)
DOCUMENT = of(shape_of_ledger.DOCUMENT, known=True, open=AMOUNT)
DOCUMENT["properties"]["due"] = many(of(shape_of_ledger.DUE_ITEM, known=True, open=AMOUNT))
PAYMENT = of(shape_of_ledger.PAYMENT, known=True, remaining=AMOUNT)


def file_of(*media_types: str) -> Schema:
    """What the documentation says of an operation that hands over a file."""
    return {"responses": {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}}}}


def body_of(item: Schema, media_type: str = "application/json") -> Schema:
    """What the documentation says of a body that is not read by the library."""
    return {"requestBody": {"required": True, "content": {media_type: {"schema": item}}}}


A_FILE = body_of({"type": "string", "format": "binary"}, "application/octet-stream")  # a body that is a file, whatever is in it


def changed(what: str, *, before: Any, after: Any) -> dict[str, Any]:
    """The answer where one thing changed."""
    return {"changed": [{"what": what, "before": before, "after": after}]}
