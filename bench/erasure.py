"""What it costs to erase one person of many, and what a list of erased people costs those who land."""

from __future__ import annotations

import time

from bench.home import simulated
from ingestion.erasure import erase
from warehouse import builds
from warehouse.cli.landing import land
from warehouse.client import Identity, connect, scalar
from warehouse.settings import Settings

#: The person with a middling number of events: most have few, and a few very many.
_MEDIAN = """
SELECT user_id FROM (SELECT user_id, count() AS events FROM raw.events WHERE user_id != '' GROUP BY user_id)
ORDER BY events, user_id LIMIT 1 OFFSET {offset:UInt64}
"""


def measure(settings: Settings, *, events: int, days: int = 365) -> dict[str, float]:
    """Seconds from request to certificate, for a middling and for the busiest person; landing before and after."""
    file = simulated(settings, events, days=days)
    started = time.perf_counter()
    land(settings, [str(file)], "bench")
    landing = time.perf_counter() - started
    builds.build_and_publish(settings, run_id="bench")
    client = connect(Identity.ADMIN, settings)
    people = int(scalar(client, "SELECT uniqExact(user_id) FROM raw.events WHERE user_id != ''"))
    figures: dict[str, float] = {"events": events, "people": people}
    # The first also pays for imports and dbt's parse, as a command does.
    for name, offset in (("middling", people // 2), ("busiest", people - 1)):
        person = str(scalar(client, _MEDIAN, {"offset": offset}))
        started = time.perf_counter()
        certificate = erase(settings, person)
        figures |= {
            f"{name}_seconds": round(time.perf_counter() - started, 1),
            f"{name}_rows_rewritten": certificate.events,
            f"{name}_days_rebuilt": certificate.days_rebuilt,
            f"{name}_values_revised": certificate.values_revised,
        }
    again = simulated(settings, min(events, 1_000_000), seed=2, days=days)
    started = time.perf_counter()
    land(settings, [str(again)], "bench")
    after = time.perf_counter() - started
    return figures | {
        "landing_events_a_second_before": round(events / landing),
        "landing_events_a_second_after": round(min(events, 1_000_000) / after),
    }
