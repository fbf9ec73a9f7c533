"""How is the web application started on one machine? One process: the pages, and the work that nobody waits for."""

import socket
from typing import Annotated

import typer

from relance.cli.verb import say

Host = Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; only this machine unless said.")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, metavar="N", help="The port to listen at.")]
_THREADS = 8
_ALSO_HERE = ("127.0.0.1", "0.0.0.0", "::")  # noqa: S104 - what people type to be reached from other machines


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the web application, and do the work of a worker, until it is interrupted."""
    listen(host, port)


def listen(host: str, port: int, path: str = "/") -> None:
    """Serve until interrupted; tell first at which address to look."""
    from django.conf import settings
    from waitress.server import create_server

    from relance.work import start_in_background
    from relance.wsgi import application

    settings.ALLOWED_HOSTS.append(host)
    behind_proxy = {"trusted_proxy": "*", "trusted_proxy_headers": {"x-forwarded-proto", "x-forwarded-for"}}
    proxy = behind_proxy if settings.PUBLIC.scheme == "https" else {}
    server = create_server(application, host=host, port=port, threads=_THREADS, ident=None, **proxy)
    worker = start_in_background()
    say(f"Relance is served at {address(host, port)}{path} (Ctrl-C ends it)")
    try:
        server.run()
    finally:
        worker.stop()


def address(host: str, port: int) -> str:
    """Where a browser finds what listens there."""
    from django.conf import settings

    return settings.PUBLIC.geturl().rstrip("/") or f"http://{'localhost' if host in _ALSO_HERE else host}:{port}"


def free_port(port: int) -> int:
    """The port, or the next one on which nothing listens."""
    while True:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)):
                return port
        port += 1
