"""Columns of an answer: their ClickHouse type, and the JSON Schema that follows from it."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

_WRAPPED = re.compile(r"(\w+)\((.+)\)", re.DOTALL)
_FIELD = re.compile(r"(\w+) (.+)", re.DOTALL)

_SCHEMAS: dict[str, dict[str, Any]] = {
    "Bool": {"type": "boolean"},
    "Date": {"type": "string", "format": "date"},
    "DateTime64(3, 'UTC')": {"type": "string", "format": "date-time"},
    "Float64": {"type": "number", "format": "double"},
    "String": {"type": "string"},
    "Int64": {"type": "integer"},
    "UInt8": {"type": "integer", "minimum": 0},
    "UInt16": {"type": "integer", "minimum": 0},
    "UInt32": {"type": "integer", "minimum": 0},
    "UInt64": {"type": "integer", "minimum": 0},
    "UUID": {"type": "string", "format": "uuid"},
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

    @property
    def is_plain(self) -> bool:
        """Whether its values are single ones: no tuple, list or map."""
        return not self.type.startswith(("Tuple", "Array", "Map"))

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of the column's values.

        Money is a JSON number with all its digits: JSON sets no limit to them, readers that need them exact
        parse numbers as decimals, and everybody else can calculate and draw without converting text.
        """
        return schema_of(self.type) | {"description": self.description}


def schema_of(name: str) -> dict[str, Any]:
    """JSON Schema of the values of a ClickHouse type; named tuples are objects.

    Raises:
        ValueError: there is no JSON for it.
    """
    if name in _SCHEMAS:
        return dict(_SCHEMAS[name])
    wrapped = _WRAPPED.fullmatch(name)
    outer, inner = (wrapped[1], wrapped[2]) if wrapped else ("", "")
    if outer == "Nullable":
        schema = schema_of(inner)
        return schema | {"type": [schema["type"], "null"]}
    if outer == "LowCardinality":
        return schema_of(inner)
    if outer == "Decimal":
        return {"type": "number", "format": "decimal"}
    if outer == "Array":
        return {"type": "array", "items": schema_of(inner)}
    if outer == "Map":
        return {"type": "object", "additionalProperties": schema_of(_split(inner)[1])}
    if fields := fields_of(name):
        properties = {field: schema_of(type_) for field, type_ in fields.items()}
        return {
            "type": "object",
            "required": list(properties),
            "properties": properties,
            "additionalProperties": False,
        }
    raise ValueError(f"no JSON schema for the type {name}")


def fields_of(name: str) -> dict[str, str]:
    """The types of the fields of a named tuple, by name; empty for other types."""
    wrapped = _WRAPPED.fullmatch(name)
    if wrapped is None or wrapped[1] != "Tuple":
        return {}
    fields = [_FIELD.fullmatch(part) for part in _split(wrapped[2])]
    return {field[1]: field[2] for field in fields if field} if all(fields) else {}


def _split(text: str) -> list[str]:
    """The parts between the commas that no bracket encloses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
