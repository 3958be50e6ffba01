"""The doors as Dagster sees them: what each is called, whether it is open here, what waits, how it is drained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import dagster as dg

from dagster_project.asset_keys import LANDING_FOLDER
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
        module: has `drain`, and `waiting` where the door can tell; loaded when it is used.
    """

    name: str
    source: str
    kind: str
    description: str
    variable: str
    is_open: Callable[[Settings], bool]
    module: str

    def drain(self, settings: Settings) -> Drained:
        """Land what waits and acknowledge it.

        Raises:
            WarehouseError: the door or ClickHouse does not answer; what was not landed waits on.
        """
        drained: Drained = import_module(self.module).drain(settings)
        return drained

    def waiting(self, settings: Settings) -> int | None:
        """How much waits; None where only draining tells. Cheap: asked every minute.

        Raises:
            WarehouseError: the door does not answer.
        """
        ask = getattr(import_module(self.module), "waiting", None)
        return None if ask is None else int(ask(settings))


DOORS = (
    Door(
        name="collector",
        source="collector",
        kind="fastapi",
        description="Segments of the HTTP collector's spool that no running collector looks after.",
        variable="",
        is_open=lambda _: True,
        module="ingestion.doors.collector",
    ),
    Door(
        name="rabbitmq",
        source="rabbitmq",
        kind="rabbitmq",
        description="Messages of the queue behind the exchange `analytics.events`, acknowledged when they have landed.",
        variable="RABBITMQ_URL",
        is_open=lambda settings: settings.rabbitmq_url is not None,
        module="ingestion.doors.rabbitmq",
    ),
    Door(
        name="kafka",
        source="kafka",
        kind="kafka",
        description="Messages of the event topics, their offsets committed when they have landed.",
        variable="KAFKA_BOOTSTRAP_SERVERS",
        is_open=lambda settings: settings.kafka_bootstrap_servers is not None,
        module="ingestion.doors.kafka",
    ),
    Door(
        name="postgres",
        source="postgres",
        kind="postgres",
        description="Rows of the operational tables that have changed since the last look, as events.",
        variable="POSTGRES_URL",
        is_open=lambda settings: settings.postgres_url is not None,
        module="ingestion.sources.postgres",
    ),
    Door(
        name="objects",
        source="files",
        kind="s3",
        description="Objects below the watched prefixes that have not been landed.",
        variable="LANDING_PREFIXES",
        is_open=lambda settings: bool(settings.landing_prefixes),
        module="ingestion.sources.objects",
    ),
)

#: Assets of all ways in: the doors and the watched folder.
WAYS_IN = [LANDING_FOLDER, *(dg.AssetKey(door.name) for door in DOORS)]
