"""Columns of an answer of the builder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from warehouse.semantics import Format


@dataclass(frozen=True, slots=True)
class OutputColumn:
    """A column of an answer.

    Attributes:
        name: in the rows.
        label: for people.
        kind: time, dimension or metric.
        format: how its values are written.
        description: what it means.
    """

    name: str
    label: str
    kind: Literal["time", "dimension", "metric"]
    format: Literal["date", "text"] | Format
    description: str
