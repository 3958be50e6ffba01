"""Raw to marts to readers: dbt's models and their publication, one unit.

All of it is one op on purpose. What is published must be what has just been tested, so nothing may build
in between; and a reader's marts belong to one build, so there is no rebuilding of a single one: whatever
of it a run selects, all that new events reach is built, and what was not reached leaves no trace.
"""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
from collections.abc import Iterator
from typing import Any

import dagster as dg

from dagster_project import dbt_graph, restatement
from dagster_project.asset_keys import BUILD_POOL, HORIZON, PUBLICATION, RAW_BATCHES, STATE_TAG
from dagster_project.context import Warehouse
from dagster_project.project import loaded_manifest
from warehouse import builds
from warehouse.builds import Outcome, build_and_publish
from warehouse.client import Identity
from warehouse.transform import BuildFailed, NodeResult

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
    """

    full_refresh: bool = False


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
    if STATE_TAG in context.run.tags and not config.full_refresh and not builds.state(client).reason:
        # The clock asks while a build is under way, which may then have seen more than was known.
        context.log.info("nothing new: the build before has seen it all")
        return
    results: list[NodeResult] = []
    outcome: Outcome | BuildFailed
    try:
        outcome = build_and_publish(
            warehouse.settings,
            run_id=context.run.run_id,
            full_refresh=config.full_refresh,
            finished=results.append,
        )
    except BuildFailed as error:
        outcome = error
    # Also of a build that fails: its checks are what one looks for.
    context.log.info("%d models, seeds and tests have finished", len(results))
    yield from _outputs(context, dg.MaterializeResult(asset_key=HORIZON))
    yield from dbt_graph.events(loaded_manifest(), results, _known_of_tables(outcome))
    if isinstance(outcome, BuildFailed):
        raise dg.Failure(str(outcome), allow_retries=False)
    published, built = outcome.publication, outcome.built
    metadata = {
        "generation": published.generation,
        "database": published.database,
        "complete_through": str(published.complete_through),
        "commit_seq": published.commit_seq,
        **restatement.of_publication(outcome),
        "tests_passed": published.tests_passed,
        "tests_warned": published.tests_failed,
        "dbt_seconds": round(built.seconds, 3),
        "engine_seconds": round(built.engine_seconds, 3),
        "rows": dg.MetadataValue.json(outcome.rows),
        "dagster/row_count": sum(outcome.rows.values()),
    }
    yield from _outputs(context, dg.MaterializeResult(asset_key=PUBLICATION, metadata=metadata))


def _known_of_tables(outcome: Outcome | BuildFailed) -> dict[str, dict[str, Any]]:
    if isinstance(outcome, BuildFailed):
        return {}
    known: dict[str, dict[str, Any]] = {name: {"dagster/row_count": rows} for name, rows in outcome.rows.items()}
    for entry in outcome.rebuilt:
        known.setdefault(entry.model, {}).update(restatement.of_model(entry))
    return known


def _outputs(
    context: dg.AssetExecutionContext,
    result: dg.MaterializeResult,  # type: ignore[type-arg]
) -> Iterator[dg.MaterializeResult | dg.AssetMaterialization]:  # type: ignore[type-arg]
    """A result as the output others wait for, or as an event where the run has not selected it."""
    if result.asset_key in context.selected_asset_keys:
        yield result
    elif result.asset_key is not None:
        yield dg.AssetMaterialization(asset_key=result.asset_key, metadata=result.metadata)
