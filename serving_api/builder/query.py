"""What is asked of the builder, and the days it is about."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from serving_api.parameters import FIRST_DATE, LAST_DATE
from serving_api.spans import RANGES
from warehouse.semantics import Grain

#: Days of a question that names none.
DEFAULT_DAYS = 30

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: object) -> object:
    if isinstance(value, str) and not _ISO_DATE.fullmatch(value):
        raise ValueError("must be a calendar date as YYYY-MM-DD (a UTC day)")
    # Elsewhere numbers are taken for seconds since 1970.
    if not isinstance(value, str | date | None):
        raise ValueError("must be a calendar date as YYYY-MM-DD (a UTC day)")
    return value


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Day = Annotated[
    date,
    BeforeValidator(_day),
    Field(ge=FIRST_DATE, le=LAST_DATE, strict=False),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "formatMinimum": FIRST_DATE.isoformat(),
            "formatMaximum": LAST_DATE.isoformat(),
        }
    ),
]
_UNIQUE: dict[str, Any] = {"uniqueItems": True}
Value = Annotated[str, Field(max_length=200)] | Annotated[int, Field(ge=-(2**63), lt=2**63)]


class Filter(BaseModel):
    """Rows that count, by the values of a dimension; a user segment is a filter on one marked `segment`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    dimension: Name
    operator: Literal["in", "not_in"] = "in"
    values: Annotated[tuple[Value, ...], Field(min_length=1, max_length=100, strict=False)]


class Query(BaseModel):
    """A question to the builder: metrics by dimensions and steps of time."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    metrics: Annotated[
        tuple[Name, ...],
        Field(
            min_length=1,
            max_length=20,
            strict=False,
            description="What is asked for, by name.",
            json_schema_extra=_UNIQUE,
        ),
    ]
    dimensions: Annotated[
        tuple[Name, ...],
        Field(
            max_length=6,
            strict=False,
            description="What it is told apart by; every metric must have them.",
            json_schema_extra=_UNIQUE,
        ),
    ] = ()
    grain: Annotated[Grain, Field(strict=False)] | None = Field(
        None, description="Step of time, named by its first day in column `date`; one number for all days without it."
    )
    start_date: Day | None = Field(None, description="First UTC day; 30 days up to the last one by default.")
    end_date: Day | None = Field(None, description="Last UTC day; by default the last one there are data for.")
    range: Literal["7d", "30d", "90d", "12m", "all"] | None = Field(
        None,
        description="Instead of both: days up to the last one there are data for, so that a saved question moves on.",
    )
    filters: Annotated[
        tuple[Filter, ...], Field(max_length=20, strict=False, description="All of them must hold.")
    ] = ()
    order: Annotated[
        tuple[Annotated[str, Field(pattern=r"^-?[a-z][a-z0-9_]{0,62}$")], ...],
        Field(
            max_length=10,
            strict=False,
            description="Columns of the answer, a minus before what falls; time and dimensions come after them.",
        ),
    ] = ()
    limit: Annotated[int, Field(ge=1, le=10_000)] | None = Field(
        None, description="The first rows only; without it there are all, or an error when they are too many."
    )

    @model_validator(mode="after")
    def _consistent(self) -> Query:
        for name in ("metrics", "dimensions"):
            names = getattr(self, name)
            if len(set(names)) < len(names):
                raise ValueError(f"{name} must not name one twice")
        if self.range is not None and (self.start_date or self.end_date):
            raise ValueError("range takes the place of start_date and end_date; give one or the other")
        if self.start_date and self.end_date and self.start_date > self.end_date:
            raise ValueError("start_date must not be after end_date")
        return self

    @property
    def dated(self) -> bool:
        """Whether it says anything about time."""
        return bool(self.grain or self.start_date or self.end_date or self.range)

    def days(self, last_day: date) -> tuple[date, date]:
        """First and last day it is about.

        Args:
            last_day: the last one there are data for.
        """
        end = self.end_date or max(last_day, self.start_date or last_day)
        if self.start_date is not None:
            return self.start_date, end
        count = RANGES[self.range] if self.range is not None else DEFAULT_DAYS
        start = FIRST_DATE if count is None else max(FIRST_DATE, end - timedelta(days=count - 1))
        return start, end
