"""How does a load lay down what letters show: the display options, and the pictures that they name?"""

import hashlib
from typing import Any

from relance.core.display import PICTURES
from relance.dossier import shape
from relance.dossier.entry import BROKEN, Entry
from relance.dossier.merging import Load, Values
from relance.letters.pictures import check_picture
from relance.models import Company, Picture, bulk, tuples
from relance.models.display import display_of

_COLUMNS = ("company_id", "sha256", "media_type", "content")


class Pictures:
    """The pictures of a file: what is new of them is checked as it comes in, and is there for good."""

    def __init__(self, load: Load, dossier: Entry) -> None:
        self._load = load
        self._kept = {sha256 for (sha256,) in tuples.read(Picture, ("sha256",), company_id=load.company.pk)}
        self._new: dict[str, tuple[str, bytes]] = {}
        for entry in dossier.get("pictures", []):
            self._lay(entry)

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self._kept or sha256 in self._new

    def write(self, company_id: int) -> None:
        """Store the new ones."""
        bulk.insert(Picture, _COLUMNS, ((company_id, sha256, *picture) for sha256, picture in self._new.items()))

    def _lay(self, entry: Entry) -> None:
        sha256, content = entry["sha256"], entry["content"]
        if content is BROKEN:
            return
        if sha256 != hashlib.sha256(content).hexdigest():
            self._load.findings.fault((*entry.place, "content"), "is not what its SHA-256 says")
        elif sha256 not in self._kept:
            try:
                self._new[sha256] = (check_picture(content), content)
            except ValueError as error:
                self._load.findings.fault((*entry.place, "content"), str(error))
        self._load.count("pictures").add(None if sha256 in self._new else False)


def lay_display(load: Load, dossier: Entry, before: Company | None, pictures: Pictures) -> dict[str, Any]:
    """What the company's ``display`` column is to hold: every option."""
    entry = dossier.get("display") or Entry([])
    entry.place = ("display",)
    values: Values = load.lay(entry, display_of(before) if before else None, shape.DISPLAY)
    for name in PICTURES:
        if values[name] is not None and values[name] not in pictures and entry.get(name) is not BROKEN:
            load.findings.fault(("display", name), f"unknown picture: {values[name][:12]}…")
    return values
