"""What a build costs, and how much of it is the engine's work."""

from __future__ import annotations

import time

from bench.home import simulated
from warehouse.cli.building import build_and_publish
from warehouse.cli.landing import land
from warehouse.settings import Settings


def measure(settings: Settings, *, events: int) -> dict[str, float]:
    """Wall seconds of a full build and of one with nothing new; the engine's share of the first."""
    land(settings, [str(simulated(settings, events))], "bench")
    build_and_publish(settings)  # imports and the first parse
    started = time.perf_counter()
    built = build_and_publish(settings, full_refresh=True)
    full = time.perf_counter() - started
    started = time.perf_counter()
    build_and_publish(settings)
    idle = time.perf_counter() - started
    return {
        "events": events,
        "full_build_s": round(full, 1),
        "engine_s": built["engine_seconds"],
        # Two models run at once, so the engine's seconds are spread over two threads.
        "engine_share": round(built["engine_seconds"] / 2 / full, 2),
        "nothing_new_s": round(idle, 2),
    }
