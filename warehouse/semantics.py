"""The catalog of metrics and dimensions, read from dbt's semantic YAML into `marts.semantics` for all without dbt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from warehouse.client import scalar
from warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: How values are written: a count, US dollars, money in the row's currency, a fraction of 1, a mean score, or a unit.
Format = Literal["count", "usd", "currency", "fraction", "score", "number", "ms", "seconds", "hours", "days", "bytes"]


class SemanticsError(WarehouseError):
    """The semantic YAML says something that the catalog cannot."""


class Grain(StrEnum):
    """How long a step is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dimension(_Frozen):
    """What rows of a mart are told apart by.

    Attributes:
        name: the same in every mart that can be joined on it.
        column: of the mart.
        type: of the column in ClickHouse.
        description: what it is.
        shared: whether other marts have it, too: numbers of several marts meet on shared dimensions.
        segment: whether it tells groups of users apart.
    """

    name: str
    column: str
    type: str
    description: str
    shared: bool = False
    segment: bool = False

    @property
    def numeric(self) -> bool:
        """Whether its values are whole numbers."""
        return "Int" in self.type


class Time(_Frozen):
    """The days of a mart's rows: an expression of its columns, and the shortest step it tells apart."""

    name: str
    expression: str
    grain: Grain


class Snapshot(_Frozen):
    """Of a level: whether that of the last or of the first day of a step counts, and by what dimensions' own days."""

    choice: Literal["max", "min"]
    by: tuple[str, ...] = ()


class Measure(_Frozen):
    """What is aggregated of a mart.

    Attributes:
        name: unique in the catalog.
        mart: published name of the mart.
        aggregation: sum, max or count (of what is not null).
        expression: of the mart's columns.
        description: what it is.
        format: how its values are written.
        snapshot: for levels, which day of a step they are taken on.
        not_over: dimensions, or the mart's time, over which it must not be aggregated.
    """

    name: str
    mart: str
    aggregation: Literal["sum", "max", "count"]
    expression: str
    description: str
    format: Format
    snapshot: Snapshot | None = None
    not_over: tuple[str, ...] = ()


class Mart(_Frozen):
    """A mart that can be asked: its dimensions, and its time; without one, it is as of the last day only."""

    name: str
    description: str
    time: Time | None
    dimensions: tuple[Dimension, ...]


