"""What the builder answers: rows with what they are, and the catalog of what can be asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from serving_api.builder.combinations import common_dimensions, common_grains
from serving_api.builder.compiler import Statement
from serving_api.builder.query import Query
from serving_api.generations import Generation, instant
from warehouse.semantics import Catalog, Format


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ShownColumn(_Shown):
    """A column of the rows."""

    name: str = Field(description="Its name in the rows.")
    label: str = Field(description="Its name for people.")
    kind: Literal["time", "dimension", "metric"] = Field(description="First day of the step, dimension or metric.")
    format: Literal["date", "text"] | Format = Field(description="How its values are written.")
    description: str = Field(description="What it means.")


class ShownChart(_Shown):
    """How the rows may be drawn."""

    kind: Literal["line", "bar", "number", "table"] = Field(description="What suits the columns.")
    title: str = Field(description="Of the chart.")
    x: str | None = Field(description="Column along the axis; null for number and table.")
    y: list[str] = Field(description="Columns drawn.")
    series: str | None = Field(description="Column whose values are lines or bars of their own.")
    vega_lite: dict[str, Any] | None = Field(
        description="Vega-Lite specification that wants the rows as `data.values`; null where nothing is drawn."
    )


class AnswerMeta(_Shown):
    """Where the rows come from, and what they are."""

    generation: int = Field(description="Generation of the marts that the answer is from.")
    complete_through: str | None = Field(
        description="Instant of the last event in it; null without any.", json_schema_extra={"format": "date-time"}
    )
    rows: int = Field(description="Rows in `data`.")
    start_date: str | None = Field(description="First day they are about; null for what is as of the last day only.")
    end_date: str | None = Field(description="Last day they are about.")
    marts: list[str] = Field(description="Marts they are from.")
    columns: list[ShownColumn] = Field(description="Columns of the rows, in order.")
    chart: ShownChart
    query: Query = Field(description="The question.")


class QueryAnswer(_Shown):
    """The rows of a question."""

    data: list[dict[str, str | int | float | None]] = Field(description="Rows: values by the names of the columns.")
    meta: AnswerMeta


class CatalogMetric(_Shown):
    """A metric, and what it can be asked by."""

    name: str = Field(description="Its name in questions.")
    label: str = Field(description="Its name for people.")
    description: str = Field(description="What it means.")
    format: Format = Field(description="How its values are written.")
    kind: Literal["total", "level", "extreme", "ratio"] = Field(
        description="A total adds up, a level is taken at the end or beginning of a step, a ratio is formed last."
    )
    marts: list[str] = Field(description="Marts it is from.")
    dimensions: list[str] = Field(description="What it can be told apart and filtered by.")
    grains: list[str] = Field(description="Steps it can be asked by; none for what is as of the last day only.")
    not_over: list[str] = Field(description="Dimensions that must be asked for or filtered to one value; or its time.")


class CatalogDimension(_Shown):
    """A dimension."""

    name: str = Field(description="Its name in questions.")
    description: str = Field(description="What it means.")
    type: Literal["text", "integer"] = Field(description="Of its values.")
    is_shared: bool = Field(description="Whether metrics of several marts can be asked for together by it.")
    is_segment: bool = Field(description="Whether it tells groups of users apart.")


class CatalogAnswer(_Shown):
    """What can be asked, or what can be asked together with some metrics."""

    generation: int = Field(description="Generation of the marts it holds for.")
    metrics: list[CatalogMetric]
    dimensions: list[CatalogDimension]
    grains: list[str] = Field(description="Steps of time that all the named metrics can be asked by.")


def rows_answer(query: Query, statement: Statement, generation: Generation, lines: bytes, count: int) -> bytes:
    """The answer as JSON, its rows as ClickHouse has written them, a line each."""
    start, end = (day.isoformat() for day in statement.days) if statement.days else (None, None)
    meta = AnswerMeta(
        generation=generation.number,
        complete_through=instant(generation.complete_through),
        rows=count,
        start_date=start,
        end_date=end,
        marts=list(statement.marts),
        columns=[ShownColumn(**asdict(column)) for column in statement.columns],
        chart=ShownChart(
            **asdict(statement.chart) | {"y": list(statement.chart.y)},
            vega_lite=statement.chart.vega_lite(statement.columns),
        ),
        query=query,
    )
    rows = lines.rstrip(b"\n").replace(b"\n", b",\n")
    return b'{"data":[' + rows + b'],"meta":' + orjson.dumps(meta.model_dump(mode="json")) + b"}\n"


def catalog_answer(catalog: Catalog, generation: Generation, metrics: Collection[str]) -> CatalogAnswer:
    """What can be asked; with some metrics, what can be asked together with all of them.

    Args:
        catalog: of the generation.
        generation: that it holds for.
        metrics: names in the catalog.
    """
    together = metrics or catalog.metrics
    dated = {bool(catalog.grains_of(name)) for name in metrics}
    shown = [name for name in catalog.metrics if not metrics or dated == {bool(catalog.grains_of(name))}]
    dimensions = (
        common_dimensions(metrics, catalog)
        if metrics
        else list({d.name: d for mart in catalog.marts.values() for d in mart.dimensions}.values())
    )
    return CatalogAnswer(
        generation=generation.number,
        metrics=[catalog_metric(name, catalog) for name in shown],
        dimensions=[
            CatalogDimension(
                name=d.name,
                description=d.description,
                type="integer" if d.numeric else "text",
                is_shared=d.shared,
                is_segment=d.segment,
            )
            for d in sorted(dimensions, key=lambda d: d.name)
        ],
        grains=list(common_grains([n for n in together if catalog.grains_of(n)] if not metrics else together, catalog)),
    )


def catalog_metric(name: str, catalog: Catalog) -> CatalogMetric:
    """A metric as the catalog shows it."""
    metric = catalog.metrics[name]
    measures = [catalog.measures[measure] for measure in metric.measures]
    kind: Literal["total", "level", "extreme", "ratio"] = "total"
    if metric.denominator is not None:
        kind = "ratio"
    elif measures[0].snapshot is not None:
        kind = "level"
    elif measures[0].aggregation == "max":
        kind = "extreme"
    return CatalogMetric(
        name=name,
        label=metric.label,
        description=metric.description,
        format=metric.format,
        kind=kind,
        marts=[mart.name for mart in catalog.marts_of(name)],
        dimensions=[d.name for d in catalog.dimensions_of(name)],
        grains=list(catalog.grains_of(name)),
        not_over=list(dict.fromkeys(over for measure in measures for over in measure.not_over)),
    )
