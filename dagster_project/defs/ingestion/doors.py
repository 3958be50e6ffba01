"""An asset per door: a run lands what waits behind it, with or without its service beside it."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import dagster as dg

from dagster_project.asset_keys import DOORS_POOL
from dagster_project.context import Warehouse
from dagster_project.defs.ingestion.checks import check_source
from dagster_project.doors import DOORS, Door
from warehouse.client import Identity

#: A door is looked at every minute; one that has not been for an hour stands still.
_FRESHNESS = dg.FreshnessPolicy.time_window(fail_window=timedelta(hours=2), warn_window=timedelta(hours=1))
_LEDGER = "ledger_balances"


def _asset(door: Door) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=door.name,
        specs=[
            dg.AssetSpec(
                key=door.name,
                group_name="sources",
                kinds={door.kind},
                description=door.description,
                freshness_policy=_FRESHNESS,
            )
        ],
        check_specs=[
            dg.AssetCheckSpec(
                _LEDGER,
                asset=door.name,
                description=(
                    "This door's batches since the last generation but one add up and hold the rows the ledger says, to"
                    " the event; `raw/events` has all earlier ones checked at night."
                ),
            )
        ],
        pool=DOORS_POOL,
    )
    def drain(
        context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
    ) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:  # type: ignore[type-arg]
        settings, started = warehouse.settings, time.monotonic()
        if not door.is_open(settings):
            context.log.info("%s is not set: nothing to do", door.variable)
            yield dg.MaterializeResult(asset_key=door.name, metadata={"open": False})
            yield dg.AssetCheckResult(asset_key=door.name, check_name=_LEDGER, passed=True, metadata={"batches": 0})
            return
        done = door.drain(settings)
        seconds = time.monotonic() - started
        for note in done.notes:
            context.log.info("%s", note)
        metadata: dict[str, Any] = {
            "open": True,
            **done.totals.figures(),
            "set_aside": done.refused,
            "seconds": round(seconds, 3),
            "events_per_second": round(done.totals.received / seconds, 1),
            "notes": dg.MetadataValue.json(done.notes),
        }
        if done.waiting is not None:
            metadata["waiting"] = done.waiting
        yield dg.MaterializeResult(asset_key=door.name, metadata=metadata)
        client = warehouse.connect(Identity.TRANSFORMER, context.run.run_id)
        passed, figures = check_source(client, door.source)
        yield dg.AssetCheckResult(asset_key=door.name, check_name=_LEDGER, passed=passed, metadata=figures)

    return drain


doors = [_asset(door) for door in DOORS]
