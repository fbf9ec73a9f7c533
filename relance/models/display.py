"""What has a company chosen that its letters show? Its display options (``core/display.py``) and the pictures that they name."""

from base64 import b64encode
from functools import lru_cache
from typing import Any

from django.db import models

from relance.core.display import DEFAULTS, PICTURES, window_of
from relance.models import fields

PICTURE_TYPES = ("image/png", "image/jpeg", "image/svg+xml")


class Picture(models.Model):
    """A logo or a signature, named by its content: it is never changed, so that a letter of last year still has its own."""

    company = fields.company()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40, choices=[(value, value) for value in PICTURE_TYPES])
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "sha256"], name="picture_sha256_unique"),
            fields.check_one_of("picture", "media_type", PICTURE_TYPES),
        ]


def display_of(company: Any) -> dict[str, Any]:
    """Every display option of a company, defaults in."""
    return DEFAULTS | company.display


def shown_with(settings: dict[str, Any]) -> dict[str, Any]:
    """The display options frozen with a run, for its pages: the window is decided, and pictures are there, as ``data:`` addresses."""
    company = settings["company"]
    display = DEFAULTS | settings.get("display", {})
    window = display["window"] or window_of(company["country"])
    return display | {"window": window} | {name: _address(company["code"], display[name]) for name in PICTURES}


def _address(company: str, sha256: str | None) -> str | None:
    try:
        return _found(company, sha256) if sha256 else None
    except Picture.DoesNotExist:  # a history from elsewhere, told without its pictures
        return None


@lru_cache(maxsize=16)
def _found(company: str, sha256: str) -> str:
    """What has this name never changes: once read, it is known. Raises Picture.DoesNotExist."""
    picture = Picture.objects.get(company__code=company, sha256=sha256)
    return f"data:{picture.media_type};base64,{b64encode(bytes(picture.content)).decode()}"
