"""What is claimed? The account of the debt on the day, the exchanges about it, and the history that vouches for them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.timezone import localtime

from relance.core import money
from relance.core.addresses import address_lines
from relance.core.charges import Terms
from relance.core.facts import Site
from relance.core.rates import CustomerKind
from relance.letters import formats
from relance.letters.court import account as court_file
from relance.letters.court.account import Claim, Deduction, Exchange, Happening, Invoice, Party
from relance.letters.wording import WORDINGS
from relance.models.company import Company
from relance.models.history import Event
from relance.models.lists.case import Case, Claimed, rendition_of
from relance.steps.proving.pieces import STATUSES, answer_told, subject_told

_PROMISES = {"kept": "promesse tenue", "broken": "promesse non tenue", "pending": "échéance de la promesse à venir"}


Tell = Callable[[Iterable[Event]], Iterator[Any]]  # events as lines with ``what``, ``about`` and ``told``, in French


def claim_of(case: Case, tell: Tell, made_on: date) -> Claim:
    """Everything that the first pages say."""
    numbers = _numbers(case)
    return Claim(
        as_of=case.as_of,
        made_on=made_on,
        creditor=_creditor(case.company),
        debtor=_debtor(case),
        consumer=CustomerKind(case.customer.kind) is CustomerKind.CONSUMER,
        invoices=[_invoice(case, place, one) for place, one in enumerate(case.claimed, 1)],
        deductions=[*(Deduction(f"{_KINDS[one.type]} {one.document}", one.document_date, one.open, one.currency) for one in case.credits)]
        + [Deduction(f"Règlement {one.reference}, à affecter", one.date, -one.open, one.currency) for one in case.on_account],
        not_due=[Deduction(f"{one.document}, échéance", one.due_date, one.open, one.currency) for one in case.not_due],
        paid=[
            Deduction(f"{one.payment.reference} sur {one.due_item.document.number}", one.date, one.amount, one.payment.currency)
            for one in case.paid
        ],
        principal=case.principal(),
        deducted=case.deducted(),
        interest=case.interest(),
        indemnities=case.indemnities(),
        indemnity_count=sum(one.charges.indemnity is not None for one in case.claimed),
        daily=_daily(case),
        exchanges=_exchanges(case, numbers),
        said=_said(case),
        events=_happenings(case, tell),
        warnings=_warnings(case),
        seal=_seal(case),
    )


_KINDS = {"invoice": "Facture", "credit_note": "Avoir", "payment_on_account": "Acompte"}


def _numbers(case: Case) -> dict[tuple[str, int], int]:
    """Under which number each notice and each mail is a piece."""
    kept = [one for one in case.notices if rendition_of(one) is not None]
    keys = [("notice", one.pk) for one in kept] + [("mail", one.pk) for one in case.mails]
    return {key: number for number, key in enumerate(keys, len(case.claimed) + 1)}


def _creditor(company: Company) -> Party:
    numbers = [("SIREN", company.siren), ("TVA", company.vat_number), ("IBAN", formats.iban(company.iban) if company.iban else "")]
    lines = [*company.address.split("\n"), company.sender_email, *(f"{name} {said}" for name, said in numbers if said)]
    return Party(company.name, [line for line in lines if line])


def _debtor(case: Case) -> Party:
    customer = case.customer
    site = customer.sites.first()
    where = Site._make(getattr(site, name) for name in Site._fields) if site else None
    kind = {"business": "Professionnel", "consumer": "Consommateur", "public": "Personne publique"}[customer.kind]
    lines = address_lines(where, customer.name, "") if where else []
    return Party(customer.name, [*(lines or ["Adresse inconnue"]), f"Code client {customer.code}", kind])


def _invoice(case: Case, number: int, one: Claimed) -> Invoice:
    document = one.document
    stopped = any(item.stopped for item in one.items)
    remarks = [
        "contestation ou statut qui suspend la relance, à examiner" if stopped else "",
        f"bloquée : {document.block_comment}"
        if document.block_comment and (document.no_auto_dunning or document.no_manual_dunning)
        else "",
    ]
    return Invoice(
        number=document.number,
        dated_on=document.date,
        due=tuple(item.due_date for item in one.items),
        amount=sum(document.due_items.values_list("amount", flat=True)),
        open=one.open,
        currency=one.currency,
        barred_on=one.barred_on,
        remark="; ".join(filter(None, remarks)),
        charges=one.charges,
        basis=_basis(one.terms),
        piece=number,
        original=one.original is not None and one.original.kind == "original",
    )


def _basis(terms: Terms) -> str:
    if terms.contractual_rate is not None:
        return f"taux convenu de {formats.percent(terms.contractual_rate, 'fr')}"
    return WORDINGS["fr"].rate.get((terms.country, str(terms.kind)), "taux légal")


def _daily(case: Case) -> dict[str, int]:
    """What each further day costs, half up to the minor unit."""
    sums: dict[str, int] = {}
    for one in case.claimed:
        for period in one.charges.interest.periods:
            if period.last == case.as_of:
                sums[one.currency] = sums.get(one.currency, 0) + period.base * period.rate
    return {currency: (2 * total + 3_650_000) // 7_300_000 for currency, total in sums.items()}


def _exchanges(case: Case, numbers: dict[tuple[str, int], int]) -> list[Exchange]:
    found = [
        Exchange(
            one.run.as_of,
            f"{'Lettre' if one.channel == 'letter' else 'Courriel'} : {subject_told(one)}",
            one.to.replace("\n", ", ") or ", ".join(one.recipient.get("address") or ["–"]),
            _proof(one.status, one.outcome, one.issued_at),
            numbers.get(("notice", one.pk)),
        )
        for one in case.notices
    ]
    found += [
        Exchange(
            localtime(one.at).date(),
            f"Courriel : {one.subject}",
            one.to.replace("\n", ", "),
            _proof(one.status, one.outcome, one.at),
            numbers[("mail", one.pk)],
        )
        for one in case.mails
    ]
    return sorted(found, key=lambda one: one.on)


def _proof(status: str, outcome: str, at: Any) -> str:
    when = f" le {_moment(at)}" if at else ""
    return f"{STATUSES.get(status, status)}{when}" + (f"\n{answer_told(outcome)}" if outcome else "")


def _said(case: Case) -> list[Exchange]:
    calls = [
        Exchange(
            localtime(one.at).date(),
            "Appel téléphonique",
            one.facts.get("contact", "") or one.by,
            " – ".join(filter(None, (_CALLS.get(one.facts.get("outcome", ""), ""), one.facts.get("note", "")))),
            None,
        )
        for one in case.events
        if one.what == "called"
    ]
    made = [
        Exchange(
            date.fromisoformat(one["made_on"] or one["promised_on"]),
            "Promesse de paiement",
            one["document"],
            f"{_promised(one)} pour le {court_file.day(date.fromisoformat(one['promised_on']))} : {_PROMISES[one['standing']]}",
            None,
        )
        for one in case.promises
    ]
    return sorted(calls + made, key=lambda one: one.on)


_CALLS = {
    "reached": "joint",
    "no_answer": "sans réponse",
    "message_left": "message laissé",
    "promised": "promet de payer",
    "disputed": "conteste la dette",
    "wrong_number": "numéro erroné",
}


def _promised(one: dict[str, Any]) -> str:
    if one["promised_amount"] is None:
        return "solde promis"
    return f"{court_file.amount(money.parse(one['promised_amount'], one['currency']), one['currency'])} promis"


def _happenings(case: Case, tell: Tell) -> list[Happening]:
    told = tell(case.events)
    return [
        Happening(one.number, _moment(one.at), one.by, f"{line.what} {line.about}".strip(), line.told, one.hash)
        for one, line in zip(case.events, told, strict=True)
    ]


def _warnings(case: Case) -> list[str]:
    found = []
    if case.customer.insolvent_on and case.declare_by:
        found.append(
            f"Procédure collective publiée le {court_file.day(case.customer.insolvent_on)} : les poursuites individuelles sont arrêtées ; "
            f"la créance se déclare au plus tard le {court_file.day(case.declare_by)}."
        )
    if any(item.stopped for one in case.claimed for item in one.items):
        found.append("Une facture au moins est contestée ou sa relance est suspendue : voir la section 2.")
    return found


def _seal(case: Case) -> list[str]:
    seal = case.seal
    if not seal.last and seal.broken is None:
        return ["Aucun événement n’est enregistré pour le créancier : il n’y a pas encore de sceau."]
    state = (
        f"Chaîne vérifiée de l’événement 1 à l’événement {seal.last} : aucune rupture."
        if seal.broken is None
        else f"Chaîne ROMPUE à l’événement {seal.broken} : l’historique a été modifié."
    )
    return [state, f"Dernier sceau (événement {seal.last}) : {seal.hash or '–'}"]


def _moment(at: Any) -> str:
    here = localtime(at)
    return f"{court_file.day(here.date())} {here:%H:%M}"
