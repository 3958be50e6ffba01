"""The plan of a run: a market just large enough, filled up to exactly the wanted number of events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from ingestion.simulator import chat, commerce, creators, jobs, market, operations, subscriptions, users
from ingestion.simulator.clock import Clock
from ingestion.simulator.dice import Dice, Ints
from ingestion.simulator.faults import Faults
from ingestion.simulator.stream import Stream
from ingestion.simulator.world import World

_PILOT = 1500
_SMALLEST = 6
_TRIES = 6
_RESEND_LIMIT_MS = 36 * 3_600_000


@dataclass(frozen=True)
class Resends:
    """Rows of a stream delivered again, in order of the instant of the resend."""

    at: Ints
    index: Ints


@dataclass(frozen=True)
class Plan:
    """All lines of a run, not rendered yet: about 20 bytes an event."""

    clock: Clock
    streams: list[Stream]
    resends: list[Resends]
    faults: Faults


def make(*, events: int, days: int, seed: int, end: dt.date, duplicates: float, invalid: float) -> Plan:
    """Plans a run of exactly `events` lines.

    Behaviour decides the mix, so the population is measured with a small market and scaled to about
    three quarters of the events; page views and API requests, which nothing refers to, fill the rest. Only
    if the smallest market is still too lively (a few hundred events over many days) are the latest cut off.
    """
    key = f"{seed}/{events}/{days}/{end.isoformat()}"
    clock = Clock(days=days, end=end, key=key)
    resent, faulty = round(events * duplicates), round(events * invalid)
    valid = events - resent - faulty
    if valid <= 0:
        raise ValueError("duplicates and invalid leave no room for valid events")
    world, streams = _market(clock, valid)
    spare = valid - sum(len(s.t) for s in streams)
    if spare >= 0:
        streams += operations.elastic(world, spare)
    else:
        streams = _earliest(streams, valid)
    dice = Dice(key, "faults")
    rows = np.arange(faulty)
    table = clock.day_table([clock.growth(d) for d in range(days)])
    faults = Faults(np.sort(clock.moments(dice, rows, "at", table)), dice, clock.start_ms)
    return Plan(clock, streams, _resends(streams, resent, clock), faults)


def _market(clock: Clock, valid: int) -> tuple[World, list[Stream]]:
    """A market of about the wanted size; small markets jump around it, so the tries are counted."""
    wanted = (1 - market.ELASTIC_SHARE) * valid
    population = min(_PILOT, max(_SMALLEST, valid // 10))
    for _ in range(_TRIES):
        world = World(clock, population)
        streams = _behaviour(world) + operations.sampled(world, valid)
        count = sum(len(s.t) for s in streams)
        scaled = max(_SMALLEST, int(population * wanted / max(1, count)))
        if 0.9 * wanted <= count <= 1.1 * wanted or scaled == population:
            break
        population = scaled
    return world, streams


def _behaviour(world: World) -> list[Stream]:
    domains = (users, subscriptions, jobs, creators, commerce, chat)
    return [stream for domain in domains for stream in domain.streams(world)]


def _earliest(streams: list[Stream], count: int) -> list[Stream]:
    """The first `count` events; what refers to something earlier keeps it."""
    t = np.concatenate([s.t for s in streams])
    order = np.argsort(t, kind="stable")[:count]
    owner = np.repeat(np.arange(len(streams)), [len(s.t) for s in streams])[order]
    kept = np.bincount(owner, minlength=len(streams))
    return [s.head(int(n)) for s, n in zip(streams, kept, strict=True)]


def _resends(streams: list[Stream], count: int, clock: Clock) -> list[Resends]:
    """`count` resends spread over the streams by their size, seconds to hours after the event."""
    total = np.cumsum([len(s.t) for s in streams])
    shares = np.diff(total * count // total[-1], prepend=0)
    made = []
    for stream, share in zip(streams, shares, strict=True):
        rows = np.arange(share)
        index = stream.dice.below(rows, "resent", len(stream.t))
        lot = stream.dice.unit(rows, "resent after")
        # The fourth power: most resends within minutes, some a day later.
        after = (lot * lot * lot * lot * _RESEND_LIMIT_MS).astype(np.int64) + 1000
        at = np.minimum(stream.t[index] + after, clock.length - 1)
        order = np.argsort(at, kind="stable")
        made.append(Resends(at[order], index[order]))
    return made
