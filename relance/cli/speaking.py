"""In which language does the command line say what goes wrong, how it is called, and what it does? The terminal's: French or English.

Lower layers speak English, and so does the reader of options; ``relance/telling`` knows their sentences. Answers in JSON are for programs:
what stands in them is the same in every language.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import Any, NamedTuple

import typer

from relance.cli.words import terminal_speech

EXIT_STATUS = {
    "en": "Exit status: 0 done, 1 refused or failed (the reason is on standard error, nothing refused is stored), 2 wrong usage, "
    "130 interrupted.",
    "fr": "Code de sortie : 0 fait, 1 refusé ou en échec (le motif est sur la sortie d’erreur, ce qui est refusé n’est pas enregistré), "
    "2 mauvais emploi de la commande, 130 interrompu.",
}
PLACEHOLDER = "placeholder"  # of a value, in the usage of a command
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
    if not _knows_french():
        return message
    from django.utils.translation import override

    from relance.telling.sentences import in_words

    with override("fr"):
        return in_words(message)


def _knows_french() -> bool:
    """Whether the terminal is French, and the catalog at hand."""
    if terminal_speech().language != "fr":
        return False
    from django.core.exceptions import ImproperlyConfigured

    from relance.cli.startup import set_django_up

    with suppress(ImproperlyConfigured, OSError):  # which may be what is to be told
        set_django_up()
        return True
    return False


class Text(NamedTuple):
    """Where something that help says stands: an attribute of a command, or of one of its options."""

    owner: Any
    attribute: str
    context: str | None = None  # in the catalog

    @property
    def words(self) -> str:
        """What is said there, in English."""
        return getattr(self.owner, self.attribute, None) or ""


def texts_of(command: Any, ctx: Any = None) -> Iterator[Text]:
    """What the help of a command says: of itself, of its options, and of the commands under it what the list of them has."""
    yield Text(command, "help")
    for one in getattr(command, "commands", {}).values():
        yield from (Text(one, name) for name in ("help", "short_help", "rich_help_panel"))
    yield from (Text(command, name, PLACEHOLDER) for name in ("options_metavar", "subcommand_metavar"))
    for param in command.get_params(ctx) if ctx else command.params:
        yield from (Text(param, "help"), Text(param, "metavar", PLACEHOLDER))


@contextmanager
def worded(command: Any, ctx: Any) -> Iterator[None]:
    """Inside, a command's help and usage say it in the terminal's language, and name no types that only programmers know."""
    for param in command.get_params(ctx):
        if "|" not in param.display_type(ctx):
            param.display_type_rich = partial(_untyped, param)
    texts = [text for text in texts_of(command, ctx) if text.words] if _knows_french() else []
    said = [text.words for text in texts]
    try:
        for text, words in zip(texts, said, strict=True):
            setattr(text.owner, text.attribute, in_french(words, text.context))
        yield
    finally:
        for text, words in zip(texts, said, strict=True):
            setattr(text.owner, text.attribute, words)


def in_french(words: str, context: str | None) -> str:
    """What help says, from the catalog."""
    from django.utils.translation import gettext, override, pgettext

    with override("fr"):
        return pgettext(context, words) if context else gettext(words)


def _untyped(param: Any, ctx: Any) -> str | None:
    """What stands for a value in the table of options; an argument is its own name there."""
    return param.metavar if param.param_type_name == "option" else None


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
        with worded(context.command, context) if context else nullcontext():
            message = told(error.format_message())
        raise _Misused(message, ctx=context) from None
