"""What can go wrong on the caller's side; raised to the caller only when it asked for it (`strict`)."""

from __future__ import annotations


class ClientError(Exception):
    """An event was not accepted."""


class InvalidEvent(ClientError):
    """It can never be an event: no type, an instant without an offset, no JSON, larger than 1 MiB."""


class BufferFull(ClientError):
    """The buffer holds as much as it may; the collector or broker has been out of reach for long."""


class Closed(ClientError):
    """The client was closed before."""
