"""A row → the events of all transitions it shows."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from ingestion.sources.postgres.mapping import KEY, Hours, Table, Transition

# Never changes: it is part of the identity of every event made here.
_NAMESPACE = uuid.UUID("0c2f6a5e-4f0b-5c1d-9d55-0f6f0c0a7a11")

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00")
_SPARE_ZEROS = re.compile(r"(\.\d{4}\d*?)0+$")
_SECONDS_PER_HOUR = 3600

Row = Mapping[str, Any]


def events_of(name: str, table: Table) -> Callable[[Row], Iterator[dict[str, Any]]]:
    """The events of the rows of a table.

    Args:
        name: the table.
        table: its mapping.

    Returns:
        a function from a row, by column as in `Table.selected`, to its events. Text, instants (PostgreSQL's
        form in UTC), UUIDs and numerics are str; absent values None.
    """
    instants = {column for column, family in table.selected.items() if family.startswith("timestamp")}
    numerics = {column for column, family in table.selected.items() if family == "numeric"}

    def plain(row: Row, column: str) -> Any:
        value = row[column]
        if value is None:
            return None
        if column in instants:
            return instant(value)
        return _SPARE_ZEROS.sub(r"\1", value) if column in numerics else value

    def prop(row: Row, spec: Hours | tuple[str, ...]) -> Any:
        if isinstance(spec, Hours):
            return _hours(*(row[column] for column in spec.hours))
        return next((value for column in spec if (value := plain(row, column)) is not None), None)

    def events(row: Row) -> Iterator[dict[str, Any]]:
        for transition, spec in table.events.items():
            if not _shows(row, spec):
                continue
            event = {
                "event_id": event_id(name, row[KEY], transition, *(row[column] for column in spec.per)),
                "event_type": spec.type,
                "occurred_at": plain(row, spec.occurred_at),
                "user_id": prop(row, spec.user),
            }
            event = {field: value for field, value in event.items() if value is not None}
            event["properties"] = {
                key: value for key, columns in spec.properties.items() if (value := prop(row, columns)) is not None
            }
            yield event

    return events


def event_id(table: str, key: Any, transition: str, *further: Any) -> str:
    """The id of an event: the same for the same transition of the same row, whenever it is read."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(map(str, (table, key, transition, *further)))))


def instant(text: str) -> str:
    """PostgreSQL's text of an instant in UTC as RFC 3339; what has no such form (infinity) stays as it is."""
    return _INSTANT.sub(r"\1T\2Z", text) if _INSTANT.fullmatch(text) else text


def _shows(row: Row, spec: Transition) -> bool:
    if not spec.when:
        return row[spec.occurred_at] is not None
    # A row that meets the condition without an instant goes on: it is refused and seen, not lost.
    return all(row[column] in values for column, values in spec.when.items())


def _hours(start: str | None, end: str | None) -> float | None:
    if start is None or end is None:
        return None
    try:
        passed = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    except ValueError:
        return None
    return round(passed.total_seconds() / _SECONDS_PER_HOUR, 4) if passed.total_seconds() >= 0 else None
