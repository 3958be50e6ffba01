"""Running the platform: the health of services, the completeness of audits, and the feed of recent events.

Readings of what the contract leaves open, beyond those of `marts`:

1. An hour is its first instant in UTC. A status of 500 or more is an error, 400 to 499 the client's.
2. Quantiles are those of `chat`. Every request has a duration.
3. An audited action is complete unless it says otherwise.
4. The feed has the seven days that end with the last event day of all events, with canonical types; neither
   what machines measure nor audits are activity. An absent user is ''. The description is free text and left
   out here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from tests.oracle.chat import quantiles
from tests.oracle.contract import Event
from tests.oracle.seeds import Mart, Seeds
from tests.oracle.tools import frame, grouped, of_type, ratio

FEED_DAYS = 7
NOT_IN_FEED = frozenset({
    "api.request", "queue.sampled", "storage.sampled", "external.checked", "audit.recorded",
})  # fmt: skip

SYSTEM_HEALTH = (
    "hour", "service", "endpoint", "requests", "errors", "client_errors", "error_rate", "p50_ms", "p95_ms",
    "p99_ms",
)  # fmt: skip
COMPLIANCE_METRICS = ("date", "audited_actions", "complete_actions", "audit_completeness")
ACTIVITY_FEED = ("occurred_at", "event_id", "type", "user_id")


def _endpoint(event: Event) -> tuple[datetime, str, str]:
    hour = event.occurred_at.replace(minute=0, second=0, microsecond=0)
    return hour, event.text("service"), event.text("endpoint")


def system_health(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per hour, service, endpoint with a request. The seeds are not needed."""
    rows = []
    for key, requests in grouped(of_type(events, "api.request"), _endpoint).items():
        statuses = [int(event.number("status") or 0) for event in requests]
        errors = sum(status >= 500 for status in statuses)
        refused = sum(400 <= status < 500 for status in statuses)
        share = ratio(errors, len(requests))
        rows.append((*key, len(requests), errors, refused, share, *quantiles(requests, "duration_ms")))
    return frame(SYSTEM_HEALTH, 3, rows)


def compliance_metrics(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per date with an audited action. The seeds are not needed."""
    rows = []
    for day, actions in grouped(of_type(events, "audit.recorded"), lambda event: event.day).items():
        complete = sum(event.properties.get("complete", True) is True for event in actions)
        rows.append((day, len(actions), complete, ratio(complete, len(actions))))
    return frame(COMPLIANCE_METRICS, 1, rows)


def activity_feed(events: Sequence[Event], seeds: Seeds) -> pd.DataFrame:
    """One row per event of the last seven days that is activity. The seeds are not needed."""
    last_day = max((event.day for event in events), default=None)
    rows = [
        (event.occurred_at, event.event_id, event.event_type, event.user_id)
        for event in events
        if last_day is not None and (last_day - event.day).days < FEED_DAYS and event.event_type not in NOT_IN_FEED
    ]
    return frame(ACTIVITY_FEED, 2, rows)


MARTS: dict[str, Mart] = {
    "system_health": (system_health, SYSTEM_HEALTH[:3]),
    "compliance_metrics": (compliance_metrics, COMPLIANCE_METRICS[:1]),
    "activity_feed": (activity_feed, ACTIVITY_FEED[:2]),
}
