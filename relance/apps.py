"""What is Relance to Django? One application, whose models live in ``relance.models``."""

from django.apps import AppConfig


class RelanceConfig(AppConfig):
    """The whole product: one app, rooms inside it."""

    name = "relance"
    default_auto_field = "django.db.models.BigAutoField"
