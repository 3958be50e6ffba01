"""One connection's worth of consuming: gather, land, acknowledge."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.spec import Basic, BasicProperties

from ingestion.doors.bodies import NotAMessage, lines_of, unpacked
from ingestion.doors.errors import BrokerUnreachable
from ingestion.doors.rabbitmq.broker import EXCHANGE, declare
from ingestion.doors.rounds import Rounds
from ingestion.doors.tally import Tally
from ingestion.sources.chunks import content_batch
from warehouse.settings import Settings

SOURCE = "rabbitmq"
_BATCH_BYTES = 32 * 1024 * 1024
_PATIENCE_SECONDS = 0.25


@dataclass(slots=True)
class _Gathered:
    """Messages that wait for their landing; delivery tags grow, so the last one stands for all."""

    bodies: list[bytes] = field(default_factory=list)
    size: int = 0
    last_tag: int = 0
    since: float = field(default_factory=time.monotonic)


class Session:
    """Consumes the queue over one connection.

    Args:
        connection: open, and used by this thread alone.
        settings: queue, prefetch, size and time of batches.
        rounds: lands.
        tally: counts.
    """

    def __init__(self, connection: pika.BlockingConnection, settings: Settings, rounds: Rounds, tally: Tally) -> None:
        self._connection = connection
        self._settings = settings
        self._rounds = rounds
        self._tally = tally
        self._gathered = _Gathered()
        self._under_way = _Gathered()
        self.taken_at = time.monotonic()
        self.taken = 0
        self._channel: BlockingChannel = connection.channel()
        self._cancelled = False
        declare(self._channel, settings)
        self._channel.add_on_cancel_callback(self._cancel)
        self._channel.basic_qos(prefetch_count=settings.rabbitmq_prefetch)
        self._tag = self._channel.basic_consume(settings.rabbitmq_queue, self._take)

    @property
    def idle(self) -> bool:
        """Nothing is gathered or being landed."""
        return not self._gathered.bodies and not self._rounds.busy

    def turn(self) -> None:
        """Take what has come in, acknowledge what has landed, begin a round when it is time.

        Returns within a fraction of a second, so that the caller can decide to stop.

        Raises:
            BrokerUnreachable: the queue is gone.
            WarehouseError: the round failed, and its owner is not patient.
        """
        self._connection.process_data_events(time_limit=self._patience())
        if self._cancelled:
            raise BrokerUnreachable(f"the queue {self._settings.rabbitmq_queue} was deleted", "it is made anew")
        self.settle()
        if not self._rounds.busy and self._due():
            self._land()

    def settle(self, timeout: float = 0) -> None:
        """Acknowledge a round that is over, waiting for it up to `timeout` seconds.

        Raises:
            WarehouseError: it failed; it is not acknowledged.
        """
        entries = self._rounds.collect(timeout)
        if not entries:
            return
        round_, self._under_way = self._under_way, _Gathered()
        self._channel.basic_ack(round_.last_tag, multiple=True)
        self._tally.landed(len(round_.bodies), entries)

    def stop(self, seconds: float) -> None:
        """Take no more, and acknowledge the round under way if it ends in time; the rest goes back to the queue."""
        self._channel.basic_cancel(self._tag)
        self._rounds.give_up()
        deadline = time.monotonic() + seconds
        while self._rounds.busy and time.monotonic() < deadline:
            # Heartbeats go on.
            self._connection.process_data_events(time_limit=_PATIENCE_SECONDS)
            self.settle()

    def _take(self, channel: BlockingChannel, method: Basic.Deliver, properties: BasicProperties, body: bytes) -> None:
        tag: int = method.delivery_tag
        self.taken += 1
        try:
            lines = lines_of(unpacked(body, properties.content_encoding))
        except NotAMessage as refusal:
            # The queue's dead-letter exchange takes it from here.
            channel.basic_reject(tag, requeue=False)
            self._tally.refuse(f"a message with routing key {method.routing_key!r}", str(refusal))
            return
        gathered = self._gathered
        if not gathered.bodies:
            gathered.since = time.monotonic()
        gathered.bodies.append(lines)
        gathered.size += len(lines)
        gathered.last_tag = tag
        self.taken_at = gathered.since

    def _cancel(self, _: object) -> None:
        self._cancelled = True

    def _due(self) -> bool:
        gathered = self._gathered
        return bool(gathered.bodies) and (
            len(gathered.bodies) >= self._settings.door_batch_events
            or gathered.size >= _BATCH_BYTES
            or time.monotonic() - gathered.since >= self._settings.door_batch_seconds
        )

    def _patience(self) -> float:
        if self._gathered.bodies and not self._rounds.busy:
            age = time.monotonic() - self._gathered.since
            return min(_PATIENCE_SECONDS, max(0.0, self._settings.door_batch_seconds - age))
        return _PATIENCE_SECONDS

    def _land(self) -> None:
        self._under_way, self._gathered = self._gathered, _Gathered()
        lines = b"\n".join(self._under_way.bodies) + b"\n"
        origin = f"{EXCHANGE} → {self._settings.rabbitmq_queue}"
        self._rounds.start([content_batch(SOURCE, origin, lines)], self._wake)

    def _wake(self) -> None:
        # From the round's thread; a connection that is gone needs no waking.
        if self._connection.is_open:
            self._connection.add_callback_threadsafe(_nothing)


def _nothing() -> None:
    """Called in the connection's thread, which is all it takes to wake it."""
