"""Makes events: identity, instant and JSON, fixed at the moment of `track`, so that a retry is the same event."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from .errors import InvalidEvent
from .options import MAX_EVENT_BYTES

_VERSION_7 = 7 << 76
_VARIANT = 2 << 62


def new_event_id() -> str:
    """A UUID of version 7: milliseconds, then random bits, so that ids sort by the time they were made."""
    random = int.from_bytes(os.urandom(10))
    low = random & ((1 << 62) - 1)
    middle = (random >> 62) & 0xFFF
    milliseconds = (time.time_ns() // 1_000_000) & ((1 << 48) - 1)
    return str(UUID(int=milliseconds << 80 | _VERSION_7 | middle << 64 | _VARIANT | low))


def encode(
    event_type: str,
    *,
    event_id: str | UUID | None,
    occurred_at: datetime | str | None,
    user_id: str | int | UUID | None,
    session_id: str | None,
    source: str | None,
    context: Mapping[str, Any] | None,
    properties: Mapping[str, Any] | None,
) -> tuple[str, bytes]:
    """The event's id and its line: JSON in UTF-8 with the newline that ends it.

    Raises:
        InvalidEvent: see there.
    """
    if not isinstance(event_type, str) or not event_type:
        raise InvalidEvent("an event needs a type")
    identity = str(event_id) if event_id is not None else new_event_id()
    try:
        fields = {
            "event_id": identity,
            "event_type": event_type,
            "occurred_at": _instant(occurred_at if occurred_at is not None else datetime.now(UTC)),
            "user_id": _text(user_id),
            "session_id": _text(session_id),
            "source": source,
            "context": dict(context) if context else None,
            "properties": dict(properties) if properties else None,
        }
        present = {name: value for name, value in fields.items() if value is not None}
        text = json.dumps(present, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
        line = text.encode() + b"\n"
    except (
        TypeError,
        ValueError,
        OverflowError,
        RuntimeError,
    ) as error:  # RuntimeError: too deep, or changed meanwhile
        raise InvalidEvent(f"event {identity} of type {event_type} cannot be written: {error}") from error
    if len(line) > MAX_EVENT_BYTES:
        raise InvalidEvent(f"event {identity} of type {event_type} is larger than {MAX_EVENT_BYTES} bytes")
    return identity, line


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _instant(value: object) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, datetime):
        raise TypeError("occurred_at is neither a datetime nor a text")
    if value.utcoffset() is None:
        raise ValueError("a datetime has no time zone; use datetime.now(UTC)")
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: object) -> object:
    """Money keeps its digits as text; a float never stands in for it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
