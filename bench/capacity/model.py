"""The costs of each stage as curves over the number of events, fitted to what was measured."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.capacity.growth import Curve, fitted

#: Stages whose cost is of all events, or of a delivery onto them.
GROWING = ("land", "full build", "day build", "hour build")
KEPT = ("raw", "receipts", "build", "marts")
#: Between the smallest and the largest size a model's share of a build must have this much to be told of.
_TOLD_SHARE = 0.01

Measured = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Model:
    """Curves by stage.

    Attributes:
        cpu: processor seconds in all; of `publish` one publication, of `ask` one question, of `door` a million events.
        seconds: by the clock, on the machine measured.
        engine_mib: most memory of ClickHouse.
        own_mib: most memory of Python.
        disk: MiB kept, by what is kept.
        peak_mib: most below the home in any stage after landing.
        door_own: processor seconds of the door itself for a million events.
        dashboard_ms: p95 of a dashboard's answer.
    """

    cpu: dict[str, Curve]
    seconds: dict[str, Curve]
    engine_mib: dict[str, Curve]
    own_mib: dict[str, Curve]
    disk: dict[str, Curve]
    peak_mib: Curve
    door_own: Curve
    dashboard_ms: Curve


def cost(one: dict[str, Any], stage: str) -> float:
    """Processor seconds of a stage at one size, of the unit that `Model.cpu` has."""
    used = one["stages"][stage]
    cpu: float = used["own_cpu"] + used["engine_cpu"]
    if stage == "door":
        events: int = used["events"]
        return cpu * 1e6 / events
    times: int = used.get("times", 1)
    return cpu / times


def modelled(measured: Measured) -> Model:
    """Fit all curves.

    Raises:
        ValueError: fewer than two sizes.
    """
    events = [one["events"] for one in measured]
    stages = [name for name in measured[0]["stages"] if name != "generate"]

    def curve(values: list[float]) -> Curve:
        return fitted(events, values)

    def of(stage: str, what: str) -> Curve:
        return curve([one["stages"][stage][what] for one in measured])

    door = [one["stages"]["door"] for one in measured]
    return Model(
        cpu={stage: curve([cost(one, stage) for one in measured]) for stage in stages},
        seconds={stage: of(stage, "seconds") for stage in GROWING},
        engine_mib={stage: of(stage, "engine_mib") for stage in stages},
        own_mib={stage: of(stage, "own_mib") for stage in stages},
        disk={kept: curve([one["disk"][f"{kept}_mib"] for one in measured]) for kept in KEPT},
        peak_mib=curve(
            [max(used["disk_mib"] for name, used in one["stages"].items() if "build" in name) for one in measured]
        ),
        door_own=curve([one["own_cpu"] * 1e6 / one["events"] for one in door]),
        dashboard_ms=of("ask", "p95_ms"),
    )


def layers(one: dict[str, Any], stage: str) -> dict[str, float]:
    """Seconds that ClickHouse and dbt worked on the nodes of a build, by layer."""
    found = dict.fromkeys(("staging", "intermediate", "marts", "tests"), 0.0)
    for name, seconds in one["stages"][stage]["nodes"].items():
        found[_layer(name)] += seconds
    return {layer: round(seconds, 1) for layer, seconds in found.items()}


def _layer(name: str) -> str:
    for prefix, layer in (("stg_", "staging"), ("int_", "intermediate"), ("tests", "tests")):
        if name.startswith(prefix):
            return layer
    return "marts"


def growing(measured: Measured, stage: str, most: int = 8) -> list[tuple[str, float, float, float]]:
    """Nodes of a build that take most at the largest size: name, seconds at the smallest and largest size, exponent.

    The exponent is of seconds over events between the two: 0 does not grow, 1 grows as the events do, more is worse.
    """
    small, large = measured[0], measured[-1]
    factor = math.log(large["events"] / small["events"])
    before, after = (one["stages"][stage]["nodes"] for one in (small, large))
    told = [name for name, seconds in after.items() if seconds > _TOLD_SHARE * sum(after.values()) and name in before]
    found = [
        (name, before[name], after[name], math.log(max(after[name], 0.01) / max(before[name], 0.01)) / factor)
        for name in sorted(told, key=lambda name: -after[name])
    ]
    return found[:most]
