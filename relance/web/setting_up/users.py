"""Who acts in this company, and as what? Users are let in, given another role, or sent away; a new one gets a link to come in by."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relance.models.access import ROLES, Membership, User
from relance.steps import Refused, granting
from relance.telling.list_file import Sheet, streamed
from relance.telling.sentences import in_words
from relance.telling.sheets_of_access import USERS
from relance.telling.words import USER_ROLES
from relance.web.access import CompanyRequest, needs
from relance.web.account import invite
from relance.web.asked import whole_number
from relance.web.downloads import download, wanted
from relance.web.lists import listed, whole

_SORTS = {"email": ("user__email", "pk"), "role": ("role", "user__email", "pk")}


class NewUser(forms.Form):
    """Somebody to let in."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"))
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=150)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(USER_ROLES.items()))


@needs("administrator")
def users(request: CompanyRequest) -> HttpResponseBase:
    """The users of this company with their roles."""
    act = request.POST.get("act", "")
    form = NewUser(request.POST if act == "add" else None)
    if act == "add" and form.is_valid():
        _let_in(request, **form.cleaned_data)
        return redirect("users", request.company.code)
    if act in ("role", "remove", "invite"):
        _change(request, act)
        return redirect("users", request.company.code)
    found = Membership.objects.filter(company=request.company, user__is_active=True).select_related("user")
    if wanted(request):
        return download(request, Sheet(_("users"), USERS, streamed(whole(request, found, _SORTS, "email"))))
    listing = listed(request, found, _SORTS, "email")
    return render(request, "setting_up/users.html", {"form": form, "list": listing, "roles": USER_ROLES.items()})


def _let_in(request: CompanyRequest, email: str, name: str, role: str) -> None:
    """Give somebody known the role; make a user of somebody new, and show the link to come in by."""
    try:
        user, is_new = granting.let_in(request.company, email, role, name=name, by=request.by, asker=request.user)
    except Refused as refusal:
        messages.error(request, in_words(refusal))
        return
    messages.success(request, _("%(user)s may act in this company.") % {"user": user.email})
    if is_new:
        _show_link(request, user)


def _change(request: CompanyRequest, act: str) -> None:
    """Another role, none, or another link; never one's own."""
    pk, role = request.POST.get("member", ""), request.POST.get("role", "")
    member = Membership.objects.filter(company=request.company, pk=whole_number(pk) or 0).select_related("user").first()
    if member is None:
        messages.error(request, _("This user no longer acts here."))
    elif act == "invite":
        if granting.may_be_invited(member.user):
            _show_link(request, member.user)
    elif act == "remove" or role in ROLES:
        try:
            granting.change_role(member.user, request.company, None if act == "remove" else role, by=request.by, asker=request.user)
        except Refused as refusal:
            messages.error(request, in_words(refusal))
            return
        messages.success(request, _("The role of %(user)s is changed.") % {"user": member.user.email})


def _show_link(request: CompanyRequest, user: User) -> None:
    link = request.build_absolute_uri(invite(user))
    messages.info(
        request,
        _("Send %(user)s this link, which is shown only now and opens once, within a week: %(link)s") % {"user": user.email, "link": link},
    )
