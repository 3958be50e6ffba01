"""Spans of months as partitions: kept by a sensor, built anew by a run each, published as any build."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

from dagster_project.asset_keys import PUBLICATION, REBUILT_MONTHS
from dagster_project.context import Warehouse
from dagster_project.definitions import build_defs
from dagster_project.defs.transformation.rebuilding import spans_of_months
from ingestion.simulator import write
from tests.dagster_project.conftest import settle
from warehouse import publications
from warehouse.client import Identity, connect
from warehouse.settings import Settings

NAME = "spans_of_months"


def look(settings: Settings, instance: dg.DagsterInstance) -> dg.SensorResult | dg.SkipReason:
    """One tick of the sensor; what it asks for is done, as the daemon does it."""
    context = dg.build_sensor_context(instance=instance, resources={"warehouse": Warehouse(settings)})
    answer = spans_of_months(context)
    assert isinstance(answer, dg.SensorResult | dg.SkipReason)
    if isinstance(answer, dg.SensorResult):
        gone, added = answer.dynamic_partitions_requests or ()
        for key in gone.partition_keys:
            instance.delete_dynamic_partition(NAME, key)
        instance.add_dynamic_partitions(NAME, added.partition_keys)
    return answer


def rebuild(settings: Settings, instance: dg.DagsterInstance, key: str) -> dg.ExecuteInProcessResult:
    job = build_defs(settings).resolve_job_def("rebuild")
    return job.execute_in_process(instance=instance, partition_key=key, raise_on_error=False)


def told(result: dg.ExecuteInProcessResult, key: dg.AssetKey) -> dg.AssetMaterialization:
    assert result.success
    [found] = [event for event in result.get_asset_materialization_events() if event.asset_key == key]
    return found.materialization


def test_spans_are_built_anew_tested_and_published(
    line: Settings, instance: dg.DagsterInstance, refresh: Callable[[], dg.ExecuteInProcessResult], folder: Path
) -> None:
    assert isinstance(look(line, instance), dg.SkipReason)  # no events, no spans
    write(folder / "days.ndjson", events=400, days=6, seed=1, end=dt.date(2026, 11, 3))
    settle(folder / "days.ndjson")
    assert refresh().success
    look(line.model_copy(update={"dagster_rebuild_events": 1}), instance)
    assert list(instance.get_dynamic_partitions(NAME)) == ["2026-10", "2026-11"]
    look(line, instance)
    assert list(instance.get_dynamic_partitions(NAME)) == ["2026-10..2026-11"]
    assert isinstance(look(line, instance), dg.SkipReason)

    result = rebuild(line, instance, "2026-10..2026-11")
    assert told(result, REBUILT_MONTHS).partition == "2026-10..2026-11"
    published = told(result, PUBLICATION).metadata
    assert (published["reason"].value, published["full"].value) == ("2026-10..2026-11 asked for", False)
    assert told(result, dg.AssetKey("revenue")).metadata["days_rebuilt"].value == 6
    assert len(result.get_asset_check_evaluations()) > 50
    assert all(check.passed for check in result.get_asset_check_evaluations())

    history = publications.history(connect(Identity.TRANSFORMER, line))
    assert [row.generation for row in history] == [2, 1]


def test_partitions_stay_as_they_are_under_a_backfill(line: Settings, instance: dg.DagsterInstance) -> None:
    instance.add_dynamic_partitions(NAME, ["2020-01"])
    instance.add_backfill(
        PartitionBackfill(
            backfill_id="first",
            status=BulkActionStatus.REQUESTED,
            from_failure=False,
            tags={},
            backfill_timestamp=0.0,
            partition_names=["2020-01"],
        )
    )
    answer = look(line, instance)
    assert isinstance(answer, dg.SkipReason)
    assert "backfill" in str(answer.skip_message)
    assert list(instance.get_dynamic_partitions(NAME)) == ["2020-01"]


def test_what_has_landed_goes_before_the_spans_of_a_backfill() -> None:
    defs = build_defs()
    refresh, spans = defs.resolve_job_def("refresh"), defs.resolve_job_def("rebuild")
    assert int(refresh.run_tags["dagster/priority"]) > int(spans.run_tags.get("dagster/priority", 0))
    assert "warehouse/lane" not in spans.run_tags  # else the clock would take it for its own
    asset = defs.resolve_asset_graph().get(REBUILT_MONTHS)
    assert asset.backfill_policy == dg.BackfillPolicy.multi_run(max_partitions_per_run=1)
    assert asset.pools == {"build"}


@pytest.mark.parametrize("key", ["2025-13", "yesterday"])
def test_a_partition_that_is_no_span_fails_with_what_to_write(
    line: Settings, instance: dg.DagsterInstance, key: str
) -> None:
    instance.add_dynamic_partitions(NAME, [key])
    result = rebuild(line, instance, key)
    assert not result.success
    [failure] = result.filter_events(lambda event: event.is_step_failure)
    assert "is no span of months" in str(failure.step_failure_data.error)
