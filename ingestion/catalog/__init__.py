"""The event catalog (`events.yaml`): what may come in, as typed objects.

Source: the event contract. Everything that depends on event types — landing checks, JSON Schema,
docs — reads it from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import yaml

#: Envelope field -> the spellings the five source systems use, in order of precedence.
ENVELOPE_SPELLINGS: dict[str, tuple[str, ...]] = {
    "event_id": ("event_id", "id"),
    "event_type": ("event_type", "type"),
    "occurred_at": ("occurred_at", "timestamp", "created_at"),
    "user_id": ("user_id", "userId"),
    "session_id": ("session_id",),
    "source": ("source",),
    "context": ("context",),
    "properties": ("properties", "data", "metadata", "event_data"),
}

#: Longest value of an envelope field, in characters.
ENVELOPE_LIMITS: dict[str, int] = {"event_type": 100, "user_id": 255, "session_id": 100, "source": 100}

#: Longest event, in bytes of its line.
MAX_EVENT_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Property:
    """A known property of an event type."""

    name: str
    kind: str
    required: bool
    default: str | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a property's text form is checked: a full-match RE2 pattern, or nothing.

    `erased` is what becomes of it when its person is erased: `kept`, `renamed` or `dropped`.
    """

    name: str
    description: str
    type: str
    pattern: str | None
    erased: Literal["kept", "renamed", "dropped"] = "kept"


@dataclass(frozen=True, slots=True)
class EventType:
    """A canonical event type with its other names and its properties in order of checking.

    `internal` types are the warehouse's own: not part of the public contract.
    """

    name: str
    aliases: tuple[str, ...]
    description: str
    user: str
    user_required: bool
    properties: tuple[Property, ...]
    not_stored: tuple[str, ...]
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Catalog:
    """All event types, kinds and property aliases."""

    events: tuple[EventType, ...]
    kinds: dict[str, Kind]
    property_aliases: dict[str, str]

    def pattern_of(self, prop: Property) -> str | None:
        """Full-match pattern for the text form of a property's value; None where anything goes."""
        if prop.values:
            return "|".join(re.escape(value) for value in prop.values)
        return self.kinds[prop.kind].pattern

    def outlasting(self) -> list[str]:
        """`<event type>.<property>` of every property that stays when its person is erased, as the pseudonym's."""
        return [
            f"{event.name}.{prop.name}"
            for event in self.events
            for prop in event.properties
            if self.kinds[prop.kind].erased != "dropped" and prop.name not in event.not_stored
        ]


def _property(key: str, spec: str | dict[str, Any]) -> Property:
    fields: dict[str, Any] = {"kind": spec} if isinstance(spec, str) else spec
    default = fields.get("default")
    text = str(default).lower() if isinstance(default, bool) else None if default is None else str(default)
    return Property(
        name=key.removesuffix("!"),
        kind=fields["kind"],
        required=key.endswith("!"),
        default=text,
        values=tuple(fields.get("values", ())),
    )


@cache
def load() -> Catalog:
    """Read `events.yaml`; raises KeyError when it uses an undeclared kind."""
    raw = yaml.safe_load(resources.files(__name__).joinpath("events.yaml").read_text("utf-8"))
    kinds = {
        name: Kind(name, spec["description"], spec["type"], spec.get("pattern"), spec.get("erased", "kept"))
        for name, spec in raw["kinds"].items()
    }
    events = tuple(
        EventType(
            name=name,
            aliases=tuple(spec.get("aliases", ())),
            description=spec["description"],
            user=spec["user"]["is"],
            user_required=spec["user"].get("required", False),
            properties=tuple(_property(key, value) for key, value in spec.get("properties", {}).items()),
            not_stored=tuple(spec.get("not_stored", ())),
            internal=spec.get("internal", False),
        )
        for name, spec in raw["events"].items()
    )
    for event in events:
        for prop in event.properties:
            kinds[prop.kind]
    return Catalog(events, kinds, raw["property_aliases"])
