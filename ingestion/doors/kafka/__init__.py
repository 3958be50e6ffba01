"""The Kafka door: topics named after event types, read by a consumer group.

`consume` runs until it is told to stop; `drain` takes what waits now and returns; `waiting` counts it.
"""

from __future__ import annotations

from ingestion.doors.kafka.service import consume, drain, waiting

__all__ = ["consume", "drain", "waiting"]
