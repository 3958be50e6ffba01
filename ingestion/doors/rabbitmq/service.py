"""Consuming until told to stop, or until the queue is empty."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ingestion.doors import Drained
from ingestion.doors.backoff import Backoff
from ingestion.doors.errors import BrokerRefuses, BrokerUnreachable
from ingestion.doors.rabbitmq.broker import connected, depth
from ingestion.doors.rabbitmq.session import SOURCE, Session
from ingestion.doors.rounds import Rounds
from ingestion.doors.tally import Tally
from warehouse.settings import Settings

STOP_SECONDS = 20.0
DRAIN_SECONDS = 60.0
_QUIET_SECONDS = 1.0


def consume(settings: Settings, stop: threading.Event, say: Callable[[str], None]) -> Tally:
    """Land what arrives until `stop` is set; connects again, with backoff, whenever the connection breaks.

    Args:
        settings: the broker, the queue, the ClickHouse.
        stop: ends it: the round under way is landed and acknowledged, the rest goes back to the queue.
        say: prints a line for people.

    Raises:
        SettingsError: RABBITMQ_URL is not set or cannot be used.
        BrokerRefuses: on the first connection only: login, permissions, a queue declared otherwise.
    """
    tally = Tally(SOURCE, say)
    rounds = Rounds(settings, say, patient=True)
    backoff = Backoff()
    was_connected = False
    while not stop.is_set():
        try:
            with connected(settings) as connection:
                session = Session(connection, settings, rounds, tally)
                say(f"{SOURCE}: connected, queue {settings.rabbitmq_queue}, {depth(connection, settings):,} waiting")
                was_connected = True
                backoff.reset()
                while not stop.is_set():
                    session.turn()
                session.stop(STOP_SECONDS)
        except BrokerUnreachable as error:
            _again(error, backoff, stop, say)
        except BrokerRefuses as error:
            if not was_connected:
                raise
            _again(error, backoff, stop, say)
        finally:
            # The broker delivers again what was not acknowledged; a round under way may still land, and then the
            # ledger knows its events when they come back.
            rounds.give_up()
        while rounds.busy and not stop.is_set():
            rounds.collect(_QUIET_SECONDS)
    say(tally.line())
    return tally


def _again(
    error: BrokerRefuses | BrokerUnreachable, backoff: Backoff, stop: threading.Event, say: Callable[[str], None]
) -> None:
    wait = backoff.next()
    say(f"{SOURCE}: {error}; trying again in {wait:.1f} s")
    stop.wait(wait)


def drain(settings: Settings, *, seconds: float = DRAIN_SECONDS) -> Drained:
    """Land what waits in the queue now; beside a running service, the two share it.

    Args:
        settings: the broker, the queue, the ClickHouse.
        seconds: takes no new messages after this long.

    Raises:
        SettingsError: RABBITMQ_URL is not set or cannot be used.
        BrokerUnreachable: the broker does not answer.
        BrokerRefuses: the broker says no.
        WarehouseError: nothing could be landed; what was not landed is in the queue again.
    """
    drained = Drained()
    tally = Tally(SOURCE, drained.notes.append, drained.totals)
    rounds = Rounds(settings, drained.notes.append, patient=False)
    with connected(settings) as connection:
        before = depth(connection, settings)
        deadline = time.monotonic() + seconds
        session = Session(connection, settings, rounds, tally)
        while not _drained(session, before, deadline):
            session.turn()
        session.stop(seconds)
    with connected(settings) as connection:
        drained.waiting = depth(connection, settings)
    drained.refused = tally.refused
    return drained


def _drained(session: Session, before: int, deadline: float) -> bool:
    if time.monotonic() >= deadline:
        return True
    # Where a service takes messages too, fewer than were counted arrive here.
    quiet = time.monotonic() - session.taken_at >= _QUIET_SECONDS
    return session.idle and (session.taken >= before or quiet)


def waiting(settings: Settings) -> int:
    """Messages in the queue that no consumer holds.

    Raises:
        SettingsError: RABBITMQ_URL is not set or cannot be used.
        BrokerUnreachable: the broker does not answer.
        BrokerRefuses: the broker says no.
    """
    with connected(settings) as connection:
        return depth(connection, settings)
