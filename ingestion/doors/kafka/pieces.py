"""Pieces of partitions on their way to the ledger.

A piece is a run of messages of one partition; a batch is what was gathered of many partitions together, because a
batch has a price of its own, however small. Its origin names the runs in it: topic, partition, first and last
offset, and a digest of the lines; its id is made of these. So a run that had landed is known when it is delivered
again, to this member of the group or to another, and a topic that was deleted and made anew, whose offsets begin
again, is not mistaken for the old one.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

import orjson

from ingestion.batch import Batch
from ingestion.doors.bodies import NotAMessage, lines_of, unpacked
from ingestion.doors.kafka.broker import Partition
from ingestion.doors.tally import Tally

SOURCE = "kafka"

#: How long a piece waits for the rest of a run that had landed before; the rest may have been deleted since.
_RUN_SECONDS = 5.0
_DIGEST = 16


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
    """A run of messages of a partition.

    Attributes:
        partition: whose.
        first: offset of its first message.
        last: offset of its last message.
        since: when it was begun, by the monotonic clock.
        messages: how many it has.
        bodies: their events.
        has_landed: the ledger has it already: it only has to be committed.
    """

    partition: Partition
    first: int
    last: int
    since: float
    messages: int = 0
    bodies: list[bytes] = field(default_factory=list)
    has_landed: bool = False

    @property
    def lines(self) -> bytes:
        """Its events; empty where no message holds one."""
        return b"\n".join(self.bodies) + b"\n" if self.bodies else b""

    def run(self, lines: bytes) -> str:
        """What the ledger knows it by, given its lines."""
        digest = hashlib.sha256(lines).hexdigest()[:_DIGEST]
        return f"{name_of(self.partition)}:{self.first}-{self.last}:{digest}"


@dataclass(frozen=True, slots=True)
class Run:
    """A run that the ledger has."""

    first: int
    last: int
    digest: str


def shares(pieces: Iterable[Piece], size: int) -> list[list[Piece]]:
    """The pieces in shares of at least `size` bytes, but for the last: all of a partition in one, in their order."""
    found: list[list[Piece]] = []
    filled = size
    for _, ours in groupby(
        sorted(pieces, key=lambda piece: (piece.partition, piece.first)), lambda piece: piece.partition
    ):
        if filled >= size:
            found.append([])
            filled = 0
        for piece in ours:
            found[-1].append(piece)
            filled += sum(map(len, piece.bodies))
    return found


def batch(cluster: str, pieces: Iterable[Piece]) -> Batch | None:
    """The batch of what has not landed of these pieces, in their order; None where that holds no event."""
    texts: list[bytes] = []
    runs: list[str] = []
    for piece in pieces:
        if piece.bodies and not piece.has_landed:
            texts.append(piece.lines)
            runs.append(piece.run(texts[-1]))
    if not runs:
        return None
    digest = hashlib.sha256("\n".join(runs).encode()).hexdigest()[:32]
    return Batch(f"{prefix(cluster)}{digest}", SOURCE, " ".join(runs), b"".join(texts))


def prefix(cluster: str) -> str:
    """What all batch ids of a cluster begin with."""
    return f"{SOURCE}:{cluster}:"


def name_of(partition: Partition) -> str:
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
        self._runs: dict[Partition, deque[Run]] = {}
        self.messages = 0
        self.size = 0
        self.since = 0.0

    def expect(self, partition: Partition, runs: Iterable[Run]) -> None:
        """Gather these runs of a partition as the pieces as which they had landed."""
        self._runs[partition] = deque(runs)

    def add(self, messages: Sequence[Received]) -> None:
        """Gather messages."""
        now = time.monotonic()
        if not self.messages:
            self.since = now
        self.messages += len(messages)
        for message in messages:
            topic = message.topic()
            offset = message.offset()
            partition = (topic, message.partition())
            piece = self._open.get(partition)
            if self._runs and piece is not None and self._run_ends(piece, offset):
                self._close(self._open.pop(partition))
                piece = None
            if piece is None:
                piece = self._open[partition] = Piece(partition, offset, offset, now)
            piece.last = offset
            piece.messages += 1
            try:
                body = _events(message.value(), topic)
            except NotAMessage as refusal:
                self._tally.refuse(f"the message at {offset} of {name_of(partition)}", str(refusal))
                continue
            piece.bodies.append(body)
            self.size += len(body)

    def take(self) -> list[Piece]:
        """What is gathered; pieces of a partition in their order.

        A piece that is the beginning of a run which had landed before stays, for a while, until it is that run.
        """
        now = time.monotonic()
        kept = {}
        for partition, piece in self._open.items():
            if self._runs and self._is_part_of_run(piece) and now - piece.since < _RUN_SECONDS:
                kept[partition] = piece
            else:
                self._close(piece)
        taken, self._closed, self._open = self._closed, [], kept
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

    def _close(self, piece: Piece) -> None:
        run = self._run(piece) if self._runs else None
        piece.has_landed = (
            run is not None
            and piece.run(piece.lines) == f"{name_of(piece.partition)}:{run.first}-{run.last}:{run.digest}"
        )
        self._closed.append(piece)

    def _count(self) -> None:
        kept = [*self._closed, *self._open.values()]
        self.messages = sum(piece.messages for piece in kept)
        self.size = sum(len(body) for piece in kept for body in piece.bodies)
        self.since = time.monotonic()

    def _run(self, piece: Piece) -> Run | None:
        """The first run that had landed and is not wholly before the piece."""
        runs = self._runs.get(piece.partition)
        while runs and runs[0].last < piece.first:
            runs.popleft()
        if not runs:
            self._runs.pop(piece.partition, None)
            return None
        return runs[0]

    def _run_ends(self, piece: Piece, offset: int) -> bool:
        """Whether a run ends before the message at `offset`, or one begins with it."""
        run = self._run(piece)
        return run is not None and (piece.last <= run.last < offset or piece.last < run.first <= offset)

    def _is_part_of_run(self, piece: Piece) -> bool:
        run = self._run(piece)
        return run is not None and run.first <= piece.first and piece.last < run.last


def _events(value: bytes | None, topic: str) -> bytes:
    if value is None:
        raise NotAMessage("it has no value: a tombstone")
    lines = lines_of(unpacked(value))
    if b"\n" not in lines:
        return _typed(lines, topic)
    return b"\n".join(_typed(line, topic) for line in lines.split(b"\n"))


def _typed(line: bytes, topic: str) -> bytes:
    """The event with the topic's name as its type, where it has none; nothing else of it changes."""
    # With no object begun before it, it is a key of the event: a quote within a text has a backslash before it.
    # Only otherwise does the whole event have to be read.
    at = line.find(b'"event_type":')
    if at > 0 and line.find(b"{", 1, at) < 0 and line.startswith(b"{"):
        return line
    try:
        event = orjson.loads(line)
    except ValueError:
        return line
    if not isinstance(event, dict) or "event_type" in event or "type" in event:
        return line
    start = line.index(b"{") + 1
    return b'%b"event_type":"%b"%b%b' % (line[:start], topic.encode(), b"," if event else b"", line[start:])
