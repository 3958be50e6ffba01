"""Doors: the services that receive events one by one or in small pieces, all day.

A door keeps what it is given where it came from (a spool segment, a queue, a topic) until the ledger has
been read back, and acknowledges only then. Each is a package of its own; each can run as a service
(`warehouse collect`, `warehouse consume …`) or be drained from time to time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingestion.landing.ledger import Totals

__all__ = ["Drained"]


@dataclass(slots=True)
class Drained:
    """What one drain of a door did.

    Attributes:
        totals: the ledger's figures of what was landed.
        waiting: events (or messages, or rows) that still wait behind the door; None where it cannot tell.
        refused: messages that were set aside because they are no events, not even bad ones.
        notes: sentences for people, for example why nothing was taken.
    """

    totals: Totals = field(default_factory=Totals)
    waiting: int | None = None
    refused: int = 0
    notes: list[str] = field(default_factory=list)
