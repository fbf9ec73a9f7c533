"""What does the log of a launch say? French or English, as its company speaks."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

_SAID = {  # level, French, English
    "begun": ("info", "Lancement de {batch} par {by}, au {as_of}", "Batch {batch} launched by {by}, as of {as_of}"),
    "made_up": ("warning", "Prévu le {moment}, rattrapé maintenant", "Due on {moment}, made up now"),
    "resumed": (
        "warning",
        "Repris : le programme qui l'exécutait s'est arrêté",
        "Taken up again: the program that was running it has stopped",
    ),
    "simulated": ("info", "{company} : simulation, rien n'est enregistré ni envoyé", "{company}: simulation, nothing is stored or sent"),
    "decided": (
        "info",
        "{company} : relances {notices}, dont courriers à imprimer {letters} ; échéances laissées de côté {left_out}",
        "{company}: notices {notices}, of which letters to be printed {letters}; due items left out {left_out}",
    ),
    "left_out": ("debug", "{company} : {number} × {reason}", "{company}: {number} × {reason}"),
    "refused": ("error", "{company} : refusé. {problem}", "{company}: refused. {problem}"),
    "failed": ("error", "{company} : erreur interne. {problem}", "{company}: internal error. {problem}"),
    "unknown": ("error", "Il n'y a pas de société {company}", "There is no company {company}"),
    "broken_off": ("error", "{company} : envoi interrompu. {problem}", "{company}: sending broke off. {problem}"),
    "sent": ("info", "{company} : envoyées {sent}, retirées {withdrawn}", "{company}: sent {sent}, withdrawn {withdrawn}"),
    "bad_ends": (
        "error",
        "{company} : en échec {failed}, incertaines {unsure} ; à vérifier",
        "{company}: failed {failed}, unsure {unsure}; to be looked at",
    ),
    "unreported": (
        "warning",
        "Le journal n'a pas pu être envoyé à {address} : {problem}",
        "The log could not be sent to {address}: {problem}",
    ),
}
_SUBJECTS = {
    "log": ("Relances automatiques {batch} : à vérifier", "Automatic dunning {batch}: to be looked at"),
    "late": ("Relances automatiques {batch} : non lancées", "Automatic dunning {batch}: not launched"),
}
_LATE = {
    "fr": "Le batch {batch} devait être lancé le {moment}. À {now}, il ne l'était pas : le programme était arrêté, ou le lancement "
    "précédent n'est pas terminé. Il sera rattrapé une fois.\n",
    "en": "Batch {batch} was due on {moment}. At {now} it had not been launched: the program was stopped, or the launch before it has "
    "not ended. It will be made up once.\n",
}
_LEVELS = ("error", "warning", "info", "debug")
_NAMES = {
    "error": ("ERREUR", "ERROR"),
    "warning": ("ATTENTION", "WARNING"),
    "info": ("INFO", "INFO"),
    "debug": ("DÉTAIL", "DEBUG"),
}


def log_line(what: str, language: str, at: datetime, least: str, **filled: Any) -> str:
    """One line of the log with its time and level; empty where the batch keeps no lines of this level."""
    level, *said = _SAID[what]
    if _LEVELS.index(level) > _LEVELS.index(least):
        return ""
    place = _place(language)
    return f"{at:%H:%M:%S} {_NAMES[level][place]} {said[place].format(**filled)}\n"


def subject(what: str, language: str, batch: str) -> str:
    """The subject of a mail to the batch's error address."""
    return _SUBJECTS[what][_place(language)].format(batch=batch)


def late_text(language: str, batch: str, due_at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """What the alarm says of a batch that has not run when it should."""
    return _LATE["fr" if language == "fr" else "en"].format(
        batch=batch, moment=moment(due_at, language, zone), now=moment(now, language, zone)
    )


def moment(at: datetime, language: str, zone: ZoneInfo) -> str:
    """A day and time by the clock on the wall."""
    there = at.astimezone(zone)
    return f"{there:%d/%m/%Y à %H:%M}" if language == "fr" else f"{there:%d/%m/%Y at %H:%M}"


def _place(language: str) -> int:
    return 0 if language == "fr" else 1
