"""Serves the demonstration on this machine, and shows it in the person's own browser."""

import socket
import sys
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["serve"]

_HERE: Final = "127.0.0.1"


def serve(app: "Starlette", port: int, say: Callable[[str], None]) -> None:
    """Serve it until Ctrl-C.

    Args:
        app: the demonstration.
        port: where, on this machine alone; 0 for any that is free.
        say: is told the address once it can be visited.

    Raises:
        OSError: the port is taken.
    """
    import uvicorn

    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((_HERE, port))
        listening.listen()
        address = f"http://{_HERE}:{listening.getsockname()[1]}/"
        say(address)
        if sys.stdout.isatty():
            webbrowser.open(address)
        config = uvicorn.Config(app, log_level="warning", proxy_headers=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
