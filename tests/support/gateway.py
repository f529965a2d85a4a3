"""A real HTTP server on loopback that takes SMS, and answers as it is told to."""

import json
import ssl
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import cast, final
from urllib.parse import parse_qsl

from attrs import Factory, define, frozen

__all__ = ["Answer", "Asked", "Gateway", "gateway_opened"]


@final
@frozen
class Asked:
    """One request.

    Attributes:
        method: of HTTP.
        path: with its query.
        headers: as they came.
        body: as it came.
    """

    method: str
    path: str
    headers: Message
    body: bytes

    def json(self) -> dict[str, object]:
        """The body of a request in JSON."""
        return cast("dict[str, object]", json.loads(self.body))

    def form(self) -> dict[str, str]:
        """The body of a request as a form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))


@final
@frozen
class Answer:
    """What to answer.

    Attributes:
        status: of HTTP.
        body: as it goes.
        headers: beside those that every answer has.
    """

    status: int = 202
    body: bytes = b'{"messages": [{"id": "provider-1", "status": 0}]}'
    headers: Mapping[str, str] = Factory(dict[str, str])


@final
@define
class Gateway:
    """What was asked, and what to answer.

    Attributes:
        asked: every request, oldest first.
        sent: the SMS that were taken, by the key with which they came: each leaves once.
        answer: to all from now on.
        port: where it listens.
    """

    asked: list[Asked] = Factory(list)
    sent: dict[str, Asked] = Factory(dict)
    answer: Answer = Answer()
    port: int = 0

    def take(self, asked: Asked) -> Answer:
        """Take a request."""
        self.asked.append(asked)
        if 200 <= self.answer.status < 300:
            self.sent.setdefault(str(asked.headers["Idempotency-Key"]), asked)
        return self.answer


def _handler(take: Callable[[Asked], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._answered(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            self._answered(b"")

        def _answered(self, body: bytes) -> None:
            answer = take(Asked(self.command, self.path, self.headers, body))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


@contextmanager
def gateway_opened(tls: ssl.SSLContext | None = None) -> Generator[Gateway]:
    """A gateway that is there for as long as the block runs."""
    gateway = Gateway()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(gateway.take)) as server:
        # A client that hangs up in the middle of a handshake is what some tests are about.
        server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        gateway.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield gateway
        finally:
            server.shutdown()
            thread.join()
