"""Uploaded document -> letter template: checked, kept as a version that never changes, used for whom a person says, taken from choice."""

import re
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from relance.core.display import window_of
from relance.letters.documents import Made, produce
from relance.letters.own import office
from relance.letters.own.odt import TemplateProblem
from relance.letters.own.sample import Look, look_of, sample_template
from relance.letters.own.specimens import specimen_of
from relance.letters.own.uploaded import read_template
from relance.letters.typesetter import LetterProblem
from relance.models.company import Company
from relance.models.display import display_of, shown_with
from relance.models.events import Fact, record
from relance.models.finding import find_customer
from relance.models.rules import frozen_settings
from relance.models.templates import (
    LONGEST_NAME,
    LetterTemplate,
    TemplateUse,
    TemplateVersion,
    Uses,
    document,
    find_template,
    latest,
    uses_of,
)
from relance.steps import Refused

_NAME = re.compile(r"\w(?:[\w .'’&-]*\w)?")


def add_template(company: Company, name: str, filename: str, content: bytes, *, uses: Uses | None = None, by: str) -> TemplateVersion:
    """Keep a document as the newest version of the template of this name; the same document again is no new version.

    ``uses`` replaces for whom it is used without being asked for; None leaves that as it is. Raises Refused, Unfound.
    """
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise Refused(f'"{name[:100]}" cannot be the name of a template: up to {LONGEST_NAME} letters, figures, spaces, dots and hyphens')
    try:
        read = read_template(content)
    except TemplateProblem as problem:
        raise Refused("\n".join(f"{filename}: {line}" for line in str(problem).splitlines())) from problem
    with transaction.atomic():
        Company.objects.select_for_update().get(pk=company.pk)
        template, _ = LetterTemplate.objects.get_or_create(company=company, name=name)
        version = _same_as_last(template, content) or _keep(template, read.format, filename, content, read.odt, by)
        if template.removed_at is not None:
            LetterTemplate.objects.filter(pk=template.pk).update(removed_at=None)
        if uses is not None:
            _use_for(company, template, uses, by)
    return version


def remove_template(company: Company, name: str, by: str) -> None:
    """Take a template from choice: no new letter is made of it, and those that were keep it. Raises Unfound."""
    with transaction.atomic():
        template = find_template(company, name)
        template.uses.all().delete()
        LetterTemplate.objects.filter(pk=template.pk).update(removed_at=timezone.now())
        record(company.pk, by, [Fact("template_removed", facts={"template": name})])


def find_version(company: Company, name: str, number: int | None = None) -> TemplateVersion:
    """A version of a template, the newest unless said. Raises Unfound, Refused."""
    template = find_template(company, name)
    if number is None:
        return latest(template)
    found = template.versions.filter(number=number).first()
    if found is None:
        raise Refused(f'the letter template "{name}" has no version {number}; its newest is {latest(template).number}')
    return found


def preview(version: TemplateVersion, form: str, language: str) -> Made:
    """A letter of the company that was never sent, made of a version. Raises Refused."""
    settings = frozen_settings(Company.objects.get(pk=version.company_id))
    shown = {"company": settings["company"], "display": shown_with(settings), "language": language}
    data = specimen_of("second", charged=True, template=version.pk, provisional=True, **shown)
    (made,) = produce([data], form, {version.pk: document(version)})
    if isinstance(made, LetterProblem):
        raise Refused(str(made))
    return made


def sample_forms() -> tuple[str, ...]:
    """In which formats the document to begin with can be had here."""
    return ("odt", "docx", "rtf") if office.installed() else ("odt",)


def sample(form: str, language: str, company: Company | None = None) -> bytes:
    """The document to begin with: the general letter, as the company shows it, to be changed in a word processor. Raises Refused."""
    content = sample_template(language, _look(company)) if company else sample_template(language)
    made: bytes | LetterProblem = content
    if form != "odt":
        if not office.installed():
            raise Refused(f"a sample in {form.upper()} needs LibreOffice, which is not installed here: take the ODT, which Word opens too")
        converter = office.Office()
        try:
            (made,) = converter.convert([content], "odt", form)
        finally:
            converter.close()
    if isinstance(made, LetterProblem):
        raise Refused(str(made))
    return made


def _look(company: Company) -> Look:
    display = display_of(company)
    return look_of(display | {"window": display["window"] or window_of(company.country)})


def templates(company: Company) -> Iterator[dict[str, Any]]:
    """Each template that can be chosen: its newest version, and for whom it is used."""
    for template in LetterTemplate.objects.filter(company=company, removed_at=None).order_by("name"):
        yield {"name": template.name} | told(latest(template)) | uses_of(template)._asdict()


def versions(company: Company, name: str) -> Iterator[dict[str, Any]]:
    """Each version of a template, the newest first, with how many letters were made of it. Raises Unfound."""
    for version in find_template(company, name).versions.annotate(letters=Count("notices")).order_by("-number"):
        yield told(version) | {"letters": version.letters}


def told(version: TemplateVersion) -> dict[str, Any]:
    """A version in words."""
    return {
        "version": version.number,
        "format": version.format,
        "filename": version.filename,
        "sha256": version.sha256,
        "at": version.at.isoformat(),
        "by": version.by,
    }


def _same_as_last(template: LetterTemplate, content: bytes) -> TemplateVersion | None:
    last = template.versions.order_by("number").last()
    return last if last is not None and last.upload_sha256 == sha256(content).hexdigest() else None


def _keep(template: LetterTemplate, form: str, filename: str, content: bytes, odt: bytes, by: str) -> TemplateVersion:
    last = template.versions.order_by("number").last()
    version = TemplateVersion.objects.create(
        company_id=template.company_id,
        template=template,
        number=last.number + 1 if last else 1,
        format=form,
        filename=filename[-255:],
        sha256=sha256(odt).hexdigest(),
        compressed=zlib.compress(odt, 9),
        upload_sha256=sha256(content).hexdigest(),
        original=None if content == odt else zlib.compress(content, 9),
        at=timezone.now(),
        by=by,
    )
    facts = {"template": template.name, "version": version.number, "sha256": version.sha256}
    record(template.company_id, by, [Fact("template_added", facts=facts)])
    return version


def _use_for(company: Company, template: LetterTemplate, uses: Uses, by: str) -> None:
    """Use a template for these and no others. Raises Refused where another one is used for one of them already."""
    before = uses_of(template)
    if uses == before:
        return
    template.uses.all().delete()
    targets: list[tuple[str, dict[str, Any]]] = [(f"level {level}", {"level": level}) for level in uses.levels]
    targets += [(f"customer {code}", {"customer": find_customer(company, code)}) for code in uses.customers]
    targets += [(f"customer type {kind}", {"customer_type": kind}) for kind in uses.types]
    for said, target in targets:
        other = TemplateUse.objects.filter(company=company, **target).select_related("template").first()
        if other is not None:
            raise Refused(f'{said} is written with the template "{other.template.name}" already')
        TemplateUse.objects.create(company=company, template=template, **target)
    record(company.pk, by, [Fact("template_used_for", facts={"template": template.name} | uses._asdict())])
