"""A member of the consumer group: gather, land, commit, and hand over partitions when the group changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from typing import cast

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

from ingestion.doors.backoff import Backoff
from ingestion.doors.errors import BrokerRefuses
from ingestion.doors.kafka.broker import ANSWER_SECONDS, Partition, Reports, Say, explained, subscription
from ingestion.doors.kafka.ledger import landed_runs
from ingestion.doors.kafka.pieces import SOURCE, Piece, Pieces, Received, Run, batch, name_of, shares
from ingestion.doors.rounds import Rounds
from ingestion.doors.tally import Tally
from ingestion.landing import Entry
from warehouse.errors import WarehouseError
from warehouse.settings import Settings

_TAKEN_AT_ONCE = 5_000
#: A round with more than this lands as several batches, written side by side: one takes one core of ClickHouse.
_BATCH_BYTES = 16 * 1024 * 1024
#: Gathered while a round lands.
_GATHERED_MESSAGES = 400_000
_GATHERED_BYTES = 64 * 1024 * 1024
_PATIENCE_SECONDS = 0.1
#: While a round takes longer than this, partitions are paused, so that the group can be served meanwhile.
_PAUSE_AFTER_SECONDS = 5.0
#: How long a new owner waits for the ledger; the group expels members that are silent for five minutes.
_LEDGER_SECONDS = 200.0
_HANDOVER_SECONDS = 10.0
_COMMIT_AGAIN_SECONDS = 1.0


class Session:
    """Reads the topics as one member of the group.

    Args:
        consumer: connected; used by this thread alone.
        reports: what the library reports of this consumer.
        cluster: id of the cluster.
        settings: topics, size and time of batches, the ClickHouse.
        rounds: lands.
        tally: counts.
        stop: set when the session is to end.
        say: prints a line for people.
    """

    def __init__(
        self,
        consumer: Consumer,
        reports: Reports,
        cluster: str,
        settings: Settings,
        rounds: Rounds,
        tally: Tally,
        stop: threading.Event,
        say: Say,
    ) -> None:
        self._consumer = consumer
        self._reports = reports
        self._cluster = cluster
        self._settings = settings
        self._rounds = rounds
        self._tally = tally
        self._stop = stop
        self._say = say
        self._pieces = Pieces(tally)
        #: Pieces of the round, by batch.
        self._under_way: list[list[Piece]] = []
        self._owned: set[Partition] = set()
        #: Offsets behind what has landed of the partitions owned, by partition.
        self._ends: dict[Partition, int] = {}
        self._committed_at = time.monotonic()
        self._paused = False
        self._full_since: float | None = None
        consumer.subscribe(
            subscription(settings), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._lost
        )

    def turn(self) -> None:
        """Take what has come in, commit what has landed, begin a round when it is time.

        Returns within a fraction of a second, so that the caller can decide to stop.

        Raises:
            BrokerRefuses: the group or a topic may not be read.
            WarehouseError: the round failed, and its owner is not patient.
        """
        if self._full():
            self._wait_for_room()
        else:
            self._receive(self._consumer.consume(_TAKEN_AT_ONCE, timeout=_PATIENCE_SECONDS))
        self._settle()
        if self._reports.commit_failed and time.monotonic() - self._committed_at >= _COMMIT_AGAIN_SECONDS:
            self._commit()
        if not self._rounds.busy and self._due():
            self._land()

    def close(self, seconds: float = _HANDOVER_SECONDS) -> None:
        """Commit the round under way if it ends in time, and leave the group; the rest is delivered again."""
        self._rounds.give_up()
        try:
            self._hand_over(seconds)
        finally:
            self._owned.clear()
            self._consumer.close()

    def _receive(self, messages: list[Message]) -> None:
        for message in messages:
            if (error := message.error()) is not None:
                self._fault(cast("Received", message), error)
        self._pieces.add(cast("list[Received]", [message for message in messages if message.error() is None]))

    def _fault(self, message: Received, error: KafkaError) -> None:
        if error.code() == KafkaError._AUTO_OFFSET_RESET:
            self._vanished(TopicPartition(message.topic(), message.partition(), message.offset()))
            return
        if error.code() in (KafkaError.UNKNOWN_TOPIC_OR_PART, KafkaError._UNKNOWN_TOPIC):
            return  # No topic of that name, yet or any more.
        failure = explained(error, self._settings)
        if isinstance(failure, BrokerRefuses) or error.fatal():
            raise failure
        self._say(f"{SOURCE}: {error.str()}")

    def _vanished(self, place: TopicPartition) -> None:
        """Messages were deleted before they were read, or the topic was made anew: say it, and go on."""
        first, end = self._consumer.get_watermark_offsets(place, timeout=ANSWER_SECONDS)
        name = name_of((place.topic, place.partition))
        self._tally.lost += 1
        self._say(
            f"{SOURCE}: {name} does not hold offset {place.offset} any more, only {first} to {end}: messages were"
            " deleted before they were read, or the topic was made anew; going on with the oldest one it has"
        )
        # Nothing is fetched of a partition in this state, so there is nothing to seek in: it is assigned anew.
        self._consumer.incremental_unassign([place])
        self._consumer.incremental_assign([TopicPartition(place.topic, place.partition, first)])

    def _full(self) -> bool:
        return self._rounds.busy and (
            self._pieces.messages >= _GATHERED_MESSAGES or self._pieces.size >= _GATHERED_BYTES
        )

    def _wait_for_room(self) -> None:
        now = time.monotonic()
        self._full_since = self._full_since or now
        if now - self._full_since < _PAUSE_AFTER_SECONDS:
            self._settle(_PATIENCE_SECONDS)
            return
        if not self._paused:
            self._paused = True
            self._consumer.pause(self._consumer.assignment())
        self._receive(self._consumer.consume(_TAKEN_AT_ONCE, timeout=_PATIENCE_SECONDS))

    def _due(self) -> bool:
        pieces = self._pieces
        return pieces.messages > 0 and (
            pieces.messages >= self._settings.door_batch_events
            or pieces.size >= _BATCH_BYTES
            or time.monotonic() - pieces.since >= self._settings.door_batch_seconds
        )

    def _land(self) -> None:
        batches = []
        for share in shares(self._pieces.take(), _BATCH_BYTES):
            landing = batch(self._cluster, share)
            if landing is None:
                self._done(share)
            else:
                self._under_way.append(share)
                batches.append(landing)
        if batches:
            self._rounds.start(batches)

    def _settle(self, timeout: float = 0) -> None:
        entries = self._rounds.collect(timeout)
        if entries is None:
            return
        # One that was given up at the end has landed some of its batches, or none; the rest is delivered again.
        landed, self._under_way = self._under_way[: len(entries)], []
        self._full_since = None
        if self._paused:
            self._paused = False
            self._consumer.resume(self._consumer.assignment())
        self._done([piece for share in landed for piece in share], entries)

    def _done(self, pieces: Sequence[Piece], entries: Sequence[Entry] = ()) -> None:
        """Commit what is in the ledger, in the background."""
        self._tally.landed(sum(piece.messages for piece in pieces), entries)
        self._ends |= {piece.partition: piece.last + 1 for piece in pieces if piece.partition in self._owned}
        self._commit()

    def _commit(self) -> None:
        self._committed_at = time.monotonic()
        if self._ends:
            self._consumer.commit(offsets=_places(self._ends.items()), asynchronous=True)

    def _commit_now(self) -> None:
        if not self._ends:
            return
        try:
            self._consumer.commit(offsets=_places(self._ends.items()), asynchronous=False)
        except KafkaException as error:
            # The ledger has it: it will be known when it is delivered again.
            self._say(f"{SOURCE}: offsets could not be committed: {error.args[0].str()}")

    def _assigned(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        """Begin at the committed offsets, and have the ledger say what had landed beyond them.

        What is raised here comes out of `turn`.
        """
        try:
            committed = {
                (place.topic, place.partition): max(place.offset, OFFSET_BEGINNING)
                for place in consumer.committed(places, timeout=ANSWER_SECONDS)
            }
        except KafkaException as error:
            raise explained(error.args[0], self._settings) from None
        for partition, runs in self._runs(committed).items():
            self._pieces.expect(partition, runs)
        begin = [
            TopicPartition(*partition, offset if offset >= 0 else OFFSET_BEGINNING)
            for partition, offset in committed.items()
        ]
        consumer.incremental_assign(begin)
        self._owned |= set(committed)
        if self._paused:
            consumer.pause(begin)
        if places:
            self._say(f"{SOURCE}: reads {len(self._owned)} partitions")

    def _runs(self, committed: dict[Partition, int]) -> dict[Partition, list[Run]]:
        backoff = Backoff()
        deadline = time.monotonic() + _LEDGER_SECONDS
        while True:
            try:
                return landed_runs(self._settings, self._cluster, committed)
            except WarehouseError as error:
                if not self._rounds.patient:
                    raise
                wait = backoff.next()
                if self._stop.is_set() or time.monotonic() + wait > deadline:
                    self._say(f"{SOURCE}: the ledger cannot be asked: {error}; what comes again counts as resent")
                    return {}
                self._say(f"{SOURCE}: the ledger cannot be asked: {error}; trying again in {wait:.1f} s")
                self._stop.wait(wait)

    def _revoked(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        """Commit what has landed, drop what is gathered: the next owner has it delivered."""
        self._hand_over(_HANDOVER_SECONDS)
        self._leave(places)
        consumer.incremental_unassign(places)

    def _lost(self, consumer: Consumer, places: list[TopicPartition]) -> None:
        """The group has given the partitions to somebody else already."""
        self._say(f"{SOURCE}: the group went on without this member")
        self._leave(places)
        consumer.incremental_unassign(places)

    def _leave(self, places: list[TopicPartition]) -> None:
        gone = {(place.topic, place.partition) for place in places}
        self._owned -= gone
        self._ends = {partition: end for partition, end in self._ends.items() if partition not in gone}
        self._pieces.drop(gone)

    def _hand_over(self, seconds: float) -> None:
        """Wait for the round under way and commit it before partitions go.

        If it takes too long it goes on: it holds pieces of partitions that stay, too. Of those that go, what it
        lands will be delivered to their next owner as well, and count once.
        """
        self._settle(seconds)
        self._commit_now()


def _places(ends: Iterable[tuple[Partition, int]]) -> list[TopicPartition]:
    return [TopicPartition(topic, number, end) for (topic, number), end in ends]
