"""What is a setting called on its page, and how is its value said there? For the history, which knows the keys of a dossier."""

from functools import cache
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from relance.web.setting_up import company, lists, look, messaging, policies, texts

_PAGES = (company, messaging, policies, texts, look, lists)
_LONGEST = 120  # letters of a text


def setting_named(key: str) -> str:
    """``options.ceiling`` as its field is labelled, ``policies.GRANDS.levels.2.channel`` with the policy and the level before it."""
    *where, name = key.split(".")
    said = [_part(kind, one) for kind, one in pairwise(where) if kind in ("policies", "levels", *lists.LISTS)]
    said += [str(texts.LANGUAGE_NAMES.get(one, one)) for kind, one in pairwise(where) if kind == "texts"]
    field = _fields().get(name)
    return ", ".join([*said, str(field.label) if field is not None and field.label else name.replace("_", " ")])


def setting_said(key: str, value: Any) -> str | None:
    """The value as its field says it: a choice in words, a long text cut; None where it is told as any other."""
    field = _fields().get(key.rpartition(".")[2])
    if isinstance(field, forms.ChoiceField) and not isinstance(value, list | bool):
        choices: Any = field.choices
        return next((str(label) for one, label in choices if one == ("" if value is None else str(value))), None)
    if isinstance(value, str) and len(value) > _LONGEST:
        return value[:_LONGEST].rstrip() + "…"
    return None


def _part(kind: str, one: str) -> str:
    if kind == "levels":
        return _("level %(level)s") % {"level": one}
    return f"{_('policy') if kind == 'policies' else lists.LISTS[kind].label} {one}"


@cache
def _fields() -> dict[str, forms.Field]:
    """Every field of the pages by its name; of two of one name, the first."""
    found: dict[str, forms.Field] = {}
    for page in _PAGES:
        for one in vars(page).values():
            if isinstance(one, type) and issubclass(one, forms.Form):
                found = one.base_fields | found
    return found
