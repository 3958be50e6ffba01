"""How long what is kept, read from `policy.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).parent / "policy.yaml"


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Settled(_Said):
    """When a month is no longer being filled: at most this share of its events came in so many last days."""

    days: int = Field(ge=1)
    share: float = Field(ge=0, le=1)


class Events(_Said):
    """When months of events are closed: so many days after their end, and settled."""

    days: int = Field(ge=31)
    settled: Settled


class Policy(_Said):
    """All of it.

    Attributes:
        events: of which days they stay.
        aggregates: days that rows of marts stay after the month that they are of, by mart; never less than two
            years, which comparisons with the year before reach back to.
        tables: days that rows stay after the month in which they came, by table.
    """

    events: Events
    aggregates: dict[str, Annotated[int, Field(ge=730)]]
    tables: dict[str, int]


def load(file: Path = FILE) -> Policy:
    """The policy.

    Raises:
        ValueError: the file is not sound; says where.
    """
    return Policy.model_validate(yaml.safe_load(file.read_text("utf-8")))
