"""Queued e-mail -> handed over, once: taken up, checked against today, transmitted, recorded.

A machine never sends a dunning notice twice. The claim is a compare-and-set; the second mark is committed before the last byte of the
message leaves; what is not known after that mark is ``unsure``, for a person.

Several connections carry, one clerk keeps the book (``clerk``): the marks and answers that have come in meanwhile share a commit, and
each postman waits until the commit that holds his mark is done. The messages of a long queue are prepared (``parcels``) by a process of
its own (``scribe``).
"""

import os
from contextlib import ExitStack
from threading import Event

from django.conf import settings as configuration
from django.db.models import Q

from relance.channels import Unreachable, way_out
from relance.channels.postmen import Postmen
from relance.models.company import Company
from relance.models.messaging import mail_account
from relance.models.outgoing import claims
from relance.steps.delivering.clerk import AT_ONCE, IN_TURN, MACHINE, Clerk, Delivery, Patience, Progress, queued
from relance.steps.delivering.parcels import compose
from relance.steps.delivering.scribe import Scribe

__all__ = ["AT_ONCE", "IN_TURN", "MACHINE", "Delivery", "Patience", "compose", "deliver"]

PER_CONNECTION = 150  # waiting messages that are worth one more connection: a short queue leaves less in doubt when it is cut
WORTH_A_SCRIBE = 2_000  # waiting messages for which a process of its own is started, where there are two cores: that takes a second


def deliver(
    company: Company, by: str = "", progress: Progress | None = None, patience: Patience = AT_ONCE, stop: Event | None = None
) -> Delivery:
    """Send the e-mail that is queued for the company, whichever run it is of; ``by`` whoever issued the run, unless said.

    It ends when nothing is left, or nothing is to be done now (``patience``), when the server is out of reach, or on ``stop``.
    """
    delivery = Delivery()
    claims.recover(company.pk, by or MACHINE)
    total = queued(company).count()
    if not total:
        return delivery
    if patience.stays:  # whoever waits for the answer does not wait for hours
        queued(company).filter(Q(tries__gt=0) | Q(next_try_at__isnull=False), claimed_by="").update(tries=0, next_try_at=None)
    holder = claims.worker()
    try:
        with mail_account(company) as account, ExitStack() as stack:
            address = way_out(configuration.RELANCE_EMAIL_URL, account)
            postmen = stack.enter_context(Postmen(address, min(address.connections, 1 + total // PER_CONNECTION)))
            limits = {address.place: address.per_minute} if address.per_minute else {}
            clerk = Clerk(company, holder, by, delivery, patience, postmen, limits)
            if total >= WORTH_A_SCRIBE and _cores() > 1:
                clerk.scribe = stack.enter_context(Scribe(company.pk, postmen.tell))
            clerk.work(stop or Event(), (lambda: progress(min(delivery.decided, total), total)) if progress else None)
    except Unreachable as error:
        delivery.problem = str(error)
    finally:
        claims.release(holder)
    return delivery


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
