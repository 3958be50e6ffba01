"""Columns of an answer: their ClickHouse type, and the JSON Schema that follows from it."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

_NULLABLE = re.compile(r"Nullable\((.+)\)")
_DECIMAL = re.compile(r"Decimal\((\d+), (\d+)\)")

_SCHEMAS: dict[str, dict[str, Any]] = {
    "Date": {"type": "string", "format": "date"},
    "DateTime64(3, 'UTC')": {"type": "string", "format": "date-time"},
    "Float64": {"type": "number", "format": "double"},
    "String": {"type": "string"},
    "UInt64": {"type": "integer", "minimum": 0},
}


class Column(BaseModel):
    """A column of an answer.

    Attributes:
        type: what ClickHouse's `toTypeName` says; a test compares it with the query and the mart's contract.
        description: what it means at the endpoint's grain.
        of: the mart column it comes from when that has another name, as `mart.column`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: str
    description: str
    of: str | None = None

    @model_validator(mode="after")
    def _known(self) -> Column:
        self.json_schema()
        return self

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of the column's values.

        Money is a JSON number with all its digits: JSON sets no limit to them, readers that need them exact
        parse numbers as decimals, and everybody else can calculate and draw without converting text.
        """
        nullable = _NULLABLE.fullmatch(self.type)
        name = nullable[1] if nullable else self.type
        if _DECIMAL.fullmatch(name):
            schema: dict[str, Any] = {"type": "number", "format": "decimal"}
        elif name in _SCHEMAS:
            schema = dict(_SCHEMAS[name])
        else:
            raise ValueError(f"no JSON schema for the type {self.type}")
        if nullable:
            schema["type"] = [schema["type"], "null"]
        return schema | {"description": self.description}
