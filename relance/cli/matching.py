"""How is money matched with documents by the command line: what waits, what it may be for, decided and undone?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, CustomerCode, user
from relance.cli.tables.matching import show_decided, show_waiting
from relance.cli.words import speech_of

if TYPE_CHECKING:
    from relance.core.reconciling import Candidate
    from relance.models.bank import Match
    from relance.models.company import Company
    from relance.models.reconciling import Waiting

_MOST_LISTED = 100


def match(
    company: CompanyCode,
    accept: Annotated[list[str] | None, typer.Option("--accept", metavar="KEY[=N]", help="Take its first proposal, or the Nth.")] = None,
    settle: Annotated[str | None, typer.Option("--settle", metavar="KEY", help="Say by hand what it is for, with --document.")] = None,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", metavar="NUMBER[=AMOUNT]", help="A document that it settles, wholly or by an amount; may be repeated."),
    ] = None,
    leave: Annotated[
        str | None, typer.Option("--leave", metavar="KEY", help="Leave it on account; of an entry, --customer says whose it is.")
    ] = None,
    set_aside: Annotated[str | None, typer.Option("--set-aside", metavar="KEY", help="It is no customer's payment.")] = None,
    undo: Annotated[str | None, typer.Option("--undo", metavar="KEY", help="Take back what was decided of it.")] = None,
    customer: CustomerCode = None,
    *,
    certain: Annotated[bool, typer.Option("--certain", help="Book what is certain among all that waits.")] = False,
    as_json: AsJson = False,
) -> None:
    """Match money with documents: without more, list what waits and what it may be for."""
    from relance.models.finding import find_company
    from relance.steps import matching

    found = find_company(company)
    made: list[Match] = []
    asked = any((accept, settle, leave, set_aside, undo, certain))
    if certain:
        settled = matching.match_certain(found, user())
        made += _latest(found, settled.certain + settled.on_account)
    for text in accept or []:
        made += _accept(found, text)
    if settle is not None:
        made += matching.decide(found, settle, _by_hand(found, settle, document or [], customer), user())
    if leave is not None:
        made += matching.decide(found, leave, matching.Parts(customer=_customer(found, customer)), user())
    if set_aside is not None:
        matching.set_aside(found, set_aside, user())
    undone = matching.bring_back(found, undo, user()) if undo is not None else []
    if asked:
        _tell_decided(found, made, undone, as_json=as_json)
    else:
        _tell_waiting(found, as_json=as_json)


def _accept(company: "Company", text: str) -> "list[Match]":
    from relance.models.reconciling import proposals
    from relance.steps import Refused, matching

    key, _, place = text.partition("=")
    if place and not (place.isdecimal() and place.isascii() and int(place[:4]) > 0):
        raise typer.BadParameter(f'not the number of a proposal: "{place[:20]}"', param_hint="--accept")
    found = proposals(company, matching.find_waiting(company, key))
    wanted = int(place[:4]) if place else 1
    if wanted > len(found):
        raise Refused(f"{key} has {len(found)} proposals" if found else f"there is no proposal for {key}")
    one = found[wanted - 1]
    return matching.decide(company, key, matching.Parts(one.parts, one.customer, one.reason), user())


def _by_hand(company: "Company", key: str, documents: list[str], customer: str | None) -> Any:
    """The parts that are said: a document without an amount takes what is open of it, or what is left of the money."""
    from relance.core import money
    from relance.models.finding import find_document
    from relance.models.reconciling import items_left
    from relance.steps import Refused, matching

    waiting = matching.find_waiting(company, key)
    sign, left, parts = (1 if waiting.amount > 0 else -1), abs(waiting.amount), []
    if not documents:
        raise typer.BadParameter("say which documents it settles with --document", param_hint="--settle")
    for text in documents:
        number, _, amount = text.partition("=")
        try:
            wanted = abs(money.parse(amount, waiting.currency)) if amount else None
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--document") from None
        items = items_left(find_document(company, number, customer), waiting.amount)
        if not items:
            raise Refused(f"{number} has nothing {'open' if sign > 0 else 'settled'}")
        for pk, open_ in items:
            part = min(open_, left if wanted is None else wanted) if open_ > 0 else open_
            left, wanted = left - part, None if wanted is None else wanted - part
            parts += [(pk, sign * part)] if part else []
        if wanted:
            raise Refused(f"{number} has less open than {amount}")
    return matching.Parts(parts, _customer(company, customer))


def _customer(company: "Company", code: str | None) -> int | None:
    from relance.models.finding import find_customer

    return None if code is None else find_customer(company, code).pk


def _latest(company: "Company", count: int) -> "list[Match]":
    from relance.models.bank import Match

    return list(Match.objects.filter(company=company).select_related("payment").order_by("-number")[:count])[::-1]


# -- telling


def _tell_waiting(company: "Company", *, as_json: bool) -> None:
    from relance.models.reconciling import Waiting, waiting_entries, waiting_payments

    entries, payments = waiting_entries(company), waiting_payments(company)
    told = [Waiting(entry, None) for entry in entries[:_MOST_LISTED]]
    told += [Waiting(None, payment) for payment in payments[: _MOST_LISTED - len(told)]]
    lines = list(_lines(company, told))
    if as_json:
        print_json({"company": company.code, "entries": entries.count(), "payments": payments.count(), "waiting": lines})
    else:
        show_waiting(lines, entries.count() + payments.count(), speech_of(company.language))


def _lines(company: "Company", told: "list[Waiting]") -> Iterator[dict[str, Any]]:
    from relance.core import money
    from relance.models.reconciling import named, proposals

    found = [(one, proposals(company, one)) for one in told]
    customers, items = named([candidate for _, candidates in found for candidate in candidates])
    for one, candidates in found:
        entry = one.told
        yield {
            "key": one.key,
            "kind": entry.kind if one.entry is not None and entry else "payment",
            "date": one.on.isoformat(),
            "amount": money.show(one.amount, one.currency),
            "currency": one.currency,
            "payer": entry.payer if entry else "",
            "says": one.says,
            "proposals": [_proposal(candidate, one.currency, customers, items) for candidate in candidates],
        }


def _proposal(one: "Candidate", currency: str, customers: dict[int, Any], items: dict[int, Any]) -> dict[str, Any]:
    from relance.core import money

    parts = [
        {"document": items[pk].document.number, "no": items[pk].no, "amount": money.show(part, currency)}
        for pk, part in one.parts
        if pk in items
    ]
    return {"customer": customers[one.customer].code, "parts": parts, "reason": one.reason, "confidence": one.confidence}


def _tell_decided(company: "Company", made: "list[Match]", undone: "list[Match]", *, as_json: bool) -> None:
    from relance.models.matching import open_after

    matches = [*((1, one) for one in made), *((-1, one) for one in undone)]
    changed = list(open_after(company, matches))
    if as_json:
        print_json(
            {"company": company.code, "matched": [one.number for one in made], "undone": [one.number for one in undone], "changed": changed}
        )
    else:
        show_decided(changed, len(made), len(undone), speech_of(company.language))
