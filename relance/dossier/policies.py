"""How does a load lay down policies and their levels, and are they sound? (Rules, section 4.)"""

from collections.abc import Iterator
from typing import Any

from relance.core.facts import Clock, LevelRow
from relance.core.policies import policy_problems
from relance.dossier import shape
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.faults import Place
from relance.dossier.merging import Count, Load, Sheet, named_rows
from relance.dossier.proofing import Written, problems
from relance.dossier.values import LANGUAGES
from relance.letters.placeholders import check_text
from relance.models import Policy, PolicyLevel, tuples

_COLUMNS = ("policy_id", *shape.LEVEL.columns.values(), "texts")


class Policies:
    """The default policy, whose code is empty and whose levels stand in the file by themselves, and the further ones."""

    def __init__(self, load: Load, dossier: Entry) -> None:
        self._load = load
        self._given = list(_given(dossier))
        self._written: list[Written] = []
        self._policies = self._lay_policies()
        self._levels = self._lay_levels()

    def sheets(self) -> list[Sheet]:
        """What is to be written, in this order."""
        return [self._policies, self._levels]

    def check(self, level_basis: str, *, basis_changed: bool) -> None:
        """Refuse levels that contradict each other, and warn of gaps, in the policies that the file touches."""
        for policy in self._given:
            if not any(BROKEN in level.values() for level in policy.get("levels", [])):
                self._check(self._policies.ids[policy["code"]], policy, level_basis)
        if basis_changed:
            given = {self._policies.ids[policy["code"]] for policy in self._given}
            for policy_id in set(self._policies.ids.values()) - given:
                self._check(policy_id, _unwritten(("options", "level_basis")), level_basis)

    def proof(self) -> None:
        """Refuse texts of the file that cannot be printed, once the levels are written. A dump comes back as it was."""
        if self._written and not self._load.restoring:
            for place, message in problems(self._load.company, self._written):
                self._load.findings.fault(place, message)
            self._load.findings.refuse_if_any()

    def _lay_policies(self) -> Sheet:
        load, columns = self._load, shape.POLICY.columns.values()
        sheet = Sheet(Policy, columns, named_rows(Policy, "code", columns, company_id=load.company.pk))
        sheet.expect(entry["code"] for entry in self._given)
        load.ids["policy"] = {code: policy for code, policy in sheet.ids.items() if code}
        for entry in self._given:
            code = entry["code"]
            sheet.put(code, load.lay(entry, sheet.before(code), shape.POLICY), load.count("policies") if code else Count())
        return sheet

    def _lay_levels(self) -> Sheet:
        load = self._load
        columns = ("policy_id", "level", "id", *_COLUMNS)
        stored = tuples.read(PolicyLevel, columns, ("policy_id", "level"), company_id=load.company.pk)
        sheet = Sheet(PolicyLevel, _COLUMNS, ((row[:2], row[2:]) for row in stored))
        given = {
            (self._policies.ids[policy["code"]], level["level"]): (policy["code"], level)
            for policy in self._given
            for level in policy.get("levels", [])
        }
        sheet.expect(given)
        for name, (policy, entry) in given.items():
            before = sheet.before(name)
            values = load.lay(entry, before, shape.LEVEL)
            self._check_texts(entry)
            texts = _texts(entry, before["texts"] if before else {})
            self._note(policy, entry, before or {"texts": {}})
            sheet.put(name, values | {"policy_id": name[0], "texts": texts}, load.count("levels"))
        return sheet

    def _check_texts(self, level: Entry) -> None:
        """Refuse texts that would not read as they were meant. A dump is only warned of: what was allowed once must come back."""
        tell = self._load.findings.warn if self._load.restoring else self._load.findings.fault
        for entry in (level, *(level.get("texts") or {}).values()):
            for part in shape.TEXTS.keys if entry else ():
                text = entry.get(part)
                for problem in check_text(text) if isinstance(text, str) else ():
                    tell((*entry.place, part), f"{problem.message}{_on_line(text, problem.place)}")

    def _note(self, policy: str, level: Entry, before: dict[str, Any]) -> None:
        """Keep in mind which texts are new; their level is proofed in every language."""
        further = ((name, said, before["texts"].get(name, {})) for name, said in _further(level))
        new = {
            language: Written(policy, level["level"], language, entry.place, parts)
            for language, entry, stored in (("", level, before), *further)
            if (parts := tuple(part for part in shape.TEXTS.keys if entry.get(part) and entry[part] != stored.get(part)))
        }
        if new:
            self._written += (new.get(name) or Written(policy, level["level"], name, level.place, ()) for name in ("", *LANGUAGES))

    def _check(self, policy_id: int, policy: Entry, level_basis: str) -> None:
        """The rows that the file gives come last, so that an overlap is told there."""
        given = {level["level"]: level.place for level in policy.get("levels", [])}
        kept = [level for owner, level in self._levels.names() if owner == policy_id and level not in given]
        places = [*(policy.place or ("levels",) for _ in kept), *given.values()]
        rows = [self._row(policy_id, level, level_basis) for level in (*kept, *given)]
        if not all(rows):
            return  # a bound is missing, and told already
        faults, warnings = policy_problems([row for row in rows if row])
        for found in faults:
            self._load.findings.fault(places[found.place], found.message)
        for found in warnings:
            self._load.findings.warn(places[found.place], found.message)

    def _row(self, policy_id: int, level: int, level_basis: str) -> LevelRow | None:
        values = self._levels.after((policy_id, level))
        if values is None or values["lower_bound"] is None:
            return None
        return LevelRow(level, values["lower_bound"], values["upper_bound"], Clock(values["clock"] or level_basis))


def _further(level: Entry) -> Iterator[tuple[str, Entry]]:
    """The texts in further languages."""
    return ((language, said) for language, said in (level.get("texts") or {}).items() if said)


def _given(dossier: Entry) -> Iterator[Entry]:
    if dossier.get("levels"):
        default = _unwritten(())
        default |= {"code": "", "levels": dossier["levels"]}
        yield default
    yield from dossier.get("policies", [])


def _unwritten(place: Place) -> Entry:
    entry = Entry([])
    entry.place = place
    return entry


def _on_line(text: str, place: int) -> str:
    """Where in a text of several lines."""
    return f", on line {text.count(chr(10), 0, place) + 1}" if "\n" in text else ""


def _texts(entry: Entry, stored: dict[str, Any]) -> dict[str, Any]:
    """The texts in further languages: what is given is laid over what is stored, null takes it away."""
    if entry.get("texts", stored) is None:
        return {}
    texts = dict(stored)
    for language, given in entry.get("texts", {}).items():
        if given is None:
            texts.pop(language, None)
        else:
            texts[language] = dict.fromkeys(shape.TEXTS.keys, "") | texts.get(language, {}) | given
    return texts
