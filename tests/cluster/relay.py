"""What a Keeper does for a cluster, for two embedded servers that have none: changes of tables on both nodes.

Statements go to the first node as they come. One with ON CLUSTER is run on every node without it, its Replicated
engines as the plain ones: a table that should be whole on every node then has rows on the first only, so whatever a
shard would read of it by itself is missing, and shows in the results.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit

from urllib3 import PoolManager

from tests.cluster.replication import Replication

_ON_CLUSTER = re.compile(r"""\s+ON CLUSTER\s+(`[^`]+`|"[^"]+"|\w+)""", re.IGNORECASE)
_REPLICATED = re.compile(r"Replicated(\w*MergeTree)\([^)]*\)")
# A replicated table's own log carries these to its copies.
_COLUMNS = re.compile(r"\s*ALTER TABLE \S+\s+(ADD|DROP|MODIFY) COLUMN", re.IGNORECASE)
# What one waits for here: the rows, which replication would have brought.
_COPIES = re.compile(r"\s*SYSTEM SYNC REPLICA\s+ON CLUSTER\s+\S+\s+(?P<table>\S+)", re.IGNORECASE)
# Users are in files of the embedded engine.
_USERS = re.compile(r"\s*(CREATE|ALTER) (SETTINGS PROFILE|USER)|\s*GRANT", re.IGNORECASE)
_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive", "host", "date", "server"})


@dataclass(frozen=True, slots=True)
class Relay:
    """An address that stands for the nodes, what was said ON CLUSTER there, as it was said, and what replicates."""

    url: str
    replication: Replication
    on_cluster: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    data: bytes


@contextmanager
def running_relay(nodes: Sequence[str], admin: Mapping[str, str]) -> Iterator[Relay]:
    """A relay to the nodes at these addresses; `admin` has the headers by which it logs in for itself."""
    pool = PoolManager(maxsize=64, retries=False)
    said: list[str] = []

    def run(node: str, statement: str) -> str:
        given = pool.request("POST", node, body=statement.encode(), headers=dict(admin))
        if given.status != 200:
            raise RuntimeError(given.data.decode())
        return given.data.decode()

    replication = Replication(nodes, run)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(b"".join(self._chunks()))

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

        def _chunks(self) -> Iterator[bytes]:
            if self.headers.get("Transfer-Encoding") != "chunked":
                yield self.rfile.read(int(self.headers.get("Content-Length", 0)))
                return
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()

        def _answer(self, body: bytes) -> None:
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            statement = query["query"] if "query" in query else body.decode(errors="replace")
            on_cluster = _ON_CLUSTER.search(statement)
            if on_cluster:
                said.append(statement)
            copies = _COPIES.match(_REMARK.sub("", statement))
            if copies:
                replication.wait_for(copies["table"])
            if copies or (on_cluster and _USERS.match(statement)):
                answer = _Answer(200, [], b"")
            elif on_cluster or _COLUMNS.match(statement):
                plain = _REPLICATED.sub(r"\1", _ON_CLUSTER.sub("", statement))
                if "query" in query:
                    query["query"] = plain
                else:
                    body = plain.encode()
                answers = [self._asked(node, query, body) for node in nodes]
                answer = next((one for one in answers if one.status != 200), answers[0])
            else:
                answer = self._asked(nodes[0], query, body)
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.data)))
            self.end_headers()
            self.wfile.write(answer.data)

        def _asked(self, node: str, query: dict[str, str], body: bytes) -> _Answer:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
            address = f"{node}{urlsplit(self.path).path}?{urlencode(query)}"
            given = pool.request(self.command, address, body=body, headers=headers, decode_content=False)
            kept = [(name, value) for name, value in given.headers.items() if name.lower() not in _HOP_BY_HOP]
            return _Answer(given.status, kept, given.data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Relay(f"http://127.0.0.1:{server.server_port}", replication, said)
    finally:
        server.shutdown()
        server.server_close()
        pool.clear()