class Metric(_Frozen):
    """A figure to ask for: a measure, or one divided by another after both have been aggregated."""

    name: str
    label: str
    description: str
    format: Format
    measure: str
    denominator: str | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures it is made of."""
        return (self.measure,) if self.denominator is None else (self.measure, self.denominator)


class Calendar(_Frozen):
    """The mart and column with a row for every day there is."""

    mart: str
    column: str


class Catalog(_Frozen):
    """All that can be asked, by name."""

    calendar: Calendar
    marts: dict[str, Mart] = Field(default_factory=dict)
    measures: dict[str, Measure] = Field(default_factory=dict)
    metrics: dict[str, Metric] = Field(default_factory=dict)

    def marts_of(self, metric: str) -> list[Mart]:
        """The marts a metric is made of."""
        names = dict.fromkeys(self.measures[name].mart for name in self.metrics[metric].measures)
        return [self.marts[name] for name in names]

    def dimensions_of(self, metric: str) -> list[Dimension]:
        """What a metric can be grouped and filtered by, but for its time."""
        first, *others = self.marts_of(metric)
        return [d for d in first.dimensions if all(d.name in {o.name for o in mart.dimensions} for mart in others)]

    def grains_of(self, metric: str) -> list[Grain]:
        """The steps a metric can be asked by; none when it is as of the last day only."""
        times = [mart.time for mart in self.marts_of(metric)]
        if None in times:
            return []
        steps = list(Grain)
        return [step for step in steps if all(time and _divides(time.grain, step) for time in times)]


def _divides(finer: Grain, coarser: Grain) -> bool:
    """Whether steps of one can be put together to steps of the other; weeks count where they begin."""
    steps = list(Grain)
    return finer == coarser or (steps.index(finer) < steps.index(coarser))


def catalog(manifest: Any) -> Catalog:
    """The catalog of a manifest.

    Raises:
        SemanticsError: the YAML says something that the catalog cannot; names it.
    """
    made = [_Model(manifest, model) for model in manifest.semantic_models.values()]
    spines = [node for node in manifest.nodes.values() if getattr(node, "time_spine", None)]
    if len(spines) != 1:
        raise SemanticsError("exactly one mart must be the calendar", "give one mart's .yml a `time_spine`")
    owners: dict[str, int] = {}
    for model in made:
        for name in {d.name for d in model.mart.dimensions}:
            owners[name] = owners.get(name, 0) + 1
    for model in made:
        for dimension in model.mart.dimensions:
            if not dimension.shared and owners[dimension.name] > 1:
                raise SemanticsError(
                    f"{model.mart.name}: the dimension {dimension.name} is of other marts, too",
                    "make it an entity where it means the same, or give it a name of its own",
                )
    return Catalog(
        calendar=Calendar(mart=spines[0].alias, column=spines[0].time_spine.standard_granularity_column),
        marts={m.mart.name: m.mart for m in sorted(made, key=lambda m: m.mart.name)},
        measures={m.name: m for model in made for m in model.measures()},
        metrics=dict(sorted(_metrics(manifest, {m.name: m for model in made for m in model.measures()}))),
    )


def write(client: Client, manifest: Any, code: str) -> None:
    """Keep the catalog, unless it is kept already.

    Args:
        client: connected as the transformer.
        manifest: dbt's manifest object.
        code: fingerprint of the models.
    """
    if scalar(client, "SELECT count() FROM marts.semantics WHERE code = {code:String}", {"code": code}):
        return
    row = [code, datetime.now(UTC), catalog(manifest).model_dump_json()]
    client.insert("marts.semantics", [row], column_names=["code", "written_at", "catalog"])


class _Model:
    """A semantic model beside the mart it is about."""

    def __init__(self, manifest: Any, model: Any) -> None:
        self._model = model
        node = manifest.nodes[model.depends_on_nodes[0]]
        self._columns = node.columns
        self._time = next(d for d in model.dimensions if d.name == model.defaults.agg_time_dimension)
        time_column = self._time.expr or self._time.name
        # What is as of the last day has `today()`, because dbt wants a time of everything.
        timed = time_column != _NOW
        self.mart = Mart(
            name=node.alias,
            description=" ".join(node.description.split()),
            time=Time(name=self._time.name, expression=time_column, grain=_grain(self._time)) if timed else None,
            dimensions=tuple(self._dimensions()),
        )

    def _dimensions(self) -> Iterator[Dimension]:
        entities = [(entity, True) for entity in self._model.entities]
        for found, shared in entities + [(d, False) for d in self._model.dimensions if d.type.value == "categorical"]:
            column = self._column(found.expr or found.name)
            yield Dimension(
                name=found.name,
                column=column.name,
                type=column.data_type,
                description=found.description or " ".join(column.description.split()),
                shared=shared,
                segment=bool(_meta(found).get("segment")),
            )

    def measures(self) -> Iterator[Measure]:
        """The measures of the model."""
        for found in self._model.measures:
            meta, expression = _meta(found), str(found.expr or found.name)
            column = self._columns.get(expression)
            level = found.non_additive_dimension
            if level is not None and level.name != self._time.name:
                raise SemanticsError(f"{found.name}: levels are taken on days", "use `not_over` for other dimensions")
            names = {d.name for d in self.mart.dimensions} | {self._time.name}
            if unknown := set(meta.get("not_over", ())) - names:
                raise SemanticsError(f"{found.name}: {sorted(unknown)} in `not_over` are no dimensions of the mart")
            if column is None and not found.description:
                raise SemanticsError(f"{found.name}: an expression needs a description")
            counted = found.agg.value == "count" or column is None or "Int" in column.data_type
            money = column is not None and "Decimal" in column.data_type
            yield Measure(
                name=found.name,
                mart=self.mart.name,
                aggregation=found.agg.value,
                expression=expression,
                description=found.description or (" ".join(column.description.split()) if column else ""),
                format=meta.get("format") or ("count" if counted else "usd" if money else "number"),
                snapshot=Snapshot(choice=level.window_choice.value, by=tuple(level.window_groupings))
                if level
                else None,
                not_over=tuple(meta.get("not_over", ())),
            )

    def _column(self, name: str) -> Any:
        if name not in self._columns:
            raise SemanticsError(f"{self._model.name}: {name} is not a column of the mart")
        return self._columns[name]


_NOW = "today()"
_ABBREVIATIONS = {"arr", "mau", "mrr", "wau"}


def _metrics(manifest: Any, measures: dict[str, Measure]) -> Iterator[tuple[str, Metric]]:
    for found in manifest.metrics.values():
        parameters = found.type_params
        if found.type.value == "simple" and found.filter is None:
            measure = measures[parameters.measure.name]
            yield (
                found.name,
                Metric(
                    name=found.name,
                    label=found.label if found.label != found.name else _words(found.name),
                    description=measure.description,
                    format=measure.format,
                    measure=measure.name,
                ),
            )
        elif found.type.value == "ratio" and found.filter is None:
            yield (
                found.name,
                Metric(
                    name=found.name,
                    label=found.label,
                    description=" ".join(found.description.split()),
                    format=_meta(found).get("format", "fraction"),
                    measure=_measure_of(manifest, parameters.numerator.name),
                    denominator=_measure_of(manifest, parameters.denominator.name),
                ),
            )
        else:
            raise SemanticsError(f"{found.name}: metrics are simple or ratios, without filters of their own")


def _measure_of(manifest: Any, metric: str) -> str:
    found = next(m for m in manifest.metrics.values() if m.name == metric)
    if found.type.value != "simple":
        raise SemanticsError(f"{metric}: a ratio is of two simple metrics")
    return str(found.type_params.measure.name)


def _grain(dimension: Any) -> Grain:
    granularity = dimension.type_params.time_granularity
    return Grain(getattr(granularity, "value", granularity))


def _meta(element: Any) -> dict[str, Any]:
    return dict(getattr(element.config, "meta", None) or {})


def _words(name: str) -> str:
    words = [word.upper() if word in _ABBREVIATIONS else word for word in name.split("_")]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])
