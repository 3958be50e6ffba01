"""Gauges that SQL files declare: what the published marts say, as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson
import yaml
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from pydantic import BaseModel, ConfigDict, Field

from serving_api import sql_file
from warehouse.errors import WarehouseError

GAUGES = Path(__file__).parent / "gauges"


class GaugeError(WarehouseError):
    """A file of gauges cannot be used."""


class Declaration(BaseModel):
    """What a column becomes.

    Attributes:
        help: its meaning, with the unit.
        type: gauge, or counter for what only grows; the name of a counter ends in `_total`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    help: str
    type: Literal["gauge", "counter"] = "gauge"


class Header(BaseModel):
    """The YAML header of a file of gauges.

    Attributes:
        reads: marts that its SQL reads; a generation without one of them has none of these gauges.
        live: changes without a new generation, and is asked four times a minute at most instead of once for each.
        labels: columns that tell samples apart.
        metrics: columns that are samples, by name; a null is no sample.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reads: tuple[str, ...] = ()
    live: bool = False
    labels: tuple[str, ...] = ()
    metrics: dict[str, Declaration] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Gauges:
    """One file: its name, header, and the SQL, which is asked once of each generation unless it is live."""

    name: str
    header: Header
    sql: str

    def families(self, rows: Iterable[bytes]) -> Iterator[Metric]:
        """Its metrics, from rows as JSON objects."""
        found: list[dict[str, Any]] = [orjson.loads(row) for row in rows]
        for name, declared in self.header.metrics.items():
            family: CounterMetricFamily | GaugeMetricFamily = (
                CounterMetricFamily(name, declared.help, labels=self.header.labels)
                if declared.type == "counter"
                else GaugeMetricFamily(name, declared.help, labels=self.header.labels)
            )
            for row in found:
                if row[name] is not None:
                    family.add_metric([str(row[label]) for label in self.header.labels], float(row[name]))
            yield family


def load(folder: Path = GAUGES) -> list[Gauges]:
    """All files of gauges, by name.

    Raises:
        GaugeError: a file is not sound; names it and says why.
    """
    loaded = [_read(file) for file in sorted(folder.glob("*.sql"))]
    names = [name for gauges in loaded for name in gauges.header.metrics]
    if twice := {name for name in names if names.count(name) > 1}:
        raise GaugeError(f"declared in two files: {', '.join(sorted(twice))}")
    return loaded


def _read(file: Path) -> Gauges:
    try:
        content, sql = sql_file.read(file.read_text("utf-8"))
        header = Header.model_validate(content)
    except (yaml.YAMLError, ValueError) as error:
        raise GaugeError(f"{file.name}: {error}") from error
    for name, declared in header.metrics.items():
        if name.endswith("_total") != (declared.type == "counter"):
            raise GaugeError(f"{file.name}: {name} must end in _total if it is a counter, and only then")
    return Gauges(file.stem, header, sql)
