"""The unit of landing: what every source hands over and the ledger accounts for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of a source, landed whole or not at all.

    Attributes:
        batch_id: identity derived from the source alone (content hash, topic and offsets), so that
            the same piece delivered again has the same id.
        source: name of the connector; fills the event's `source` where the producer left it out.
        origin: where the piece came from, for people: a path, a topic, a queue.
        lines: NDJSON bytes, one event a line, blank lines ignored.
    """

    batch_id: str
    source: str
    origin: str
    lines: bytes
