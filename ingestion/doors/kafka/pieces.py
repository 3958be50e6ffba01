"""Pieces of partitions on their way to the ledger.

A batch is a run of messages of one partition. Its id is cluster, topic, partition, first and last offset, and a
digest of its lines, so that the same run delivered again is the same batch, and a topic that was deleted and
made anew, whose offsets begin again, is not mistaken for the old one.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import orjson

from ingestion.batch import Batch
from ingestion.doors.bodies import NotAMessage, lines_of, unpacked
from ingestion.doors.kafka.broker import Partition
from ingestion.doors.tally import Tally

SOURCE = "kafka"

#: How long a piece waits for the rest of a run that had landed before; the rest may have been deleted since.
_RUN_SECONDS = 5.0


class Received(Protocol):
    """A message that is no error: what the library's type leaves open is there."""

    def topic(self) -> str:
        """Name of the topic."""

    def partition(self) -> int:
        """Number of the partition."""

    def offset(self) -> int:
        """Place in the partition."""

    def value(self) -> bytes | None:
        """The body; None is a tombstone."""


@dataclass(slots=True)
class Piece:
    """A run of messages of a partition; `first` and `last` are offsets, both inside."""

    partition: Partition
    first: int
    last: int
    since: float
    messages: int = 0
    bodies: list[bytes] = field(default_factory=list)

    def batch(self, cluster: str) -> Batch | None:
        """The batch to land; None where no message holds an event."""
        if not self.bodies:
            return None
        lines = b"\n".join(self.bodies) + b"\n"
        topic, number = self.partition
        digest = hashlib.sha256(lines).hexdigest()[:32]
        return Batch(
            f"{prefix(cluster)}{topic}:{number}:{self.first}-{self.last}:{digest}",
            SOURCE,
            origin(self.partition),
            lines,
        )


def prefix(cluster: str) -> str:
    """What all batch ids of a cluster begin with."""
    return f"{SOURCE}:{cluster}:"


def origin(partition: Partition) -> str:
    """A partition, for people."""
    return f"{partition[0]}[{partition[1]}]"


class Pieces:
    """Gathers messages by partition, in their order.

    Args:
        tally: counts messages without events.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._open: dict[Partition, Piece] = {}
        self._closed: list[Piece] = []
        self._runs: dict[Partition, deque[tuple[int, int]]] = {}
        self.messages = 0
        self.size = 0
        self.since = 0.0

    def expect(self, partition: Partition, runs: Iterable[tuple[int, int]]) -> None:
        """Gather these runs (first and last offset) of a partition as the pieces as which they had landed."""
        self._runs[partition] = deque(runs)

    def add(self, messages: Iterable[Received]) -> None:
        """Gather messages."""
        now = time.monotonic()
        if not self.messages:
            self.since = now
        for message in messages:
            topic = message.topic()
            offset = message.offset()
            partition = (topic, message.partition())
            piece = self._open.get(partition)
            if self._runs and piece is not None and self._run_ends(piece, offset):
                self._closed.append(self._open.pop(partition))
                piece = None
            if piece is None:
                piece = self._open[partition] = Piece(partition, offset, offset, now)
            piece.last = offset
            piece.messages += 1
            self.messages += 1
            try:
                body = _events(message.value(), topic)
            except NotAMessage as refusal:
                self._tally.refuse(f"the message at {offset} of {origin(partition)}", str(refusal))
                continue
            piece.bodies.append(body)
            self.size += len(body)

    def take(self) -> list[Piece]:
        """What is gathered; pieces of a partition in their order.

        A piece that is the beginning of a run which had landed before stays, for a while, until it is that run.
        """
        now = time.monotonic()
        taken = self._closed
        kept = {}
        for partition, piece in self._open.items():
            if self._runs and self._is_part_of_run(piece) and now - piece.since < _RUN_SECONDS:
                kept[partition] = piece
            else:
                taken.append(piece)
        self._closed, self._open = [], kept
        self._count()
        return taken

    def drop(self, partitions: Iterable[Partition]) -> None:
        """Forget what was gathered of these partitions: they will be delivered again."""
        gone = set(partitions)
        self._closed = [piece for piece in self._closed if piece.partition not in gone]
        self._open = {partition: piece for partition, piece in self._open.items() if partition not in gone}
        for partition in gone:
            self._runs.pop(partition, None)
        self._count()

    def _count(self) -> None:
        kept = [*self._closed, *self._open.values()]
        self.messages = sum(piece.messages for piece in kept)
        self.size = sum(len(body) for piece in kept for body in piece.bodies)
        self.since = time.monotonic()

    def _run(self, piece: Piece) -> tuple[int, int] | None:
        """The first run that had landed and is not wholly before the piece."""
        runs = self._runs.get(piece.partition)
        while runs and runs[0][1] < piece.first:
            runs.popleft()
        if not runs:
            self._runs.pop(piece.partition, None)
            return None
        return runs[0]

    def _run_ends(self, piece: Piece, offset: int) -> bool:
        """Whether a run ends before the message at `offset`, or one begins with it."""
        run = self._run(piece)
        return run is not None and (piece.last <= run[1] < offset or piece.last < run[0] <= offset)

    def _is_part_of_run(self, piece: Piece) -> bool:
        run = self._run(piece)
        return run is not None and run[0] <= piece.first and piece.last < run[1]


def _events(value: bytes | None, topic: str) -> bytes:
    if value is None:
        raise NotAMessage("it has no value: a tombstone")
    lines = lines_of(unpacked(value, None))
    if b"\n" not in lines:
        return _typed(lines, topic)
    return b"\n".join(_typed(line, topic) for line in lines.split(b"\n"))


def _typed(line: bytes, topic: str) -> bytes:
    """The event with the topic's name as its type, where it has none; nothing else of it changes."""
    # The name may be that of a property: only then does the whole event have to be read.
    if line.startswith((b'{"event_type":', b'{"type":')):
        return line
    try:
        event = orjson.loads(line)
    except ValueError:
        return line
    if not isinstance(event, dict) or "event_type" in event or "type" in event:
        return line
    start = line.index(b"{") + 1
    return b'%b"event_type":"%b"%b%b' % (line[:start], topic.encode(), b"," if event else b"", line[start:])
