"""Who may act, as files: the columns of the lists of users and of tokens under their heads."""

from django.utils.translation import gettext_lazy as _

from relance.telling.list_file import Column
from relance.telling.words import SCOPES, USER_ROLES

USERS: list[Column] = [
    (_("E-mail address"), lambda member: member.user.email),
    (_("Name"), lambda member: member.user.name),
    (_("Role"), lambda member: str(USER_ROLES[member.role])),
    (_("Last signed in"), lambda member: member.user.last_login),
]
TOKENS: list[Column] = [
    (_("Name"), lambda token: token.name),
    (_("Ends with"), lambda token: token.hint),
    (_("Role"), lambda token: str(USER_ROLES[token.role])),
    (_("For"), lambda token: ", ".join(str(SCOPES[code]) for code in token.scopes.split("\n"))),
    (_("Until"), lambda token: token.expires_at),
    (_("Last used"), lambda token: token.used_at),
]
