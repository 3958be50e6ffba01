"""Reports and exports: SQL files with a YAML header in a leading comment, as endpoints are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from serving_api import sql_file
from serving_api.columns import Column
from serving_api.parameters import Parameter, Values
from warehouse.errors import WarehouseError

FINANCIAL = Path(__file__).parent / "financial"
EXPORTS = Path(__file__).parent / "exports"
STATEMENTS = Path(__file__).parent / "statements"

#: What the SQL may bind beside the filters.
BOUND = {
    "start": "Date",
    "end": "Date",
    "granularity": "String",
    "threshold": "Decimal(18, 4)",
    "user": "String",
}

Style = Literal["text", "count", "money", "number", "rate", "date", "instant"]


class DefinitionError(WarehouseError):
    """A file of a report cannot be used."""


class ReportColumn(Column):
    """A column of a report.

    Attributes:
        total: whether it adds up over the rows, and so has a sum below them.
        shown: how its values are shown, where the type does not tell.
    """

    total: bool = False
    shown: Style | None = None

    @property
    def style(self) -> Style:
        """How its values are shown."""
        if self.shown is not None:
            return self.shown
        inner = self.type.removeprefix("Nullable(").removeprefix("LowCardinality(")
        if inner.startswith("Decimal"):
            return "money"
        if inner.startswith("DateTime"):
            return "instant"
        if inner.startswith("Date"):
            return "date"
        if inner.startswith(("UInt", "Int")):
            return "count"
        return "number" if inner.startswith("Float") else "text"


class Header(BaseModel):
    """The YAML header of a file.

    Attributes:
        title: on the cover.
        description: what the rows are, and how the numbers are to be read.
        source: document that asks for it.
        marts: marts it reads.
        grain: what one row is.
        order: columns that order the rows and together are unique.
        filters: what its rows can be restricted by.
        columns: in order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    description: str
    source: str
    marts: tuple[str, ...]
    grain: str
    order: tuple[str, ...]
    filters: tuple[Parameter, ...] = ()
    columns: dict[str, ReportColumn]


@dataclass(frozen=True)
class Definition:
    """A report: its name, header and SQL."""

    name: str
    header: Header
    sql: str

    @property
    def bound(self) -> dict[str, str]:
        """The placeholders of the SQL with their types."""
        return sql_file.placeholders(self.sql)

    def values(self, filters: Mapping[str, str | list[str]]) -> Values:
        """The values of all filters, those that are not given among them.

        Raises:
            ValueError: a filter is unknown or has a value it cannot have; says what is possible.
        """
        known = {filter_.name: filter_ for filter_ in self.header.filters}
        for name in filters:
            if name not in known:
                raise ValueError(f"{name} is no filter of {self.name}; it has: {', '.join(known) or 'none'}")
        found: Values = {}
        for name, filter_ in known.items():
            given = filters.get(name, [])
            try:
                found[name] = filter_.parse([given] if isinstance(given, str) else given)
            except ValueError as error:
                raise ValueError(f"{name} {error}") from error
        return found


@cache
def definitions(folder: Path) -> dict[str, Definition]:
    """The definitions in a folder, by name.

    Raises:
        DefinitionError: a file is not sound; names it and says why.
    """
    return {file.stem: read(file.read_text("utf-8"), file.stem) for file in sorted(folder.glob("*.sql"))}


def read(text: str, name: str) -> Definition:
    """A definition from the text of its file.

    Raises:
        DefinitionError: header and SQL do not fit.
    """
    try:
        content, sql = sql_file.read(text)
        header = Header.model_validate(content)
    except (yaml.YAMLError, ValueError) as error:
        raise DefinitionError(f"{name}: {error}") from error
    definition = Definition(name, header, sql.strip())
    filters = {filter_.name: filter_.sql_type for filter_ in header.filters}
    if not definition.bound.items() <= (BOUND | filters).items() or not filters.keys() <= definition.bound.keys():
        raise DefinitionError(f"{name}: the SQL binds {definition.bound}, the header allows {BOUND | filters}")
    if not {column.removeprefix("-") for column in header.order} <= header.columns.keys():
        raise DefinitionError(f"{name}: rows are ordered by columns that are not in it")
    return definition
