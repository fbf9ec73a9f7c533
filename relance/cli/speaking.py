"""In which language does the command line say what goes wrong, and how it is called? The terminal's: French or English.

Lower layers speak English, and so does the reader of options; ``relance/telling`` knows their sentences. Answers in JSON are for programs:
what stands in them is the same in every language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from relance.cli.words import terminal_speech

EXIT_STATUS = {
    "en": "Exit status: 0 done, 1 refused or failed (the reason is on standard error, nothing refused is stored), 2 wrong usage, "
    "130 interrupted.",
    "fr": "Code de sortie : 0 fait, 1 refusé ou en échec (le motif est sur la sortie d’erreur, ce qui est refusé n’est pas enregistré), "
    "2 mauvais emploi de la commande, 130 interrompu.",
}
_FRAMES = {  # what stands around usage and help: the names are those of typer's own module
    "en": {
        "RICH_HELP": "Try [blue]'{command_path} {help_option}'[/] for help.",
        "ERRORS_PANEL_TITLE": "Error",
        "OPTIONS_PANEL_TITLE": "Options",
        "ARGUMENTS_PANEL_TITLE": "Arguments",
        "COMMANDS_PANEL_TITLE": "Commands",
        "REQUIRED_LONG_STRING": "[required]",
        "DEFAULT_STRING": "[default: {}]",
    },
    "fr": {
        "RICH_HELP": "Pour l’aide : [blue]{command_path} {help_option}[/]",
        "ERRORS_PANEL_TITLE": "Erreur",
        "OPTIONS_PANEL_TITLE": "Options",
        "ARGUMENTS_PANEL_TITLE": "Arguments",
        "COMMANDS_PANEL_TITLE": "Commandes",
        "REQUIRED_LONG_STRING": "[obligatoire]",
        "DEFAULT_STRING": "[par défaut : {}]",
    },
}


def told(message: str) -> str:
    """What was said in English, in the terminal's language, as far as it is known there."""
    if terminal_speech().language != "fr":
        return message
    from django.core.exceptions import ImproperlyConfigured

    from relance.cli.startup import set_django_up

    try:
        set_django_up()
    except (ImproperlyConfigured, OSError):  # which may be what is to be told
        return message
    from django.utils.translation import override

    from relance.telling.sentences import in_words

    with override("fr"):
        return in_words(message)


def frame() -> None:
    """Have what stands around usage and help said in the terminal's language."""
    from typer import rich_utils

    for name, words in _FRAMES[terminal_speech().language].items():
        setattr(rich_utils, name, words)


def exit_status() -> str:
    """What the exit status of every command means."""
    return EXIT_STATUS[terminal_speech().language]


class _Misused(typer.BadParameter):
    """Wrong usage, in words for the user already."""

    def format_message(self) -> str:
        return self.message


@contextmanager
def usage_told() -> Iterator[None]:
    """Wrong usage that is found inside is told in the terminal's language."""
    try:
        yield
    except typer.TyperException as error:
        context: Any = getattr(error, "ctx", None)
        if type(error).__name__ == "NoArgsIsHelpError" or terminal_speech().language == "en":
            frame()
            raise
        frame()
        raise _Misused(told(error.format_message()), ctx=context) from None
