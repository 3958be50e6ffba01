"""A real HTTP server in the collector's place, that records what it acknowledged and can be told to misbehave."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ingestion.client import Options

JSON = {"Content-Type": "application/json"}


@dataclass(slots=True)
class Reply:
    """One misbehaviour; `cut` closes the connection with a reset, `hang` waits until the test ends."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut: bool = False
    hang: bool = False
    #: Take the events, then behave badly: the client cannot know.
    after_taking: bool = False


@dataclass(slots=True)
class Request:
    """What came in."""

    headers: dict[str, str]
    events: list[dict[str, Any]]
    body_size: int


class Endpoint:
    """Runs in a thread of the test.

    Attributes:
        requests: all that came in, in order.
        taken: events acknowledged or at least kept, in order, resends included.
        behave: called with each request; a Reply to give in place of the acknowledgement.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.taken: list[dict[str, Any]] = []
        self.behave: Callable[[Request], Reply | None] = lambda request: None
        self.released = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                endpoint._answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def ids(self) -> list[str]:
        return [event["event_id"] for event in self.taken]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        size = len(body)
        assert handler.path == "/api/analytics/events"
        if handler.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        request = Request(dict(handler.headers), [json.loads(line) for line in body.splitlines()], size)
        self.requests.append(request)
        reply = self.behave(request)
        if reply is None or reply.after_taking:
            self.taken += request.events
        if reply is None:
            reply = Reply(headers=JSON, body=json.dumps({"received": len(request.events), "invalid": []}).encode())
        if reply.hang:
            self.released.wait()
        if reply.cut or reply.hang:
            # A reset, not an orderly end.
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
            return
        content = reply.body if reply.body is not None else b"{}"
        handler.send_response(reply.status)
        for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that serves until the block ends."""
    serving = Endpoint()
    thread = threading.Thread(target=serving.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield serving
    finally:
        serving.released.set()
        serving.server.shutdown()
        serving.server.server_close()


def refusing(status: int, **body: Any) -> Reply:
    """An answer that is no yes."""
    return Reply(status, headers=JSON, body=json.dumps(body or {"detail": "no"}).encode())


def quick(**more: Any) -> Options:
    """Options of a client that has no time."""
    given: dict[str, Any] = {
        "linger_seconds": 0.02,
        "min_backoff_seconds": 0.01,
        "max_backoff_seconds": 0.05,
        "close_seconds": 10.0,
    }
    return Options(**{**given, **more})
