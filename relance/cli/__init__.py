"""How does a terminal start Relance?"""

import gc
import sys


def main() -> None:
    """Run the command line: the console script."""
    gc.disable()  # while the program is loaded: what is loaded stays, and to look for what may go takes a tenth of the start
    for stream in (sys.stdout, sys.stderr):  # a terminal of another alphabet gets what it can write
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        from relance.cli.app import app

        app(prog_name="relance")
    except KeyboardInterrupt:  # while the program was still being loaded
        sys.exit(130)
