"""What the outbox asks of a way out: deliver these lines, or say why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Undelivered(Exception):
    """Nothing may be forgotten; the same lines are to be sent again later.

    Args:
        reason: for people.
        retry_after: seconds the other side asked to wait.
        misconfigured: it will not get better by itself: somebody has to correct an address or a key.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None, misconfigured: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.misconfigured = misconfigured


@dataclass(slots=True)
class Receipt:
    """What the other side said of lines it has dealt with.

    Attributes:
        invalid: (line, reason) of events it keeps in quarantine.
        rejected: (line, reason) of events it refused.
    """

    invalid: list[tuple[bytes, str]] = field(default_factory=list)
    rejected: list[tuple[bytes, str]] = field(default_factory=list)


class Transport(Protocol):
    """A way out; used by one thread only."""

    def send(self, lines: Sequence[bytes]) -> Receipt:
        """Deliver lines; returns when all are durable on the other side or refused for good.

        Raises:
            Undelivered: try all of them again.
        """

    def close(self) -> None:
        """Close connections."""
