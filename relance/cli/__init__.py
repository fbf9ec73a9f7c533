"""How does a terminal start Relance?"""

import gc
import os
import sys


def main() -> None:
    """Run the command line: the console script."""
    gc.disable()  # while the program is loaded: what is loaded stays, and to look for what may go takes a tenth of the start
    _open_what_was_closed()
    for stream in (sys.stdout, sys.stderr):  # a terminal of another alphabet gets what it can write
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        from relance.cli.app import app

        app(prog_name="relance")
    except KeyboardInterrupt:  # while the program was still being loaded
        sys.exit(130)


def _open_what_was_closed() -> None:
    """Let a stream that the caller has closed lead nowhere: else the next file opened, a database it may be, gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open as long as the program runs
