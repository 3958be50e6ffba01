"""From the curves to a number of events a day: what is needed for it, and which limit is reached first on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.capacity.generate import DAYS
from bench.capacity.growth import Curve
from bench.capacity.model import Model
from warehouse.engine.config import _SERVER

_DAY = 86_400
#: What the engine may take of a machine's memory.
MEMORY_SHARE = float(_SERVER["max_server_memory_usage_to_ram_ratio"])


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the extrapolation takes for granted; the page says each.

    Attributes:
        events_days: days that events are kept: 90 after the end of their month.
        peak: events of the busiest second over the mean.
        busy: share of processors and disks that may be used at the peak.
        turns: builds a day.
        full_hours: in which a full build must be done.
        questions: dashboards asked for a second, none from memory.
        dashboard_ms: that 95 of 100 must be answered in.
        replicas: copies of everything.
        cores: of a node.
        memory_gib: of a node.
        disk_tib: of a node.
    """

    events_days: int = 121
    peak: float = 3.0
    busy: float = 0.6
    turns: int = 24
    full_hours: float = 8.0
    questions: float = 5.0
    dashboard_ms: float = 1_000.0
    replicas: int = 2
    cores: int = 32
    memory_gib: int = 256
    disk_tib: float = 8.0


@dataclass(frozen=True, slots=True)
class Limit:
    """Where something ends on the machine that was measured.

    Attributes:
        stage: what ends.
        said: the limit, in words.
        per_day: events a day at which it is reached.
        beyond: how many times as many events as were ever measured that takes; at most 1 is measured.
    """

    stage: str
    said: str
    per_day: float
    beyond: float


@dataclass(frozen=True, slots=True)
class Need:
    """What a stage needs at a number of events a day: cores, kept busy no more than assumed."""

    stage: str
    said: str
    cores: float


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes: what each day adds for good and while events are kept, and all of it after a year, replicas included."""

    forever: float
    kept: float
    year: float


def limits(model: Model, machine: Mapping[str, Any], given: Assumptions) -> list[Limit]:
    """Limits of the machine that was measured, the first reached first."""
    cores, memory = machine["cores"], machine["memory_mib"] * MEMORY_SHARE
    spare = cores * given.busy * _DAY / given.peak

    def by_year(stage: str, said: str, curve: Curve, limit: float) -> Limit:
        events = curve.reaches(limit)
        return Limit(stage, said, events / DAYS, events / curve.last)

    def by_kept(stage: str, said: str, curve: Curve, limit: float) -> Limit:
        events = curve.reaches(limit)
        return Limit(stage, said, events / given.events_days, events / curve.last)

    def per_second(stage: str, said: str, each_million: float) -> Limit:
        return Limit(stage, said, 1e6 * spare / each_million, 0.0)

    turn = _DAY / given.turns
    found = [
        per_second(
            "door",
            f"{cores} cores at {given.busy:.0%} take the peak, landing included",
            model.cpu["door"].at(_largest(model)),
        ),
        per_second("landing", f"{cores} cores at {given.busy:.0%} land files at the peak", landing_each(model)),
        by_year("build of a delivery", f"takes {_span(turn)}, the time to the next", model.seconds["hour build"], turn),
        by_kept(
            "full build", f"takes {given.full_hours:g} hours", model.seconds["full build"], given.full_hours * 3600
        ),
        by_kept(
            "memory of a full build",
            f"ClickHouse at its {memory / 1024:,.1f} GiB",
            model.engine_mib["full build"],
            memory,
        ),
        by_year(
            "memory of a delivery's build",
            f"ClickHouse at its {memory / 1024:,.1f} GiB",
            model.engine_mib["hour build"],
            memory,
        ),
        by_kept(
            "disk",
            f"{machine['disk_mib'] / 2**20:,.2f} TiB full while building",
            model.peak_mib,
            machine["disk_mib"] * given.busy,
        ),
        by_year(
            "queries", f"p95 of dashboards is {given.dashboard_ms:,.0f} ms", model.dashboard_ms, given.dashboard_ms
        ),
    ]
    return sorted(found, key=lambda limit: limit.per_day)


def needs(model: Model, per_day: float, given: Assumptions) -> list[Need]:
    """Cores by stage at so many events a day, most first."""
    year, kept = per_day * DAYS, per_day * given.events_days
    millions = per_day / 1e6
    full = model.cpu["full build"].at(kept) / (given.full_hours * 3600)
    publication = model.cpu["publish"].at(year) * given.turns / _DAY
    found = [
        Need("door", "its own part, at the peak", model.door_own.at(_largest(model)) * millions / _DAY * given.peak),
        Need("landing", "at the peak", landing_each(model) * millions / _DAY * given.peak),
        Need("builds of deliveries", f"{given.turns} a day", model.cpu["hour build"].at(year) * given.turns / _DAY),
        Need("publication", "its part of these builds", publication),
        Need("full build", f"in {given.full_hours:g} hours, when models change", full),
        Need("queries", f"{given.questions:g} dashboards a second", model.cpu["ask"].at(year) * given.questions),
    ]
    return sorted((Need(one.stage, one.said, one.cores / given.busy) for one in found), key=lambda one: -one.cores)


def landing_each(model: Model) -> float:
    """Processor seconds to land a million events more onto as many as were measured at most."""
    curve, most = model.cpu["land"], _largest(model)
    return (curve.at(most) - curve.at(0.9 * most)) / (0.1 * most / 1e6)


def disk(model: Model, per_day: float, given: Assumptions) -> Disk:
    """Bytes on all disks; nothing is compressed further, and no generation differs much from the one before."""

    def each(kept: str) -> float:
        """Bytes of one event, between none and the most measured."""
        curve = model.disk[kept]
        return (curve.at(curve.last) - curve.at(0)) * 2**20 / curve.last

    forever = (each("receipts") + each("marts")) * per_day * given.replicas
    # The build's part is the events once more, and tables by entity, which stay; they are counted with the events.
    kept = (each("raw") + each("build")) * per_day * given.replicas
    return Disk(forever, kept, forever * DAYS + kept * given.events_days)


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes that each resource asks for, replicas included where it is the disk, and the memory of one build."""

    by_cores: int
    by_disk: int
    build_memory_gib: float
    shards: int

    @property
    def most(self) -> int:
        """Nodes in all."""
        return max(self.by_cores, self.by_disk)


def nodes(model: Model, per_day: float, given: Assumptions) -> Nodes:
    """Nodes of the assumed kind, if all work could be divided between them."""
    wanted = {one.stage: one.cores for one in needs(model, per_day, given)}
    # Publication is a part of builds, and no delivery is built while everything is.
    cores = wanted["door"] + wanted["landing"] + wanted["queries"]
    cores += max(wanted["full build"], wanted["builds of deliveries"])
    by_disk = math.ceil(disk(model, per_day, given).year / (given.disk_tib * 2**40 * given.busy))
    by_cores = math.ceil(cores / given.cores)
    memory = model.engine_mib["full build"].at(per_day * given.events_days) / 1024
    return Nodes(by_cores, by_disk, memory, math.ceil(max(by_cores, by_disk) / given.replicas))


def _largest(model: Model) -> int:
    return model.cpu["land"].last


def _span(seconds: float) -> str:
    return f"{seconds / 3600:g} h" if seconds >= 3600 else f"{seconds / 60:g} min"
