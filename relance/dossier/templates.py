"""How do letter templates come in? Versions are put in as they were, and never changed; for whom a template is used is as the file says."""

from collections.abc import Iterator
from typing import Any

from relance.dossier import shape
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.merging import Load, Sheet, named_rows
from relance.dossier.zipped import sha256_of, unzipped
from relance.letters.own.odt import LARGEST_FILE, TemplateProblem
from relance.letters.own.template import OwnTemplate
from relance.models import LetterTemplate, TemplateUse, TemplateVersion, tuples

_TEMPLATE = tuple(shape.TEMPLATE.columns.values())
_VERSION = tuple(shape.TEMPLATE_VERSION.columns.values())
_USE = ("level", "customer_id", "customer_type")
_TARGETS = ("levels", "customers", "types")


class Templates:
    """The letter templates of a file, laid over those stored; ``versions`` are known by name and number afterwards."""

    def __init__(self, load: Load, dossier: Entry, customers: Sheet) -> None:
        self._load, self._customers = load, customers
        self._given: list[Entry] = dossier.get("templates", [])
        self._templates = self._lay_templates()
        self._versions = self._lay_versions()
        self._uses = self._lay_uses()
        names = {template: name for name, template in self._templates.ids.items()}
        self.versions = {(names[template], number): version for (template, number), version in self._versions.ids.items()}

    def write(self, company_id: int) -> None:
        """Store what is new."""
        for sheet in (self._templates, self._versions):
            sheet.write(company_id)
        given = [self._templates.ids[entry["name"]] for entry in self._given if any(key in entry for key in _TARGETS)]
        if not given:
            return
        TemplateUse.objects.filter(template__in=given).delete()
        uses = [(target, template) for target, template in self._uses.items() if template in given]
        TemplateUse.objects.bulk_create(
            TemplateUse(company_id=company_id, template_id=template, **{column: value}) for (column, value), template in uses
        )

    def _lay_templates(self) -> Sheet:
        sheet = Sheet(LetterTemplate, _TEMPLATE, named_rows(LetterTemplate, "name", _TEMPLATE, company_id=self._load.company.pk))
        sheet.expect(entry["name"] for entry in self._given)
        for entry in self._given:
            sheet.put(entry["name"], self._load.lay(entry, sheet.before(entry["name"]), shape.TEMPLATE), self._load.count("templates"))
            if sheet.before(entry["name"]) is None and not entry.get("versions"):
                self._load.findings.fault((*entry.place, "versions"), "is missing")
        return sheet

    def _lay_versions(self) -> Sheet:
        stored = tuples.read(TemplateVersion, ("template_id", "number", "id", *_VERSION), company_id=self._load.company.pk)
        sheet = Sheet(TemplateVersion, (*_VERSION, "template_id"), ((row[:2], (*row[2:], row[0])) for row in stored))
        given = {
            (self._templates.ids[entry["name"]], version["number"]): version
            for entry in self._given
            for version in entry.get("versions", [])
        }
        sheet.expect(given)
        for name, entry in given.items():
            before = sheet.before(name)
            if before is None:
                self._check(entry)
                values = self._load.lay(entry, None, shape.TEMPLATE_VERSION) | {"template_id": name[0]}
                sheet.put(name, values, self._load.count("template_versions"))
            else:
                self._load.count("template_versions").add(changed=False)
                if before["sha256"] != entry.get("sha256", before["sha256"]):
                    self._load.findings.fault(entry.place, f"another version {entry['number']} of this template is stored")
        return sheet

    def _check(self, entry: Entry) -> None:
        """A version must be a template, whoever wrote the file; one that was taken once comes back though it would not be taken today."""
        if BROKEN in entry.values() or "compressed" not in entry:
            return
        for part, sha256 in (("compressed", "sha256"), ("original", "upload_sha256")):
            if entry.get(part) is not None and sha256_of(entry[part]) != entry.get(sha256):
                self._load.findings.fault((*entry.place, part), "is not what its SHA-256 says")
                return
        try:
            OwnTemplate(unzipped(entry["compressed"], LARGEST_FILE))
        except (TemplateProblem, ValueError) as problem:
            tell = self._load.findings.warn if self._load.restoring else self._load.findings.fault
            tell((*entry.place, "compressed"), str(problem))

    def _lay_uses(self) -> dict[tuple[str, Any], int]:
        """By column and what stands in it: the template that is used for it, as the file says, else as is stored."""
        given = [entry for entry in self._given if any(key in entry for key in _TARGETS)]
        replaced = {self._templates.ids[entry["name"]] for entry in given}
        uses: dict[tuple[str, Any], int] = {}
        for template, *targets in tuples.read(TemplateUse, ("template_id", *_USE), company_id=self._load.company.pk):
            if template not in replaced:
                uses |= {(column, target): template for column, target in zip(_USE, targets, strict=True) if target is not None}
        for entry in given:
            for key, place, column, target in self._targets(entry):
                if (column, target) in uses:
                    self._load.findings.fault((*entry.place, key, place), "another template is used for it already")
                uses[column, target] = self._templates.ids[entry["name"]]
        return uses

    def _targets(self, entry: Entry) -> Iterator[tuple[str, int, str, Any]]:
        for key, column in zip(_TARGETS, _USE, strict=True):
            found = entry.get(key) or ()
            for place, target in enumerate(() if found is BROKEN else found):
                if key == "customers":
                    known = self._customers.ids.get(target)
                    if known is None:
                        self._load.findings.fault((*entry.place, key, place), f'unknown customer: "{target}"')
                    target = known
                yield key, place, column, target
