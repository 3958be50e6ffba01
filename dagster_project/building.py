"""A build as an op runs it: everything that comes of it is recorded, whatever of it the run has selected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from dagster_project import dbt_graph, restatement
from dagster_project.asset_keys import HORIZON, PUBLICATION
from dagster_project.project import loaded_manifest
from warehouse.builds import Outcome, build_and_publish
from warehouse.months import Span
from warehouse.settings import Settings
from warehouse.transform import BuildFailed, NodeResult

Told = dg.MaterializeResult[Any] | dg.AssetMaterialization | dg.AssetCheckEvaluation


def published(
    context: dg.AssetExecutionContext, settings: Settings, *, full_refresh: bool = False, months: Span | None = None
) -> Iterator[Told]:
    """Build and publish; tells of horizon, tables, checks and publication, and returns what came of it.

    Args:
        context: of the op.
        settings: names the home and the ClickHouse.
        full_refresh: build from all events.
        months: to be built anew, whether they are stale or not.

    Raises:
        dagster.Failure: a model or an error-severity test failed; nothing was published.
    """
    results: list[NodeResult] = []
    outcome: Outcome | BuildFailed
    try:
        outcome = build_and_publish(
            settings,
            run_id=context.run.run_id,
            full_refresh=full_refresh,
            months=months,
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


def _outputs(context: dg.AssetExecutionContext, result: dg.MaterializeResult[Any]) -> Iterator[Told]:
    """A result as the output others wait for, or as an event where the run has not selected it."""
    if result.asset_key in context.selected_asset_keys:
        yield result
    elif result.asset_key is not None:
        yield dg.AssetMaterialization(asset_key=result.asset_key, metadata=result.metadata)
