"""How are letter templates kept by the command line: sample, upload, list, preview, removal?"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from relance.cli.answers import print_json
from relance.cli.options import AsJson, CompanyCode, issued_level, user
from relance.cli.tables.templates import show_templates, show_versions
from relance.cli.terminal import show
from relance.cli.words import speech_of, terminal_speech
from relance.core.forms import form_of_file

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name of the template.")]
Version = Annotated[int | None, typer.Option("--version", metavar="NUMBER", min=1, help="A version of it; the newest unless said.")]
Language = Annotated[Literal["fr", "en", "de"], typer.Option("--language", help="The language of what is written on it.")]


def add(
    name: Name,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The document: DOCX, ODT or RTF.")],
    company: CompanyCode,
    levels: Annotated[
        list[int] | None,
        typer.Option("--for-level", metavar="LEVEL", parser=issued_level, help="Use it for letters of this level; may be repeated."),
    ] = None,
    customers: Annotated[
        list[str] | None, typer.Option("--for-customer", metavar="CODE", help="Use it for letters to this customer; may be repeated.")
    ] = None,
    types: Annotated[
        list[str] | None, typer.Option("--for-type", metavar="TYPE", help="Use it for customers of this type; may be repeated.")
    ] = None,
    *,
    on_request: Annotated[bool, typer.Option("--on-request", help="Use it only where it is asked for by its name.")] = False,
    as_json: AsJson = False,
) -> None:
    """Keep a document as a letter template, or as the next version of one; it is checked on sample letters first."""
    from relance.models.finding import find_company
    from relance.models.templates import Uses, uses_of
    from relance.steps import templating

    asked = Uses(tuple(sorted(set(levels or ()))), tuple(sorted(set(customers or ()))), tuple(sorted(set(types or ()))))
    if on_request and any(asked):
        raise typer.BadParameter("a template used on request is used for nobody by itself", param_hint="--on-request")
    found = find_company(company)
    uses = asked if any(asked) or on_request else None
    version = templating.add_template(found, name, file.name, file.read_bytes(), uses=uses, by=user())
    if as_json:
        print_json({"name": name} | templating.told(version) | uses_of(version.template)._asdict())
    else:
        show(speech_of(found.language)("Template {name}, version {number}", name=name, number=version.number))


def list_templates(company: CompanyCode, *, as_json: AsJson = False) -> None:
    """List the letter templates of a company, and for whom each is used."""
    from relance.models.finding import find_company
    from relance.steps import templating

    found = find_company(company)
    if as_json:
        print_json([("company", found.code), ("templates", templating.templates(found))])
    else:
        show_templates(templating.templates(found), speech_of(found.language))


def show_template(
    name: Name,
    company: CompanyCode,
    version: Version = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the document as it was uploaded, to change it.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the versions of a template and how many letters were made of each; or get the document back."""
    from relance.models.finding import find_company
    from relance.models.templates import uploaded
    from relance.steps import templating

    found = find_company(company)
    if out is not None:
        out.write_bytes(uploaded(templating.find_version(found, name, version)))
    if as_json:
        print_json([("name", name), ("versions", templating.versions(found, name))])
    else:
        show_versions(templating.versions(found, name), speech_of(found.language), title=name)


def preview(
    name: Name,
    company: CompanyCode,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it: .pdf, .docx, .odt, .rtf or .html.")],
    version: Version = None,
    language: Language = "fr",
    *,
    as_json: AsJson = False,
) -> None:
    """Write a letter that is never sent, made of a template."""
    from relance.cli.verb import say
    from relance.models.finding import find_company
    from relance.steps import templating

    if form_of_file(out.name) in ("", "zip"):
        raise typer.BadParameter(f"cannot write {out.name}: only .pdf, .docx, .odt, .rtf, .html", param_hint="--out")
    made = templating.preview(templating.find_version(find_company(company), name, version), form_of_file(out.name), language)
    written = out.with_suffix(f".{made.form}")
    written.write_bytes(made.content)
    if written != out:
        say(f"LibreOffice is not installed here: the letter stays an ODT, {written}")
    if as_json:
        print_json({"format": made.form, "file": str(written)})


def remove(name: Name, company: CompanyCode, *, as_json: AsJson = False) -> None:
    """Take a template from choice: no new letter is made of it; those that were remember it."""
    from relance.models.finding import find_company
    from relance.steps import templating

    found = find_company(company)
    templating.remove_template(found, name, user())
    if as_json:
        print_json({"removed": name})
    else:
        show(speech_of(found.language)("Template {name} is no longer chosen", name=name))


def sample(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write it: .docx, .odt or .rtf.")],
    form: Annotated[
        Literal["docx", "odt", "rtf"] | None, typer.Option("--format", help="Its format; that of the file unless said.")
    ] = None,
    language: Language = "fr",
    company: Annotated[
        str | None, typer.Option("--company", metavar="CODE", help="Show what this company's letters show, in its colours.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write a template to begin with: the general letter, to be changed in Word or Writer and uploaded."""
    from relance.models.finding import find_company
    from relance.steps import templating

    wanted = form or form_of_file(out.name)
    if wanted not in ("docx", "odt", "rtf"):
        raise typer.BadParameter(f"cannot write {out.name}: only .docx, .odt, .rtf", param_hint="--out")
    out.write_bytes(templating.sample(wanted, language, find_company(company) if company else None))
    if as_json:
        print_json({"format": wanted, "file": str(out)})
        return
    show(terminal_speech()("{file} written: change it, then relance template add", file=out.name))
