"""What the API is told of the models: all of it, as dbt has it, and once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from warehouse import models, transform
from warehouse.client import Identity
from warehouse.lineage import Lineage
from warehouse.retention.policy import load
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def manifest(home: Settings) -> Any:
    return transform.manifest(home, transform.fingerprint())


def test_every_mart_is_described_down_to_its_events(manifest: Any) -> None:
    nodes = {(node.kind, node.name): node for node in models.nodes(manifest)}
    marts = {name: node for (kind, name), node in nodes.items() if kind == "mart"}
    assert sorted(marts) == Lineage(manifest).marts()
    seeds = {node.name for node in manifest.nodes.values() if node.resource_type == "seed"}
    for mart in marts.values():
        assert mart.description
        assert mart.grain
        assert all(type_ and description for _, type_, description in mart.columns), mart.name
        assert any(above.startswith("raw.") or above in seeds for above in mart.ancestors), mart.name
    score = marts["job_success_score"]
    assert {"job_success_contracts", "int_contracts__folded", "stg_feedback", "raw.events"} <= set(score.ancestors)
    assert nodes["staging", "stg_feedback"].event_types == ["feedback.submitted"]
    assert not nodes["staging", "stg_feedback"].reads_all_events
    # Published under another name than the model has.
    assert "creator_levels" in marts
    assert "creator_levels" in nodes["exposure", "serving_api_creators"].parents


def test_a_mart_that_narrows_the_events_itself_is_reached_by_their_types_alone(manifest: Any) -> None:
    changed = copy.deepcopy(manifest)
    mart, reader = (changed.nodes[f"model.marketplace.{name}"] for name in ("search_activity", "vendor_metrics"))
    mart.depends_on.nodes = ["model.marketplace.stg_events"]
    mart.config.meta = {"event_types": ["search.performed"], "restate": {"reach": {"stg_events": "own_day"}}}
    reader.depends_on.nodes = [mart.unique_id]
    reader.config.meta = {"restate": {"reach": {"search_activity": "own_day"}}}
    lineage = Lineage(changed)
    assert lineage.causes("search_activity") == {"stg_events": {"search.performed"}}
    assert {"search_activity", "vendor_metrics"} <= set(lineage.reached(["search.performed"], [], landed=True).tables)
    assert not {"search_activity", "vendor_metrics"} & set(lineage.reached(["user.signin"], [], landed=True).tables)
    assert "search_activity" in lineage.event_readers()
    # Whoever reads it learns of its changes by the days that it logs.
    assert lineage.causes("vendor_metrics") == {"search_activity": {"search_activity"}}
    assert "vendor_metrics" not in lineage.event_readers()


def test_models_are_written_once(manifest: Any, empty: Settings, client_of: Callable[[Identity], Client]) -> None:
    client, reader = client_of(Identity.TRANSFORMER), client_of(Identity.READER)
    for code in ("one", "one", "two"):
        models.write(client, manifest, code)
    counts = reader.query("SELECT code, count(), uniqExact(kind, name) FROM marts.models GROUP BY code ORDER BY code")
    assert counts.result_rows == [
        (code, len(models.nodes(manifest)), len(models.nodes(manifest))) for code in ("one", "two")
    ]


def test_rows_leave_only_where_nobody_misses_them(manifest: Any) -> None:
    found = set(Lineage(manifest).missed_nowhere())
    assert set(load().aggregates) <= found
    # What is summed up from the beginning, by other models or by a test of all days, stays (ADR 27).
    assert not found & {"revenue", "daily_metrics", "freelancer_earnings", "plan_revenue", "signup_sources"}
