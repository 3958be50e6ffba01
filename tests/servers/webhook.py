"""A private webhook on a free loopback port, which keeps what it is sent and can be told to refuse it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class WebhookServer:
    """A running server.

    Attributes:
        url: to post to; its path is the secret.
        received: texts it has taken.
        status: with which it answers.
    """

    url: str
    received: list[str] = field(default_factory=list)
    status: int = 200


@contextmanager
def running_webhook() -> Iterator[WebhookServer]:
    """Answers POSTs until the block ends."""
    found = WebhookServer("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if found.status == 200 and self.path == "/services/secret":
                found.received.append(body["text"])
            self.send_response(found.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}/services/secret"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
