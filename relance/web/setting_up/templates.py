"""Which letter templates has the company made, and for whom? Begun from the sample, uploaded, looked at, taken from choice."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from relance.core.facts import HIGHEST_LEVEL
from relance.core.forms import MEDIA_TYPES
from relance.letters.own.words import OWN, PICTURE_SAYS
from relance.letters.placeholders import PLACEHOLDERS
from relance.models.finding import Unfound
from relance.models.templates import LARGEST, LONGEST_NAME, Uses, uploaded
from relance.steps import Refused, templating
from relance.telling.figures import language
from relance.telling.list_file import Sheet
from relance.telling.sentences import in_words
from relance.telling.sheets_of_history import TEMPLATES
from relance.web.access import CompanyRequest, needs
from relance.web.asked import one_of
from relance.web.downloads import download, wanted


class Upload(forms.Form):
    """A template to keep, and for whom it is used; without a document, that of the known name stays."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    document = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        help_text=gettext_lazy("DOCX, ODT or RTF. Left empty, only the uses of a known template change."),
    )
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("For levels"),
        required=False,
        choices=[(str(level), str(level)) for level in range(1, HIGHEST_LEVEL + 1)],
        widget=forms.CheckboxSelectMultiple,
    )
    customers = forms.CharField(label=gettext_lazy("For customers"), required=False, help_text=gettext_lazy("Codes, with commas between."))
    types = forms.CharField(label=gettext_lazy("For types of customers"), required=False, help_text=gettext_lazy("With commas between."))

    def uses(self) -> Uses:
        """For whom it is used without being asked for."""
        said = self.cleaned_data
        return Uses(tuple(sorted(map(int, said["levels"]))), _split(said["customers"]), _split(said["types"]))


@needs("manager", change="administrator")
def templates(request: CompanyRequest) -> HttpResponseBase:
    """The templates that can be chosen, and the form to keep another one."""
    if wanted(request):
        return download(request, Sheet(_("letter-templates"), TEMPLATES, templating.templates(request.company)))
    form = Upload(request.POST, request.FILES) if "name" in request.POST else Upload()
    if form.is_bound and form.is_valid() and _keep(request, form):
        messages.success(request, _("The template %(name)s is kept.") % {"name": form.cleaned_data["name"]})
        return redirect("letter_templates", request.company.code)
    kept = list(templating.templates(request.company))
    shown = {"form": form, "templates": kept, "samples": templating.sample_forms(), "words": _words()}
    return render(request, "setting_up/templates.html", shown)


def _words() -> list[tuple[str, str]]:
    """The words that a template knows, and what each stands for."""
    reader = language()
    said = {name: one.says for name, one in PLACEHOLDERS.items()} | {name: one.says for name, one in OWN.items()} | PICTURE_SAYS
    return [(f"{{{name}}}", says[reader]) for name, says in said.items()]


@needs("manager")
def template(request: CompanyRequest) -> HttpResponse:
    """The newest version of a template: made into a letter that was never sent, or as it was uploaded."""
    name = request.GET.get("name", "")
    try:
        version = templating.find_version(request.company, name)
        if request.GET.get("as") == "document":
            return _file(uploaded(version), MEDIA_TYPES[version.format], version.filename)
        made = templating.preview(version, "pdf", request.company.language)  # an ODT where nothing is installed that makes a PDF of it
        return _file(made.content, MEDIA_TYPES[made.form], f"{name}.{made.form}", shown=made.form == "pdf")
    except Unfound:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, in_words(refusal))
        return redirect("letter_templates", request.company.code)


@needs("manager")
def template_sample(request: CompanyRequest) -> HttpResponse:
    """The document to begin with, in the word processor's own format."""
    form = one_of(request.GET.get("as", ""), templating.sample_forms(), "odt")
    return _file(templating.sample(form, language(), request.company), MEDIA_TYPES[form], f"{_('template')}.{form}")


@needs("administrator")
@require_POST
def remove_template(request: CompanyRequest) -> HttpResponse:
    """Take a template from choice; the letters made of it keep it."""
    name = request.POST.get("name", "")
    try:
        templating.remove_template(request.company, name, request.by)
    except Unfound as refusal:
        messages.error(request, in_words(refusal))
    else:
        messages.success(request, _("The template %(name)s is removed.") % {"name": name})
    return redirect("letter_templates", request.company.code)


def _keep(request: CompanyRequest, form: Upload) -> bool:
    """Whether the template is kept; why not is told beside the document."""
    sent: Any = form.cleaned_data["document"]
    name = form.cleaned_data["name"]
    try:
        if sent and sent.size > LARGEST:
            raise Refused(_("The document is larger than %(size)s MB.") % {"size": LARGEST >> 20})
        version = None if sent else templating.find_version(request.company, name)
        filename, content = (sent.name, sent.read()) if version is None else (version.filename, uploaded(version))
        templating.add_template(request.company, name, filename, content, uses=form.uses(), by=request.by)
    except (Refused, Unfound) as refusal:
        for line in in_words(refusal).splitlines():
            form.add_error("document", line)
        return False
    return True


def _file(content: bytes, media_type: str, filename: str, *, shown: bool = False) -> HttpResponse:
    disposition = content_disposition_header(not shown, filename) or "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": disposition})


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
