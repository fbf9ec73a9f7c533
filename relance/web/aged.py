"""Who owes what, by age? The aged balance of customers or suppliers, as of any date (register K1 to K13)."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from relance.core.age_columns import NOT_DUE, AgeColumn, age_columns
from relance.core.aging import AgedAccount, AgedBalance, AgedGroup, Basis, GroupBy, age_account, arrange, grid
from relance.core.names import collation_key
from relance.letters import aged_list
from relance.models.access import User
from relance.models.company import Collaborator, Company
from relance.models.finding import documents_numbered
from relance.models.lists.aged import open_operations
from relance.models.lists.aged_accounts import balance
from relance.models.parties import names_of_types
from relance.telling.figures import language
from relance.web.access import CompanyRequest, companies_of, needs
from relance.web.asked import day_asked, number_asked, one_asked

PAGE = 100
GROUPS = {
    GroupBy.ACCOUNT: _("Not grouped"),
    GroupBy.TYPE: _("By customer type"),
    GroupBy.SALES_REP: _("By sales rep"),
    GroupBy.ENTITY: _("By company"),
}
COLUMNS = {
    "account": _("Account"),
    "code": _("Code"),
    "type": _("Type"),
    "sales_rep": _("Sales rep"),
}  # that can be hidden, beside the ages
FORMATS = {"xlsx": "XLSX", "csv": "CSV", "pdf": "PDF"}
_SIDES, _SCOPES = ("customer", "supplier"), ("company", "all")
_USUAL_COLUMNS = ("account",)
_AGES = {label for basis in Basis for label in grid(basis).labels}


@dataclass(frozen=True)
class Asked:
    """What balance is asked for, and how it is to be shown."""

    as_of: date
    side: str
    by: Basis
    group_by: GroupBy
    scope: str
    columns: tuple[str, ...]
    hidden: tuple[str, ...]  # ages that are not shown
    joined: tuple[str, ...]  # ages that stand in one column with the one before
    text: str
    sort: str

    @property
    def suppliers(self) -> bool:
        """Whether it is what the company owes."""
        return self.side == "supplier"

    @property
    def ages(self) -> tuple[AgeColumn, ...]:
        """The columns of the ages."""
        return age_columns(grid(self.by), self.hidden, self.joined)

    @property
    def hides(self) -> bool:
        """Whether the columns of the ages add up to less than the total."""
        return any(label in self.hidden for label in grid(self.by).labels)

    @property
    def query(self) -> str:
        """The same, as an address asks for it."""
        told = asdict(self) | {"as_of": self.as_of.isoformat(), "q": self.text, "chosen": 1, "column": self.columns}
        return urlencode({key: value for key, value in told.items() if key not in ("text", "columns")}, doseq=True)


@needs("reader")
def aged(request: CompanyRequest) -> HttpResponse:
    """The balance, account after account, with its sums."""
    asked = _asked(request)
    _remember(request, asked)
    found = _found(request, asked)
    start = number_asked(request, "start", 0)
    size = sum(len(group.accounts) for group in found.groups)
    shown = {
        "asked": asked,
        "query": asked.query,
        "totals": found.totals.by_currency(),
        "pieces": list(_pieces(found, start)),
        "names": _called(request, asked, asked.group_by),
        "types": _called(request, asked, GroupBy.TYPE) if "type" in asked.columns else {},
        "reps": _called(request, asked, GroupBy.SALES_REP) if "sales_rep" in asked.columns else {},
        "ages": [(bucket_label(column.label), str(column.places[0]), column) for column in asked.ages],
        "age_choices": [(label, bucket_label(label), label not in asked.hidden, label in asked.joined) for label in found.grid.labels],
        "groups": {key: label for key, label in GROUPS.items() if key != GroupBy.ENTITY or asked.scope == "all"},
        "choices": COLUMNS,
        "formats": FORMATS,
        "several": len(companies_of(request.user)) > 1,
        "size": size,
        "first": start + 1,
        "last": min(size, start + PAGE),
        "before": max(0, start - PAGE) if start else None,
        "after": start + PAGE if size > start + PAGE else None,
    }
    return render(request, "aged.html", shown)


@needs("reader")
def operations(request: CompanyRequest) -> HttpResponse:
    """The open operations of one account, for under its row (register K11, K13)."""
    asked = _asked(request)
    code, currency = request.GET.get("account", ""), request.GET.get("currency", "")
    company = _company(request, request.GET.get("company") or request.company.code)
    columns = grid(asked.by)
    owned = open_operations([company], asked.as_of, suppliers=asked.suppliers, code=code)
    lines = [line for line in age_account(owned, asked.as_of, columns) if line.currency == currency]
    if not lines:
        raise Http404
    documents = {} if asked.suppliers else documents_numbered(company, code, [one.operation.document for one in lines[0].operations])
    labels = [bucket_label(label) for label in columns.labels]
    return render(request, "aged_operations.html", {"asked": asked, "account": lines[0], "labels": labels, "documents": documents})


@needs("reader")
def export(request: CompanyRequest) -> FileResponse:
    """The whole balance as it is asked for, every operation beside its account, as a file."""
    asked = _asked(request)
    suffix = one_asked(request, "format", list(FORMATS), "xlsx")
    found = _found(request, asked)
    called = _called(request, asked, asked.group_by)
    found = found._replace(groups=tuple(group._replace(key=called.get(group.key, group.key)) for group in found.groups))
    listed = open_operations(_companies(request, asked), asked.as_of, suppliers=asked.suppliers) if suffix == "xlsx" else iter(())
    heading = aged_list.Heading(request.company.name, language(), asked.as_of, _title(asked), tuple(map(bucket_label, found.grid.labels)))
    name = f"{gettext('aged-balance')}-{request.company.code}-{asked.as_of}.{suffix}".replace("/", "-")
    with tempfile.TemporaryDirectory(prefix="relance-aged-") as folder:
        out = Path(folder) / f"balance.{suffix}"
        aged_list.write(found, listed, heading, out)
        return FileResponse(out.open("rb"), as_attachment=True, filename=name)


def bucket_label(label: str) -> str:
    """What a bucket is called: how many days its items are late, or old."""
    if label == NOT_DUE:
        return gettext("Not due")
    if label == "+":
        return gettext("Any age")
    return gettext("Up to %(days)s") % {"days": label[1:]} if label.startswith("-") else label.replace("-", "–")


def _asked(request: CompanyRequest) -> Asked:
    """What the address says; where it says nothing, what the user chose the last time."""
    kept = request.user.preferences.get("aged", {})
    said = request.GET
    columns = said.getlist("column") if "chosen" in said else kept.get("columns", _USUAL_COLUMNS)
    hidden, joined = _ages_asked(request, kept)
    return Asked(
        as_of=day_asked(request, "as_of", localdate()),
        side=one_asked(request, "side", _SIDES, "customer"),
        by=Basis(one_asked(request, "by", list(Basis), kept.get("by", Basis.DUE_DATE))),
        group_by=GroupBy(one_asked(request, "group_by", list(GROUPS), kept.get("group_by", GroupBy.ACCOUNT))),
        scope=one_asked(request, "scope", _SCOPES, "company"),
        columns=tuple(name for name in COLUMNS if name in columns),
        hidden=tuple(sorted(_AGES & hidden)),
        joined=tuple(sorted(_AGES & joined)),
        text=said.get("q", "").strip()[:80],
        sort=said.get("sort", "")[:20],
    )


def _ages_asked(request: CompanyRequest, kept: dict[str, Any]) -> tuple[set[str], set[str]]:
    """The ages hidden and joined. A form says it of those that it offered: of the others it is as it was."""
    said, before = request.GET, (set(kept.get("hidden", ())), set(kept.get("joined", ())))
    if "offered" in said:
        offered = set(said.getlist("offered"))
        return before[0] - offered | offered - set(said.getlist("age")), before[1] - offered | set(said.getlist("joined"))
    return (set(said.getlist("hidden")), set(said.getlist("joined"))) if "chosen" in said else before


def _remember(request: CompanyRequest, asked: Asked) -> None:
    """Keep how the user wants to see it, where that was said."""
    kept = {"by": asked.by.value, "group_by": asked.group_by.value, "columns": list(asked.columns)}
    kept |= {"hidden": list(asked.hidden), "joined": list(asked.joined)}
    if "chosen" in request.GET and request.user.preferences.get("aged") != kept:
        request.user.preferences["aged"] = kept
        User.objects.filter(pk=request.user.pk).update(preferences=request.user.preferences)


def _found(request: CompanyRequest, asked: Asked) -> AgedBalance:
    """The balance, less the accounts that are not looked for, in the order asked for."""
    group_by = asked.group_by if asked.group_by != GroupBy.ENTITY or asked.scope == "all" else GroupBy.ACCOUNT
    found = balance(_companies(request, asked), asked.as_of, grid(asked.by), group_by, suppliers=asked.suppliers)
    if asked.text:
        wanted = [one for group in found.groups for one in group.accounts if _is_meant(one, asked.text)]
        found = arrange(wanted, asked.as_of, found.grid, group_by)
    return _sorted(found, asked)


def _called(request: CompanyRequest, asked: Asked, what: GroupBy) -> dict[str, str]:
    """What types, sales reps or companies are called, by their codes."""
    companies = _companies(request, asked)
    if what is GroupBy.TYPE:
        return names_of_types(companies)
    if what is GroupBy.SALES_REP:
        return dict(Collaborator.objects.filter(company__in=companies).exclude(name="").values_list("code", "name"))
    return {one.code: one.name for one in companies} if what is GroupBy.ENTITY else {}


def _is_meant(account: AgedAccount, text: str) -> bool:
    return collation_key(text) in collation_key(account.name) or account.code.startswith(text) or account.account.startswith(text)


def _sorted(found: AgedBalance, asked: Asked) -> AgedBalance:
    """By name, or by the total or the column of a bucket, the largest first; ``-name`` and so on the other way round."""
    key, turned = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    if key == "name" and turned:
        return found._replace(groups=tuple(group._replace(accounts=group.accounts[::-1]) for group in found.groups))
    column = next((one for one in asked.ages if str(one.places[0]) == key), None)
    if column is None and key != "total":
        return found

    def largest_first(account: AgedAccount) -> int:
        amount = account.total if column is None else column.amount(account.amounts)
        return amount if turned else -amount

    return found._replace(groups=tuple(group._replace(accounts=tuple(sorted(group.accounts, key=largest_first))) for group in found.groups))


def _pieces(found: AgedBalance, start: int) -> Iterator[tuple[AgedGroup, Sequence[AgedAccount]]]:
    """The groups that a page shows, each with its accounts that stand on it."""
    left = PAGE
    for group in found.groups:
        accounts = list(islice(group.accounts, start, start + left)) if start < len(group.accounts) else []
        start = max(0, start - len(group.accounts))
        left -= len(accounts)
        if accounts:
            yield group, accounts
        if not left:
            return


def _companies(request: CompanyRequest, asked: Asked) -> list[Company]:
    if asked.scope != "all":
        return [request.company]
    return list(Company.objects.filter(pk__in=[one.pk for one in companies_of(request.user)]))


def _company(request: CompanyRequest, code: str) -> Company:
    """One of the user's companies."""
    if code == request.company.code:
        return request.company
    for one in companies_of(request.user):
        if one.code == code:
            return one
    raise Http404


def _title(asked: Asked) -> str:
    """What an exported balance is headed."""
    if asked.suppliers:
        return gettext("Aged balance of suppliers")
    return gettext("Aged balance of customers")
