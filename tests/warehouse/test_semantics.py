"""The catalog of metrics: what the semantic YAML says, kept once, and refused where it cannot be answered."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from clickhouse_connect.driver.client import Client
from sqlglot import exp

from warehouse import semantics, transform
from warehouse.client import Identity
from warehouse.lineage import Lineage
from warehouse.semantics import Catalog, Grain, SemanticsError
from warehouse.settings import Settings

#: Lists and streams of single things, figures by name, and what others are made from: there is nothing to add up.
NOT_ASKED = {
    "activity_feed", "anomalies", "assignments", "canary_latency", "creator_levels", "exchange_rates",
    "forecast_accuracy", "forecasts",
    "job_categories", "level_averages", "metrics", "model_popularity", "uploads", "watched_metrics",
    # One row for each: reports list them.
    "transactions", "users",
    # The same figures as the marts by day, for the days of other zones.
    "activity_by_quarter_hour", "chat_by_quarter_hour", "revenue_by_quarter_hour",
}  # fmt: skip


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return transform.parsed(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="module")
def catalog(manifest: Any) -> Catalog:
    return semantics.catalog(manifest)


def test_every_mart_can_be_asked_or_is_known_not_to(manifest: Any, catalog: Catalog) -> None:
    assert set(Lineage(manifest).marts()) - set(catalog.marts) == NOT_ASKED
    assert catalog.calendar.mart == "daily_metrics"
    assert {measure.mart for measure in catalog.measures.values()} == set(catalog.marts)
    assert {name for metric in catalog.metrics.values() for name in metric.measures} == set(catalog.measures)
    for metric in catalog.metrics.values():
        assert metric.description, metric.name
        assert metric.label, metric.name


def test_expressions_are_arithmetic_of_the_columns_of_their_mart(manifest: Any, catalog: Catalog) -> None:
    columns = {node.alias: set(node.columns) for node in manifest.nodes.values() if node.resource_type == "model"}
    said = [(m.mart, m.expression) for m in catalog.measures.values()]
    said += [(mart.name, mart.time.expression) for mart in catalog.marts.values() if mart.time]
    for mart, expression in said:
        tree = sqlglot.parse_one(expression, dialect="clickhouse")
        assert {column.name for column in tree.find_all(exp.Column)} <= columns[mart], (mart, expression)
        assert not list(tree.find_all(exp.Subquery, exp.Select, exp.Literal)), (mart, expression)


def test_names_of_answers_are_one_of_a_kind(catalog: Catalog) -> None:
    dimensions = {d.name for mart in catalog.marts.values() for d in mart.dimensions}
    assert not dimensions & (set(catalog.metrics) | {"date"})
    meanings: dict[str, set[bool]] = {}
    for mart in catalog.marts.values():
        for dimension in mart.dimensions:
            meanings.setdefault(dimension.name, set()).add(dimension.shared)
    assert all(len(shared) == 1 for shared in meanings.values())


def test_what_is_derived_from_the_yaml(catalog: Catalog) -> None:
    assert catalog.grains_of("revenue") == list(Grain)
    assert catalog.grains_of("payers") == [Grain.MONTH, Grain.QUARTER, Grain.YEAR]
    assert catalog.grains_of("retention_rate") == [Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR]
    assert catalog.grains_of("outstanding_balance") == []
    assert [d.name for d in catalog.dimensions_of("revenue_per_user")] == []
    assert catalog.metrics["revenue"].format == "usd"
    assert catalog.metrics["uploads"].format == "count"
    assert catalog.metrics["mrr"].label == "MRR"
    assert catalog.marts["queue_metrics"].time is not None
    # A description is the column's where there is none besides.
    assert catalog.metrics["fees"].description == "Bookings of category `Fee`."


def _filtered(manifest: Any) -> None:
    next(m for m in manifest.metrics.values() if m.name == "fees").filter = "x"


def _cumulative(manifest: Any) -> None:
    metric = next(m for m in manifest.metrics.values() if m.name == "refund_rate")
    metric.type_params.numerator.name = "average_transaction"


def _unknown_over(manifest: Any) -> None:
    _measure(manifest, "gross_amount").config.meta["not_over"] = ["nothing"]


def _nameless(manifest: Any) -> None:
    _measure(manifest, "net_new_mrr").description = None


def _ambiguous(manifest: Any) -> None:
    model = next(m for m in manifest.semantic_models.values() if m.name == "revenue")
    stream = next(d for d in model.dimensions if d.name == "stream")
    stream.name, stream.expr = "role", "stream"


def _no_column(manifest: Any) -> None:
    model = next(m for m in manifest.semantic_models.values() if m.name == "revenue")
    model.entities[0].expr = "nothing"


def _level_over_words(manifest: Any) -> None:
    _measure(manifest, "mrr").non_additive_dimension.name = "role"


def _no_calendar(manifest: Any) -> None:
    next(n for n in manifest.nodes.values() if n.name == "daily_metrics").time_spine = None


def _measure(manifest: Any, name: str) -> Any:
    return next(m for model in manifest.semantic_models.values() for m in model.measures if m.name == name)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_filtered, "fees: metrics are simple or ratios"),
        (_cumulative, "average_transaction: a ratio is of two simple metrics"),
        (_unknown_over, r"gross_amount: \['nothing'\] in `not_over` are no dimensions"),
        (_nameless, "net_new_mrr: an expression needs a description"),
        (_ambiguous, "revenue: the dimension role is of other marts, too"),
        (_no_column, "revenue: nothing is not a column"),
        (_level_over_words, "mrr: levels are taken on days"),
        (_no_calendar, "exactly one mart must be the calendar"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_the_catalog_cannot_say_is_refused(manifest: Any, damage: Callable[[Any], None], said: str) -> None:
    damaged = copy.deepcopy(manifest)
    damage(damaged)
    with pytest.raises(SemanticsError, match=said):
        semantics.catalog(damaged)


def test_a_catalog_is_written_once(manifest: Any, empty: Settings, client_of: Callable[[Identity], Client]) -> None:
    client, reader = client_of(Identity.TRANSFORMER), client_of(Identity.READER)
    for code in ("one", "one", "two"):
        semantics.write(client, manifest, code)
    found = reader.query("SELECT code, catalog FROM marts.semantics ORDER BY code").result_rows
    assert [code for code, _ in found] == ["one", "two"]
    assert {Catalog.model_validate_json(text) == semantics.catalog(manifest) for _, text in found} == {True}


def test_a_project_that_does_not_parse_is_a_failed_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transform, "project_dir", lambda: tmp_path)
    with pytest.raises(transform.BuildFailed, match="does not parse"):
        transform.parsed(tmp_path)
