"""What does an operation ask of who calls it? A token, a role and a scope; who may what is decided in ``relance/models/wall.py``.

An operation that is about no company asks what the token itself is; some ask for a person's, or for one that may found companies.

The company stands first in an address. For a token of another company it is as if it were not there (404); what the role or the scopes
of the token do not allow is forbidden (403). Nothing of the body is read before that.
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from relance.api.problems import Forbidden, TooMany
from relance.dossier import Fault, Faults
from relance.models.access import ROLES
from relance.models.company import Company
from relance.models.tokens import SCOPES, Left, Token, count_call, find_token
from relance.models.wall import may, may_found, part_of

_MEGABYTE = 1_000_000
ANY, PERSON, FOUNDER = "anybody", "person", "founder"  # whose token an operation asks for
LARGEST = 100 * _MEGABYTE  # what one call may send, where it sends a file or a list


class Called(HttpRequest):
    """A call that has passed: the company it is about, and who acts."""

    auth: Token
    company: Company  # where no company is in the address, that of the token; none where it is a person's
    role: str
    by: str  # who acts, as the history writes it
    left: Left


class Bearer(HttpBearer):
    """Lets a token pass that has the role and the scope, and that is whose it is to be.

    ``large`` operations take more than a form would hold.
    """

    def __init__(self, role: str, scope: str, whose: str = ANY, *, large: bool = False) -> None:
        assert role in ROLES
        assert scope in SCOPES
        super().__init__()
        self.role, self.scope, self.whose, self.large = role, scope, whose, large
        self.known: frozenset[str] = frozenset()  # parameters of the address

    def authenticate(self, request: Any, token: str) -> Token | None:
        """The token, provided that it is good, has calls left, and may do this here."""
        now = timezone.now()
        found = find_token(token, now)
        if found is None:
            return None
        request.left = count_call(found, now)
        if request.left.exceeded:
            raise TooMany(request.left.seconds)
        self._admit(request, found)
        if unknown := sorted(set(request.GET) - self.known):
            raise Faults([Fault(name, "there is no such parameter") for name in unknown])
        if self.large:
            request._body = _read(request)  # kept where the request itself keeps what it has read: forms have a lower limit
        return found

    def _admit(self, request: Any, token: Token) -> None:
        code = request.resolver_match.kwargs.get("company")
        part = (token.company, token.role) if code is None else part_of(token, code)
        if part is None:
            raise Http404
        request.company, request.role = part
        request.by = str(token)[:150]
        if not may(request.role, self.role):
            raise Forbidden(f"this needs the role {self.role}; the token has {request.role}")
        if not token.allows(self.scope):
            raise Forbidden(f"this needs the scope {self.scope}; the token has {', '.join(token.scopes.split())}")
        if self.whose == PERSON and token.user is None:
            raise Forbidden("this needs a token of a person; this one is of a company")
        if self.whose == FOUNDER and not may_found(token):
            raise Forbidden("this needs a token of a person who administers the installation")


def needs(role: str, scope: str, *, large: bool = False) -> Bearer:
    """Let nobody in whose token has less than this role in the company of the address, or is not for this."""
    return Bearer(role, scope, large=large)


def needs_person(scope: str) -> Bearer:
    """Let in the tokens of persons alone, in whatever role: what is had is the person's own."""
    return Bearer(ROLES[0], scope, PERSON)


def needs_founder(scope: str) -> Bearer:
    """Let in whose token may found companies."""
    return Bearer(ROLES[-1], scope, FOUNDER)


def _read(request: HttpRequest) -> bytes:
    content = request.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RequestDataTooBig
    return content
