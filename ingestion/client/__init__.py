"""What a service needs to send events: `track(…)` returns at once, everything else happens behind it.

Three ways out, one core: `Client` and `AsyncClient` post to the collector,
`ingestion.client.rabbitmq.Publisher` and `ingestion.client.kafka.Publisher` publish to a broker. All of
them batch in the background, retry with the same event ids, keep what waits in a bounded buffer (on disk
where a folder is given, so that it outlives the process) and never raise into the caller unless `strict`.

The package imports nothing else of the project, so that it can be copied into a service. It needs
`urllib3`; the publishers need `pika` or `confluent-kafka`.
"""

from __future__ import annotations

from .clients import AsyncClient, Client
from .errors import BufferFull, ClientError, Closed, InvalidEvent
from .event import new_event_id
from .options import Options, Statistics
from .tracking import Tracker

__all__ = [
    "AsyncClient",
    "BufferFull",
    "Client",
    "ClientError",
    "Closed",
    "InvalidEvent",
    "Options",
    "Statistics",
    "Tracker",
    "new_event_id",
]
