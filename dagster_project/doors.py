"""The doors as Dagster sees them: what each is called, whether it is open here, what waits, how it is drained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ingestion.doors import Drained
from warehouse.settings import Settings


@dataclass(frozen=True, slots=True)
class Door:
    """A door whose waiting events a run can land, whether its service runs or not.

    Attributes:
        name: its asset.
        source: the source of its batches in the ledger.
        kind: Dagster's icon.
        description: what waits behind it, and until when.
        variable: the environment variable that opens it; empty for one that is always open.
        is_open: whether it is configured.
        waiting: how much waits; None where only draining tells. Cheap: asked every minute.
        drain: land what waits and acknowledge it.
    """

    name: str
    source: str
    kind: str
    description: str
    variable: str
    is_open: Callable[[Settings], bool]
    waiting: Callable[[Settings], int | None]
    drain: Callable[[Settings], Drained]


def _collector_waiting(settings: Settings) -> int:
    from ingestion.doors.collector import left_over

    return left_over(settings)


def _collector(settings: Settings) -> Drained:
    from ingestion.doors.collector import drain

    return drain(settings)


def _rabbitmq_waiting(settings: Settings) -> int:
    from ingestion.doors.rabbitmq import waiting

    return waiting(settings)


def _rabbitmq(settings: Settings) -> Drained:
    from ingestion.doors.rabbitmq import drain

    return drain(settings)


def _kafka_waiting(settings: Settings) -> int:
    from ingestion.doors.kafka import waiting

    return waiting(settings)


def _kafka(settings: Settings) -> Drained:
    from ingestion.doors.kafka import drain

    return drain(settings)


def _postgres(settings: Settings) -> Drained:
    from ingestion.sources.postgres import drain

    return drain(settings)


def _objects_waiting(settings: Settings) -> int:
    from ingestion.sources.objects import new_objects

    return len(new_objects(settings))


def _objects(settings: Settings) -> Drained:
    from ingestion.sources.objects import drain

    return drain(settings)


DOORS = (
    Door(
        name="collector",
        source="collector",
        kind="fastapi",
        description="Segments of the HTTP collector's spool that no running collector looks after.",
        variable="",
        is_open=lambda _: True,
        waiting=_collector_waiting,
        drain=_collector,
    ),
    Door(
        name="rabbitmq",
        source="rabbitmq",
        kind="rabbitmq",
        description="Messages of the queue behind the exchange `analytics.events`, acknowledged when they have landed.",
        variable="RABBITMQ_URL",
        is_open=lambda settings: settings.rabbitmq_url is not None,
        waiting=_rabbitmq_waiting,
        drain=_rabbitmq,
    ),
    Door(
        name="kafka",
        source="kafka",
        kind="kafka",
        description="Messages of the event topics, their offsets committed when they have landed.",
        variable="KAFKA_BOOTSTRAP_SERVERS",
        is_open=lambda settings: settings.kafka_bootstrap_servers is not None,
        waiting=_kafka_waiting,
        drain=_kafka,
    ),
    Door(
        name="postgres",
        source="postgres",
        kind="postgres",
        description="Rows of the operational tables that have changed since the last look, as events.",
        variable="POSTGRES_URL",
        is_open=lambda settings: settings.postgres_url is not None,
        waiting=lambda _: None,
        drain=_postgres,
    ),
    Door(
        name="objects",
        source="files",
        kind="s3",
        description="Objects below the watched prefixes that have not been landed.",
        variable="LANDING_PREFIXES",
        is_open=lambda settings: bool(settings.landing_prefixes),
        waiting=_objects_waiting,
        drain=_objects,
    ),
)
