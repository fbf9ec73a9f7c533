"""Where is what is wrong with a setting told? Beside its field."""

import re
from collections.abc import Iterable, Mapping

from django import forms

from relance.dossier import Fault
from relance.telling.faults import told


def tell(form: forms.Form, faults: Iterable[Fault], fields: Mapping[str, str] | None = None) -> None:
    """Put every fault beside the field that its place ends in, else above the form; ``fields`` are those of places called otherwise."""
    for fault in faults:
        own = next((name for place, name in (fields or {}).items() if fault.place.startswith(place)), None)
        name = own or _last_key(fault.place)
        form.add_error(name if name in form.fields else None, told(fault.message))


def _last_key(place: str) -> str:
    """The field of ``levels[0].texts.en.subject``: its last word."""
    return re.sub(r"\[\d+\]", "", place).rpartition(".")[2]
