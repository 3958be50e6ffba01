"""The RabbitMQ door: a quorum queue behind the exchange `analytics.events`.

`consume` runs until it is told to stop; `drain` takes what waits now and returns; `waiting` counts it.
"""

from __future__ import annotations

from ingestion.doors.rabbitmq.service import consume, drain, waiting

__all__ = ["consume", "drain", "waiting"]
