"""Months built anew on demand: spans of them that cost about the same, as the partitions of one asset; its job.

Partitions by time would be single months, and a backfill policy puts a number of them into a run, however many
events they have. Spans have about as many events as a run is to have, so each is a run.
"""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
from collections.abc import Iterator

import dagster as dg
from dagster._core.execution.backfill import BulkActionsFilter, BulkActionStatus

from dagster_project import building
from dagster_project.asset_keys import BUILD_POOL, HORIZON, MAX_RUNTIME, REBUILT_MONTHS
from dagster_project.context import Warehouse
from warehouse import months
from warehouse.client import Identity

_UNDER_WAY = BulkActionsFilter(statuses=[BulkActionStatus.REQUESTED, BulkActionStatus.CANCELING])

SPANS = dg.DynamicPartitionsDefinition(name="spans_of_months")


@dg.multi_asset(
    name="rebuild_months",
    specs=[
        dg.AssetSpec(
            REBUILT_MONTHS,
            group_name="rebuilding",
            deps=[HORIZON],
            kinds={"clickhouse"},
            description=(
                "Months of which every day has been built anew from the events that count, tested and published as any "
                "build. Nothing asks for it by itself: it is for what was wrong in a table, and for histories that are "
                "too long to build in one go. A partition is a span of about DAGSTER_REBUILD_EVENTS events."
            ),
        )
    ],
    partitions_def=SPANS,
    backfill_policy=dg.BackfillPolicy.multi_run(max_partitions_per_run=1),
    pool=BUILD_POOL,
)
def rebuild_months(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[building.Told]:
    """Build the months of the partition anew, and whatever else is stale, and publish."""
    span = months.parse(context.partition_key)
    yield from building.published(context, warehouse.settings, months=span)
    yield dg.MaterializeResult(asset_key=REBUILT_MONTHS, metadata={"months": str(span), "days": span.days})


rebuild_job = dg.define_asset_job(
    "rebuild",
    selection=dg.AssetSelection.assets(REBUILT_MONTHS),
    # Not in the lane: the pool holds builds apart, and what has landed goes before what only waits in a queue.
    run_tags={MAX_RUNTIME: "21600", "dagster/max_retries": "2"},
    description="Build the months of a span anew; a backfill of several spans is a run for each, one after another.",
)


@dg.sensor(
    name="spans_of_months",
    minimum_interval_seconds=3600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Parts the history into spans of months that cost about the same: the partitions of `rebuilt_months`.",
)
def spans_of_months(
    context: dg.SensorEvaluationContext, warehouse: dg.ResourceParam[Warehouse]
) -> dg.SensorResult | dg.SkipReason:
    """Keep the partitions as the events are, but not under the hands of a backfill."""
    if context.instance.get_backfills(_UNDER_WAY, limit=1):
        return dg.SkipReason("a backfill is under way")
    counts = months.buildable(warehouse.connect(Identity.TRANSFORMER))
    wanted = [str(span) for span in months.parted(counts, warehouse.settings.dagster_rebuild_events)]
    known = context.instance.get_dynamic_partitions("spans_of_months")
    if wanted == list(known):
        return dg.SkipReason(f"{len(wanted)} spans, as before")
    # All anew: they are shown in the order in which they were added.
    return dg.SensorResult(
        dynamic_partitions_requests=[SPANS.build_delete_request(list(known)), SPANS.build_add_request(wanted)]
    )
