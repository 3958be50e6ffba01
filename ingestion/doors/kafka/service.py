"""Consuming until told to stop, or until the group has caught up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from confluent_kafka import Consumer

from ingestion.doors import Drained
from ingestion.doors.backoff import Backoff
from ingestion.doors.errors import BrokerUnreachable
from ingestion.doors.kafka.broker import Partition, Reports, Say, connect, positions
from ingestion.doors.kafka.pieces import SOURCE
from ingestion.doors.kafka.session import Session
from ingestion.doors.rounds import Rounds
from ingestion.doors.tally import Tally
from warehouse.settings import Settings

DRAIN_SECONDS = 60.0
_LOOK_SECONDS = 0.5
#: How long a running service may commit nothing before a drain joins it.
_OTHERS_SECONDS = 2.5


def consume(settings: Settings, stop: threading.Event, say: Say) -> Tally:
    """Land what arrives until `stop` is set; the library connects again whenever a connection breaks.

    Args:
        settings: the brokers, the topics, the ClickHouse.
        stop: ends it: the round under way is landed and committed, the rest will be delivered again.
        say: prints a line for people.

    Raises:
        SettingsError: a setting is missing or cannot be used.
        BrokerRefuses: login or permissions.
    """
    tally = Tally(SOURCE, say)
    rounds = Rounds(settings, say, patient=True)
    backoff = Backoff()
    reports = Reports()
    while not stop.is_set():
        try:
            consumer, cluster = connect(settings, reports)
            say(f"{SOURCE}: connected to cluster {cluster} as group {settings.kafka_group}")
            session = Session(consumer, reports, cluster, settings, rounds, tally, stop, say)
            try:
                while not stop.is_set():
                    session.turn()
                    backoff.reset()
            finally:
                session.close()
        except BrokerUnreachable as error:
            wait = backoff.next()
            say(f"{SOURCE}: {error}; trying again in {wait:.1f} s")
            stop.wait(wait)
    say(tally.line())
    return tally


def drain(settings: Settings, *, seconds: float = DRAIN_SECONDS) -> Drained:
    """Land what waits in the topics now; beside a running service, the two share the partitions.

    Args:
        settings: the brokers, the topics, the ClickHouse.
        seconds: gives up after this long; what was not landed waits on.

    Raises:
        SettingsError: a setting is missing or cannot be used.
        BrokerUnreachable: no broker answers.
        BrokerRefuses: login or permissions.
        WarehouseError: nothing could be landed; nothing more was committed.
    """
    drained = Drained()
    say = drained.notes.append
    deadline = time.monotonic() + seconds
    watcher, cluster = connect(settings, Reports())
    try:
        ends = {partition: place.end for partition, place in positions(watcher, settings).items() if place.lag}
        if _others_read(watcher, settings, ends, deadline):
            if ends:
                say(f"another member of the group {settings.kafka_group} reads the topics: left to it")
        else:
            reports = Reports()
            consumer, _ = connect(settings, reports)
            tally = Tally(SOURCE, say, drained.totals)
            rounds = Rounds(settings, say, patient=False)
            session = Session(consumer, reports, cluster, settings, rounds, tally, threading.Event(), say)
            try:
                _until(session, lambda: not _behind(watcher, settings, ends), deadline)
            finally:
                session.close()
            drained.refused = tally.refused
        drained.waiting = sum(place.lag for place in positions(watcher, settings).values())
    finally:
        watcher.close()
    return drained


def _others_read(watcher: Consumer, settings: Settings, ends: dict[Partition, int], deadline: float) -> bool:
    """Whether the ends are reached without joining the group, which would interrupt a running service twice.

    Waits as long as somebody commits.
    """
    behind = _behind(watcher, settings, ends)
    commits_until = time.monotonic() + _OTHERS_SECONDS
    while behind and time.monotonic() < min(commits_until, deadline):
        time.sleep(_LOOK_SECONDS / 4)
        now = _behind(watcher, settings, ends)
        if now < behind:
            commits_until = time.monotonic() + _OTHERS_SECONDS
        behind = now
    return not behind


def _behind(watcher: Consumer, settings: Settings, ends: dict[Partition, int]) -> int:
    """Messages before these ends that nobody has committed."""
    places = positions(watcher, settings) if ends else {}
    return sum(max(0, end - places[partition].next) for partition, end in ends.items() if partition in places)


def _until(session: Session, reached: Callable[[], bool], deadline: float) -> None:
    looked_at = time.monotonic()
    while time.monotonic() < deadline:
        session.turn()
        if time.monotonic() - looked_at >= _LOOK_SECONDS:
            if reached():
                return
            looked_at = time.monotonic()


def waiting(settings: Settings) -> int:
    """Messages that the group has not committed yet.

    Raises:
        SettingsError: a setting is missing or cannot be used.
        BrokerUnreachable: no broker answers.
        BrokerRefuses: login or permissions.
    """
    consumer, _ = connect(settings, Reports())
    try:
        return sum(place.lag for place in positions(consumer, settings).values())
    finally:
        consumer.close()
