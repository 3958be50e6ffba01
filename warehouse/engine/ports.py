"""Loopback ports: which are free, which to take."""

from __future__ import annotations

import socket

from warehouse.engine.config import HOST
from warehouse.errors import EngineError

_PORTS_SEARCHED = 1000


def choose_port(explicit: int | None, first: int, variable: str, *, besides: int | None = None) -> int:
    """The port set in `variable` if any, else the first free one from `first` on.

    Raises:
        EngineError: the port that was set is taken, or none is free.
    """
    if explicit is not None:
        if not port_is_free(explicit):
            raise EngineError(
                f"port {explicit} ({variable}) is taken by another process",
                f"stop that process, set {variable} to a free port, or unset it to use the next free one",
            )
        return explicit
    for port in range(first, min(first + _PORTS_SEARCHED, 65536)):
        if port != besides and port_is_free(port):
            return port
    raise EngineError(f"no free port from {first} on", f"set {variable} to a free port")


def port_is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the engine does, or connections in TIME_WAIT would make the port look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
