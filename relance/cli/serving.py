"""How is the web application started on one machine? One process: pages, and the work that waits."""

from typing import Annotated

import typer

from relance.cli.verb import say

Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; only this machine unless said.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N", help="The port to listen at.")]


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the web application until it is interrupted."""
    listen(host, port)


def listen(host: str, port: int, path: str = "/") -> None:
    """Serve until interrupted; tell first at which address to look."""
    from django.conf import settings
    from waitress.server import create_server

    from relance.web.catalogs import compile_into
    from relance.wsgi import application

    compile_into(settings.RELANCE_HOME / "locale")
    server = create_server(application, host=host, port=port, threads=8, ident=None)
    say(f"Relance is served at http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}{path} (Ctrl-C ends it)")  # noqa: S104
    server.run()
