"""What the tests of `refresh` look at, and the clock that asks for it."""

from __future__ import annotations

import dagster as dg

from dagster_project.context import Warehouse
from dagster_project.definitions import build_defs
from dagster_project.defs.operations import sensors
from warehouse import publications
from warehouse.client import Identity, connect
from warehouse.settings import Settings


def metadata(result: dg.ExecuteInProcessResult, key: dg.AssetKey) -> dict[str, object]:
    """What a run says of an asset."""
    [event] = [event for event in result.get_asset_materialization_events() if event.asset_key == key]
    return {name: value.value for name, value in event.materialization.metadata.items()}


def generations(settings: Settings) -> list[int]:
    """Numbers of what has been published, latest first."""
    rows = publications.history(connect(Identity.TRANSFORMER, settings))
    return [row.generation for row in rows]


def held(settings: Settings) -> int:
    """Events that count."""
    client = connect(Identity.TRANSFORMER, settings)
    return int(client.query("SELECT sum(stored) FROM raw.batches").first_row[0])


def tick(settings: Settings, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    """One tick of the sensor."""
    defs = build_defs(settings)
    context = dg.build_sensor_context(
        instance=instance,
        repository_def=defs.get_repository_def(),
        resources={"warehouse": Warehouse(settings)},
    )
    answer = sensors.refresh(context)
    assert isinstance(answer, (dg.RunRequest, dg.SkipReason))
    return answer
