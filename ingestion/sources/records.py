"""Columns of a table → one event object a row, for CSV and Parquet alike."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ingestion.catalog import ENVELOPE_SPELLINGS, load
from ingestion.sources.errors import BadTableError

_REQUIRED = ("event_id", "event_type", "occurred_at")
_CONTEXT = frozenset({"page_url", "user_agent", "ip"})
_PROPERTY_PREFIXES = ("prop.", "properties.")
_CONTEXT_PREFIX = "context."
# A text cell of a property that the catalog declares as a list holds JSON.
LIST_PROPERTIES = frozenset(prop.name for event in load().events for prop in event.properties if prop.kind == "list")
_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column of a table goes in an event.

    Attributes:
        width: number of columns.
        envelope, context, properties: (column index, key) pairs.
        lists: indices of the columns whose text cells hold a JSON list.
        context_object, properties_object: index of a column that holds the whole object, if there is one.
    """

    width: int
    envelope: tuple[tuple[int, str], ...]
    context: tuple[tuple[int, str], ...]
    properties: tuple[tuple[int, str], ...]
    lists: frozenset[int]
    context_object: int | None
    properties_object: int | None

    @classmethod
    def of(cls, header: Sequence[str], name: str) -> Layout:
        """Reads a header.

        An envelope field takes the first of its spellings that is present; a further spelling is then
        an ordinary column (`event_type` and `type` together: `type` is the property of that name).

        Args:
            header: column names.
            name: the file, for messages.

        Raises:
            BadTableError: no header, required fields without a column, nameless or duplicate columns.
        """
        names = [column.strip() for column in header]
        _check_names(names, name)
        envelope: dict[str, str] = {}
        for field, spellings in ENVELOPE_SPELLINGS.items():
            present = [spelling for spelling in spellings if spelling in names]
            if present:
                envelope[present[0]] = field
        _check_required(set(envelope.values()), names, name)
        groups: dict[str, list[tuple[int, str]]] = {"envelope": [], "context": [], "properties": []}
        meant: dict[tuple[str, str], str] = {}
        for index, column in enumerate(names):
            group, key = ("envelope", envelope[column]) if column in envelope else _place(column)
            if not key:
                raise BadTableError(f"{name}: the column {column!r} has a prefix but no name", "name the column")
            other = meant.setdefault((group, snake_case(key)), column)
            if other != column:
                raise BadTableError(
                    f"{name}: the columns {other!r} and {column!r} mean the same field", "keep one of them"
                )
            groups[group].append((index, key))
        objects = {key: index for index, key in groups["envelope"] if key in ("context", "properties")}
        return cls(
            width=len(names),
            envelope=tuple(pair for pair in groups["envelope"] if pair[1] not in objects),
            context=tuple(groups["context"]),
            properties=tuple(groups["properties"]),
            lists=frozenset(i for i, key in groups["properties"] if snake_case(key) in LIST_PROPERTIES),
            context_object=objects.get("context"),
            properties_object=objects.get("properties"),
        )

    def event(self, row: Sequence[Any]) -> dict[str, Any]:
        """The event of one row of `width` values; None is an absent value."""
        event = {key: value for index, key in self.envelope if (value := row[index]) is not None}
        context = self._object(row, self.context, self.context_object)
        if context:
            event["context"] = context
        properties = self._object(row, self.properties, self.properties_object)
        if properties:
            event["properties"] = properties
        return event

    def _object(self, row: Sequence[Any], columns: tuple[tuple[int, str], ...], whole: int | None) -> Any:
        fields = {key: value for index, key in columns if (value := row[index]) is not None}
        if self.lists:
            for index, key in columns:
                if index in self.lists and isinstance(value := row[index], str):
                    fields[key] = parsed(value, list)
        base = None if whole is None else row[whole]
        if isinstance(base, str):
            base = parsed(base, dict)
        if base is None:
            return fields
        if not isinstance(base, dict):
            return base  # landing refuses it with the right reason; guessing would hide it
        return base | fields


def parsed(text: str, kind: type[dict[str, Any]] | type[list[Any]]) -> Any:
    """A JSON text of `kind`, its numbers digit for digit as written; `text` itself if it is not one."""
    try:
        value = json.loads(text, parse_float=_verbatim, parse_int=_verbatim, parse_constant=_refuse)
        if not isinstance(value, kind):
            return text
        orjson.dumps(value)  # refuses lone surrogates and absurd nesting, which would spoil the whole line
    except (ValueError, TypeError, RecursionError):
        return text
    return value


def snake_case(key: str) -> str:
    """`planTier` → `plan_tier`, the contract's rule for keys of properties."""
    return _HUMP.sub(r"_\1", key).lower()


def _verbatim(digits: str) -> orjson.Fragment:
    return orjson.Fragment(digits)


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _place(column: str) -> tuple[str, str]:
    for prefix in _PROPERTY_PREFIXES:
        if column.startswith(prefix):
            return "properties", column.removeprefix(prefix)
    if column.startswith(_CONTEXT_PREFIX):
        return "context", column.removeprefix(_CONTEXT_PREFIX)
    return ("context" if column in _CONTEXT else "properties"), column


def _check_names(names: Sequence[str], name: str) -> None:
    if len(names) == 1:
        for separator, spoken in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if separator in names[0]:
                raise BadTableError(f"{name}: the columns are separated by {spoken}", "save it with commas")
    for position, column in enumerate(names, 1):
        if not column:
            raise BadTableError(
                f"{name}: column {position} has no name",
                "name it or leave it out (pandas: to_csv(..., index=False))",
            )
    duplicates = [column for column, count in Counter(names).items() if count > 1]
    if duplicates:
        raise BadTableError(f"{name}: columns named more than once: {', '.join(duplicates)}", "keep one of each")


def _check_required(fields: set[str], names: Sequence[str], name: str) -> None:
    missing = [field for field in _REQUIRED if field not in fields]
    if not missing:
        return
    spoken = ", ".join(" or ".join(ENVELOPE_SPELLINGS[field]) for field in missing)
    if len(missing) == len(_REQUIRED):
        shown = ",".join(names)[:80]
        raise BadTableError(
            f"{name} has no header: its first row is {shown!r}",
            "the first row names the columns: event_id, event_type, occurred_at, user_id, and property names",
        )
    raise BadTableError(f"{name}: no column for {spoken}", "every event needs these; add or rename columns")
