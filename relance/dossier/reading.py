"""What does the file say? JSON into entries of known shape, with every fault at its place; nothing is asked of a database."""

import codecs
import json
from collections.abc import Hashable
from difflib import get_close_matches
from typing import Any

from relance.dossier.entry import BROKEN, REQUIRED, Entry
from relance.dossier.faults import Fault, Faults, Findings, Place, show_place
from relance.dossier.kinds import Misread, shown
from relance.dossier.noun import Key, Noun


def parse(data: bytes) -> Any:
    """The JSON value in UTF-8 bytes, a byte order mark or not, its objects as entries. Raises Faults."""
    text = _decoded(data)
    try:
        return json.loads(text, object_pairs_hook=Entry, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _unreadable(f"line {error.lineno}, column {error.colno}", f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise _unreadable("the file", "not a dossier: nested too deeply") from None
    except _Constant as error:
        raise _unreadable("the file", f"not JSON: {error} is not a number") from None
    except ValueError:
        raise _unreadable("the file", "not JSON: a number of thousands of digits") from None


def read(value: Any, shape: Noun, findings: Findings) -> Entry | None:
    """The object as its shape wants it: columns' values by key, nested lists and objects read, faults told to ``findings``.

    What could not be read is BROKEN; an object that cannot be told from its siblings is taken out of its list.
    """
    try:
        return _Reader(findings).object(value, shape, ())
    except RecursionError:
        raise _unreadable("the file", "not a dossier: nested too deeply") from None


class _Reader:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def object(self, value: Any, noun: Noun, place: Place) -> Entry | None:
        if not isinstance(value, Entry):
            self._findings.fault(place, f"an object is due, not {shown(value)}")
            return None
        value.place = place
        for name in value.twice:
            self._findings.fault((*place, name), "the same key twice in one object")
        for name in [name for name in value if not noun.knows(name)]:
            self._refuse(name, noun, place)
            del value[name]
        for name, given in value.items():
            key = noun.keys.get(name)
            value[name] = self._inside(name, given, noun, place) if key is None else self._plain(name, given, key, place)
        for name in noun.required:
            if name not in value:
                self._findings.fault((*place, name), "is missing")
                value[name] = BROKEN
        return value

    def _plain(self, name: str, given: Any, key: Key, place: Place) -> Any:
        try:
            if given is not None:
                return key.read(given)
            if key.default is not REQUIRED:
                return key.default
            self._findings.fault((*place, name), "is null, and has no default")
        except Misread as error:
            self._findings.fault((*place, name, *error.inside), str(error))
        except ValueError as error:
            self._findings.fault((*place, name), str(error))
        return BROKEN

    def _inside(self, name: str, given: Any, noun: Noun, place: Place) -> Any:
        if name in noun.lists:
            return self._list(given, noun.lists[name], (*place, name))
        return None if given is None else self.object(given, noun.objects[name], (*place, name))

    def _refuse(self, name: str, noun: Noun, place: Place) -> None:
        known = get_close_matches(name, [*noun.keys, *noun.lists, *noun.objects], n=1)
        self._findings.fault((*place, name), f"unknown key (perhaps {known[0]}?)" if known else "unknown key")

    def _list(self, given: Any, noun: Noun, place: Place) -> list[Entry]:
        if given is None:
            return []
        if not isinstance(given, list):
            self._findings.fault(place, f"a list is due, not {shown(given)}")
            return []
        seen: dict[Hashable, int] = {}
        entries = []
        for at, value in enumerate(given):
            if noun.numbered and isinstance(value, Entry) and value.get(noun.named_by) is None:
                value[noun.named_by] = at + 1
            entry = self.object(value, noun, (*place, at))
            if entry is not None and self._told_apart(entry, noun, at, seen):
                entries.append(entry)
        return entries

    def _told_apart(self, entry: Entry, noun: Noun, at: int, seen: dict[Hashable, int]) -> bool:
        if not noun.named_by:
            return all(entry.get(name, BROKEN) is not BROKEN for name in noun.required)
        name = noun.identity(entry)
        if name is BROKEN or (isinstance(name, tuple) and BROKEN in name):
            return False
        first = seen.setdefault(name, at)
        if first != at:
            where = show_place((*entry.place[-2:-1], first))
            self._findings.fault((*entry.place, noun.named_by), f"the same key twice: {where} has it already")
        return first == at


def _decoded(data: bytes) -> str:
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[start:].decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, start + error.start) + 1
        raise _unreadable(f"line {line}", f"not UTF-8: the byte {data[start + error.start]:#04x}") from None


class _Constant(Exception):
    """NaN or an infinity, which JSON does not have."""


def _no_constant(name: str) -> Any:
    raise _Constant(name)


def _unreadable(place: str, message: str) -> Faults:
    return Faults([Fault(place, message)])
