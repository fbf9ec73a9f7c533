"""When does a test know that a scribe works? One that has started before anything is asked of him."""

import time
from typing import Self

from relance.steps.delivering.scribe import Scribe


class Awaited(Scribe):
    """A scribe who is ready when the block begins; in a delivery he takes a second to come."""

    def __enter__(self) -> Self:
        super().__enter__()
        until = time.monotonic() + 90
        while not self.is_ready and time.monotonic() < until:
            time.sleep(0.01)
        return self
