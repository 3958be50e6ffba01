"""Raw to marts to readers: dbt's models and their publication, one unit.

All of it is one op on purpose. What is published must be what has just been tested, so nothing may build
in between; and a reader's marts belong to one build, so there is no rebuilding of a single one: whatever
of it a run selects, all that new events reach is built, and what was not reached leaves no trace.
"""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from dagster_project import building, dbt_graph
from dagster_project.asset_keys import BUILD_POOL, HORIZON, PUBLICATION, RAW_BATCHES, STATE_TAG
from dagster_project.context import Warehouse
from dagster_project.project import loaded_manifest
from warehouse import builds, months
from warehouse.client import Identity

_MODELS = dbt_graph.specs(loaded_manifest())

_HORIZON = dg.AssetSpec(
    key=HORIZON,
    deps=[RAW_BATCHES],
    group_name="control",
    kinds={"clickhouse"},
    skippable=True,
    description="Up to which commit of the ledger the build looks; fixed before it starts.",
)
_PUBLICATION = dg.AssetSpec(
    key=PUBLICATION,
    deps=[spec.key for spec in _MODELS if spec.group_name == "marts"],
    group_name="serving",
    kinds={"clickhouse"},
    skippable=True,
    freshness_policy=dbt_graph.MART_FRESHNESS,
    description=(
        "The generation readers see: a consistent copy of all marts, switched to when every test has passed. "
        "`warehouse publications rollback` goes back."
    ),
)


class BuildConfig(dg.Config):
    """How to build.

    Attributes:
        full_refresh: from all events, whatever has changed.
        in_turn: the same, but of more events than DAGSTER_REBUILD_EVENTS a span of months, another one each day.
    """

    full_refresh: bool = False
    in_turn: bool = False


@dg.multi_asset(
    name="build",
    specs=[_HORIZON, *_MODELS, _PUBLICATION],
    check_specs=dbt_graph.check_specs(loaded_manifest()),
    pool=BUILD_POOL,
    can_subset=True,  # which makes every output optional
)
def build(
    context: dg.AssetExecutionContext, config: BuildConfig, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.MaterializeResult | dg.AssetMaterialization | dg.AssetCheckEvaluation]:  # type: ignore[type-arg]
    """Build and test the models that are reached, and publish if every error-severity test has passed."""
    client = warehouse.connect(Identity.TRANSFORMER, context.run.run_id)
    asked = config.full_refresh or config.in_turn
    if STATE_TAG in context.run.tags and not asked and not builds.state(client).reason:
        # The clock asks while a build is under way, which may then have seen more than was known.
        context.log.info("nothing new: the build before has seen it all")
        return
    span = None
    if config.in_turn:
        counts, budget = months.buildable(client), warehouse.settings.dagster_rebuild_events
        span = months.in_turn(counts, budget, datetime.now(UTC).date())
    full_refresh = config.full_refresh or (config.in_turn and span is None)
    yield from building.published(context, warehouse.settings, full_refresh=full_refresh, months=span)
