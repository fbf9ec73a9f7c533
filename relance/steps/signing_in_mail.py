"""A company's mail account -> tokens for it: a person confirms a code in the browser, and is asked no more."""

import json
import time

from relance.channels import Unreachable
from relance.channels.oauth import DeviceCode, begin_device, finish_device
from relance.models.company import Company
from relance.models.events import Fact, record
from relance.models.messaging import grant_for, keep_tokens
from relance.models.sealed import keep_secret, read_secrets
from relance.steps import Refused


def begin(company: Company) -> DeviceCode:
    """Ask the provider for a code to confirm; it is kept until it is, or has run out. Raises Refused."""
    try:
        asked = begin_device(grant_for(company))
    except (Unreachable, ValueError) as why:
        raise Refused(str(why)) from None
    keep_secret(company, "device_code", json.dumps(asked._asdict()))
    return asked


def waiting(company: Company) -> DeviceCode | None:
    """The code that waits to be confirmed."""
    try:
        kept = read_secrets(company).get("device_code")
    except ValueError:
        return None
    asked = DeviceCode(**json.loads(kept)) if kept else None
    return asked if asked and asked.expires_at > time.time() else None


def finish(company: Company, by: str) -> bool:
    """Whether the code has been confirmed: the tokens are kept then. Raises Refused where it never will be."""
    asked = waiting(company)
    if asked is None:
        raise Refused("there is no code to confirm: ask for one")
    try:
        tokens = finish_device(grant_for(company), asked.code)
    except (Unreachable, ValueError) as why:
        keep_secret(company, "device_code", "")
        raise Refused(str(why)) from None
    if tokens is None:
        return False
    keep_tokens(company, tokens)
    keep_secret(company, "device_code", "")
    record(company.pk, by, [Fact("mail_signed_in", facts={})])
    return True
