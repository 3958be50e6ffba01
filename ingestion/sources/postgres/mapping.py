"""The mapping of tables to events, read and checked once."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ingestion.catalog import load
from ingestion.sources.errors import SourceError

KEY, UPDATED_AT = "id", "updated_at"

Family = Literal["uuid", "integer", "text", "text[]", "numeric", "boolean", "timestamptz", "timestamp"]
Name = Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(_Part):
    """The hours between two instants of a row."""

    hours: tuple[str, str]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | bool | int) else value


Columns = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Values = Annotated[tuple[str | bool | int, ...], BeforeValidator(_listed)]


class Transition(_Part):
    """An event that a row can show; `mapping.yaml` explains the fields."""

    type: str
    occurred_at: str
    user: Columns = ()
    when: dict[str, Values] = {}
    per: tuple[str, ...] = ()
    properties: dict[str, Hours | Columns] = {}

    @property
    def reads(self) -> set[str]:
        """The columns it is made of."""
        named = {self.occurred_at, *self.when, *self.per, *self.user}
        for value in self.properties.values():
            named.update(value.hours if isinstance(value, Hours) else value)
        return named


class Lookup(_Part):
    """Columns of the row of another table that a column here points to."""

    table: Name
    by: Name
    columns: dict[Name, Family]


class Table(_Part):
    """A table, the columns the load relies on, and the events of its rows, by name of the transition."""

    columns: dict[Name, Family]
    lookups: dict[Name, Lookup] = {}
    events: dict[Name, Transition]

    @property
    def selected(self) -> dict[str, Family]:
        """Every column that a row is read with, lookups as `lookup.column`, in the order of reading."""
        looked_up = {f"{name}.{column}": family for name, lookup in self.lookups.items()
                     for column, family in lookup.columns.items()}  # fmt: skip
        return {**self.columns, **looked_up}

    @model_validator(mode="after")
    def _check(self) -> Table:
        missing = {KEY, UPDATED_AT, *(lookup.by for lookup in self.lookups.values())} - set(self.columns)
        for name, event in self.events.items():
            missing |= event.reads - set(self.selected)
            known = {spelling for e in load().events for spelling in (e.name, *e.aliases)}
            if event.type not in known:
                raise ValueError(f"{name}: no event type {event.type!r} in the catalog")
        if missing:
            raise ValueError(f"columns used but not declared: {', '.join(sorted(missing))}")
        return self


class Mapping(_Part):
    """All tables, by name, in the order in which they are read."""

    database_schema: Name = Field(alias="schema")
    timezone: str
    overlap_minutes: Annotated[int, Field(ge=0)]
    tables: dict[Name, Table]

    @property
    def overlap(self) -> timedelta:
        """How far before its last position a table is read again."""
        return timedelta(minutes=self.overlap_minutes)

    def expected(self, name: str) -> dict[str, dict[str, Family]]:
        """Columns and their types that reading a table relies on, by table: its own and those looked up."""
        table = self.tables[name]
        expected = {name: dict(table.columns)}
        for lookup in table.lookups.values():
            expected.setdefault(lookup.table, {}).update({KEY: table.columns[lookup.by], **lookup.columns})
        return expected


def parse(text: str, name: str) -> Mapping:
    """A mapping from its YAML.

    Raises:
        SourceError: it names unknown columns or event types, or is not a mapping; says where.
    """
    try:
        return Mapping.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SourceError(f"{name}: {where}: {first['msg']}", "correct the mapping") from None


@cache
def mapping() -> Mapping:
    """The mapping of this deployment: `mapping.yaml` beside this module."""
    path = Path(str(resources.files(__package__))) / "mapping.yaml"
    return parse(path.read_text("utf-8"), path.name)
