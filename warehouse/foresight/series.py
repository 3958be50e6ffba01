"""Which daily figures are watched, and how: read from the one YAML that also makes the mart of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.errors import WarehouseError
from warehouse.transform import project_dir


class Kind(StrEnum):
    """What a figure is, which decides on what scale its days are compared.

    A `count` varies with its root, an `amount` in proportion to itself, and a `level` (a rate, a mean, a balance, which
    may be negative) by so much at any height.
    """

    COUNT = "count"
    AMOUNT = "amount"
    LEVEL = "level"


class Direction(StrEnum):
    """Which side of what is usual is worth a word."""

    BOTH = "both"
    UP = "up"
    DOWN = "down"


class Series(BaseModel):
    """One daily figure and how it is learnt.

    Attributes:
        metric: its name.
        mart: where it comes from; `column` is summed by `date`, an expression of the mart, over rows with `only`.
        kind: what it is.
        season: days after which the same is expected.
        history: days learnt from, at most.
        horizon: days forecast.
        judged_after: days of history before a day is judged.
        forecast_after: days of history before anything is forecast.
        backtests: past days, a season apart, from which forecasts are tried, at most.
        threshold: deviations from what is expected that make an anomaly.
        direction: on which side.
        coverage: share of the days that should lie between a forecast's bounds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    mart: str
    column: str
    date: str = "date"
    only: dict[str, str] = {}
    kind: Kind
    season: int = Field(7, ge=2, le=31)
    history: int = Field(365, ge=56)
    horizon: int = Field(14, ge=1, le=90)
    judged_after: int = Field(28, ge=14)
    forecast_after: int = Field(63, ge=28)
    backtests: int = Field(16, ge=4)
    threshold: float = Field(3.0, gt=1)
    direction: Direction = Direction.BOTH
    coverage: float = Field(0.8, gt=0, lt=1)

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        if self.judged_after < 2 * self.season:
            raise ValueError(f"{self.metric}: judged_after must be two seasons at least")
        if self.forecast_after < self.shortest_training + self.horizon + 3 * self.season:
            raise ValueError(f"{self.metric}: forecast_after must leave room for four back-tests of the horizon")
        return self

    @property
    def shortest_training(self) -> int:
        """Days the first back-test learns from."""
        return 4 * self.season


def file() -> Path:
    """The YAML beside the mart of the watched figures."""
    return project_dir() / "models" / "marts" / "operations" / "watched_metrics.yml"


def declared(path: Path | None = None) -> list[Series]:
    """The watched figures, in the order of the file; each takes what it does not say from `defaults`.

    Raises:
        WarehouseError: the file says something that cannot be.
    """
    path = path or file()
    meta: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))["models"][0]["config"]["meta"]
    try:
        found = [Series.model_validate({**meta.get("defaults", {}), **entry}) for entry in meta["series"]]
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise WarehouseError(
            f"a watched figure is not as it should be: {place} {first['msg']}", f"mend {path}"
        ) from error
    names = [series.metric for series in found]
    if len(set(names)) != len(names):
        raise WarehouseError("a watched figure is declared twice", f"mend {path}")
    return found
