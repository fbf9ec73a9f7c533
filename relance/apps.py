"""What is Relance to Django? One application, whose models live in ``relance.models``."""

from django.apps import AppConfig
from django.conf import settings


class RelanceConfig(AppConfig):
    """The whole product: one app, rooms inside it."""

    name = "relance"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Make the catalogs of the pages' words first: libraries speak as soon as their models are imported."""
        from relance.web.catalogs import compile_into

        for folder in settings.LOCALE_PATHS:
            compile_into(folder)
        super().import_models()
