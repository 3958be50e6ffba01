"""A Redis of one's own: on a free loopback port, nothing on disk, stopped and started again at will."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.servers.certificates import Certificates
from tests.servers.ports import free_port

START_SECONDS = 30


class RedisServer:
    """One server; what it holds goes with it.

    Args:
        certificates: it listens for TLS as well, at `secure_url`.
    """

    def __init__(self, certificates: Certificates | None = None) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._tls: dict[str, str] = {}
        if certificates is not None:
            port = free_port()
            self.secure_url = f"rediss://127.0.0.1:{port}/0"
            self._tls = {
                "tls-port": str(port),
                "tls-cert-file": str(certificates.certificate),
                "tls-key-file": str(certificates.key),
                "tls-ca-cert-file": str(certificates.authority),
                "tls-auth-clients": "no",
            }
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: run `make services`"
        options = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "daemonize": "no"}
        options |= self._tls
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._server = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return
            time.sleep(0.05)
        raise AssertionError("redis-server does not answer")

    def stop(self) -> None:
        """Kill it."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None


@contextmanager
def running_redis(certificates: Certificates | None = None) -> Iterator[RedisServer]:
    """A running server, killed at the end."""
    server = RedisServer(certificates)
    server.start()
    try:
        yield server
    finally:
        server.stop()
