"""How is money matched with documents by the command line: what waits, what it may be for, decided and undone?"""

from typing import TYPE_CHECKING, Annotated

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, CustomerCode, user
from relance.cli.tables.matching import show_aside, show_decided, show_waiting
from relance.cli.words import speech_of

if TYPE_CHECKING:
    from relance.models.bank import Match
    from relance.models.company import Company

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
    aside: Annotated[bool, typer.Option("--aside", help="List what was set aside; --undo lets it wait again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Match money with documents: without more, list what waits and what it may be for."""
    from relance.models.finding import find_company
    from relance.steps import matching

    found = find_company(company)
    made: list[Match] = []
    if aside and any((accept, settle, leave, set_aside, undo, certain)):
        raise typer.BadParameter("it lists, and decides nothing", param_hint="--aside")
    asked = any((accept, settle, leave, set_aside, undo, certain))
    if certain:
        settled = matching.match_certain(found, user())
        made += _latest(found, settled.certain + settled.on_account)
    for text in accept or []:
        made += _accept(found, text)
    if settle is not None:
        made += _by_hand(found, settle, document or [], customer)
    if leave is not None:
        made += matching.leave(found, leave, customer, user())
    if set_aside is not None:
        matching.set_aside(found, set_aside, user())
    undone = matching.bring_back(found, undo, user()) if undo is not None else []
    if aside:
        _tell_aside(found, as_json=as_json)
    elif asked:
        _tell_decided(found, made, undone, as_json=as_json)
    else:
        _tell_waiting(found, as_json=as_json)


def _accept(company: "Company", text: str) -> "list[Match]":
    from relance.steps import matching

    key, _, place = text.partition("=")
    if place and not (place.isdecimal() and place.isascii() and int(place[:4]) > 0):
        raise typer.BadParameter(f'not the number of a proposal: "{place[:20]}"', param_hint="--accept")
    return matching.accept(company, key, int(place[:4]) if place else 1, user())


def _by_hand(company: "Company", key: str, documents: list[str], customer: str | None) -> "list[Match]":
    """Book it for the documents that are said: one without an amount takes what is open of it, or what is left of the money."""
    from relance.core import money
    from relance.steps import matching

    currency, parts = matching.find_waiting(company, key).currency, []
    if not documents:
        raise typer.BadParameter("say which documents it settles with --document", param_hint="--settle")
    for text in documents:
        number, _, amount = text.partition("=")
        try:
            parts.append((number, abs(money.parse(amount, currency)) if amount else None))
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--document") from None
    return matching.settle(company, key, parts, customer, user())


def _latest(company: "Company", count: int) -> "list[Match]":
    from relance.models.bank import Match

    return list(Match.objects.filter(company=company).select_related("payment").order_by("-number")[:count])[::-1]


# -- telling


def _tell_waiting(company: "Company", *, as_json: bool) -> None:
    from relance.models.incoming.reconciling import Waiting, waiting_entries, waiting_payments
    from relance.steps.matching import told_waiting

    entries, payments = waiting_entries(company), waiting_payments(company)
    told = [Waiting(entry, None) for entry in entries[:_MOST_LISTED]]
    told += [Waiting(None, payment) for payment in payments[: _MOST_LISTED - len(told)]]
    lines = list(told_waiting(company, told))
    if as_json:
        print_json({"company": company.code, "entries": entries.count(), "payments": payments.count(), "waiting": lines})
    else:
        show_waiting(lines, entries.count() + payments.count(), speech_of(company.language))


def _tell_aside(company: "Company", *, as_json: bool) -> None:
    from relance.models.incoming.reconciling import entries_set_aside
    from relance.steps.matching import told_aside

    entries = entries_set_aside(company).order_by("-booked_on", "-pk")
    lines = [told_aside(one) for one in entries[:_MOST_LISTED]]
    if as_json:
        print_json({"company": company.code, "entries": entries.count(), "set_aside": lines})
    else:
        show_aside(lines, entries.count(), speech_of(company.language))


def _tell_decided(company: "Company", made: "list[Match]", undone: "list[Match]", *, as_json: bool) -> None:
    from relance.steps.matching import told_decided

    told = told_decided(company, made, undone)
    if as_json:
        print_json({"company": company.code} | told)
    else:
        show_decided(told["changed"], len(made), len(undone), speech_of(company.language))
