"""What others read of the catalog: the docs pages and the JSON Schema, generated, never edited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from ingestion.catalog import ENVELOPE_LIMITS, ENVELOPE_SPELLINGS, Catalog, EventType, Property

_JSON_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": ["string", "number"]},
    "decimal": {"type": ["number", "string"]},
    "integer": {"type": ["integer", "string"]},
    "number": {"type": ["number", "string"]},
    "boolean": {"enum": [True, False, "true", "false"]},
    "instant": {"type": "string", "format": "date-time"},
    "list": {"type": ["array", "string"]},
}


def json_schema(catalog: Catalog) -> dict[str, Any]:
    """JSON Schema (2020-12) of one event in canonical spelling; one branch per event type."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Event",
        "description": "One event in canonical spelling. Generated from ingestion/catalog/events.yaml.",
        "type": "object",
        "required": ["event_id", "event_type", "occurred_at"],
        "properties": {
            "event_id": {"type": "string", "format": "uuid"},
            "event_type": {"type": "string", "enum": [event.name for event in catalog.events]},
            "occurred_at": {"type": "string", "format": "date-time"},
            **{
                name: {"type": "string", "maxLength": ENVELOPE_LIMITS[name]}
                for name in ("user_id", "session_id", "source")
            },
            "context": {"type": "object"},
            "properties": {"type": "object"},
        },
        "oneOf": [_branch(catalog, event) for event in catalog.events],
    }


def _branch(catalog: Catalog, event: EventType) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "type": "object",
        "properties": {prop.name: _value(catalog, prop) for prop in event.properties},
    }
    required = [prop.name for prop in event.properties if prop.required]
    if required:
        properties["required"] = required
    needs = (["user_id"] if event.user_required else []) + (["properties"] if required else [])
    branch: dict[str, Any] = {
        "title": event.name,
        "description": event.description,
        "properties": {"event_type": {"const": event.name}, "properties": properties},
    }
    return branch | ({"required": needs} if needs else {})


def _value(catalog: Catalog, prop: Property) -> dict[str, Any]:
    kind = catalog.kinds[prop.kind]
    if prop.kind in ("text", "label"):
        return {}
    schema: dict[str, Any] = {"enum": list(prop.values)} if prop.values else dict(_JSON_TYPES[kind.type])
    if prop.default is not None:
        schema["default"] = prop.default
    return schema | {"description": kind.description}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of event types that belong together."""

    name: str
    title: str
    about: str
    events: tuple[EventType, ...]


@cache
def _beside_the_catalog() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(
        resources.files(__package__).joinpath("pages.yaml").read_text("utf-8")
    )
    return loaded


def pages(catalog: Catalog) -> list[Page]:
    """All pages; every event type is on exactly one.

    Raises:
        ValueError: a type has no page; names it.
    """
    specs = _beside_the_catalog()["pages"]
    page_of = {prefix: name for name, spec in specs.items() for prefix in spec["prefixes"]}
    homeless = [event.name for event in catalog.events if _prefix(event) not in page_of]
    if homeless:
        raise ValueError(f"pages.yaml has no page for {', '.join(homeless)}")
    return [
        Page(
            name,
            spec["title"],
            spec["about"],
            tuple(event for event in catalog.events if page_of[_prefix(event)] == name),
        )
        for name, spec in specs.items()
    ]


def _prefix(event: EventType) -> str:
    return event.name.partition(".")[0]


def example(event: EventType) -> dict[str, Any]:
    """A valid event of a type, with all its properties.

    Raises:
        KeyError: pages.yaml has no value for a property.
    """
    values = _beside_the_catalog()["examples"]
    own = {prop.name: f"{event.name}.{prop.name}" for prop in event.properties}
    properties = {name: values[special if special in values else name] for name, special in own.items()}
    return {
        "event_id": str(uuid5(NAMESPACE_URL, event.name)),
        "event_type": event.name,
        "occurred_at": "2026-01-15T09:30:00.000Z",
        **({"user_id": "usr_1001"} if event.user_required else {}),
        **({"properties": properties} if properties else {}),
    }


def markdown(catalog: Catalog) -> str:
    """The page `docs/events.md`: envelope, kinds of values, and where each event type is described."""
    lines = [
        "# Events",
        "",
        _GENERATED,
        "",
        "One JSON object per event. Every field and property is checked when an event lands; an event that",
        "fails is kept in quarantine with the first reason that applies. The same as a JSON Schema:",
        "[events.schema.json](events.schema.json). How to send events: [publishing.md](publishing.md).",
        "",
        "## Envelope",
        "",
        "| field | needed | means | also accepted as |",
        "|---|---|---|---|",
        *(_field(name, spellings[1:]) for name, spellings in ENVELOPE_SPELLINGS.items()),
        "",
        "camelCase names of properties mean the snake_case ones."
        + "".join(f" `{alias}` means `{name}`." for alias, name in catalog.property_aliases.items()),
        "",
        "## Kinds of values",
        "",
        "| kind | means |",
        "|---|---|",
        *(f"| `{kind.name}` | {kind.description} |" for kind in catalog.kinds.values()),
        "",
        "A `null` or an empty string counts as absent. Numbers and booleans may be sent as text. Other properties than",
        "the listed ones are kept and not checked.",
        "",
        "## Event types",
    ]
    for page in pages(catalog):
        lines += ["", f"### [{page.title}](events/{page.name}.md)", "", page.about, ""]
        lines += ["| event type | means | also accepted as |", "|---|---|---|"]
        lines += [
            f"| [`{event.name}`](events/{page.name}.md#{_anchor(event)}) | {event.description} "
            f"| {', '.join(f'`{alias}`' for alias in event.aliases) or '-'} |"
            for event in page.events
        ]
    return "\n".join(lines) + "\n"


def page_markdown(page: Page) -> str:
    """The page `docs/events/<name>.md`: a section per event type, each with a valid example."""
    lines = [
        f"# {page.title}",
        "",
        _GENERATED,
        "",
        f"{page.about} What the kinds of values mean: [events](../events.md#kinds-of-values).",
    ]
    for event in page.events:
        lines += ["", *_section(event)]
    return "\n".join(lines) + "\n"


_GENERATED = "<!-- Generated by `make docs` from ingestion/catalog. Do not edit. -->"
#: Envelope field -> whether it is needed, and what it means.
_FIELDS = {
    "event_id": ("yes", "UUID, made once by the producer; an event counts once however often it arrives"),
    "event_type": ("yes", "a name below, or another spelling of it"),
    "occurred_at": ("yes", "when it happened: RFC 3339 with offset or `Z`, at most 24 hours ahead"),
    "user_id": ("by type", "the user the event is about"),
    "session_id": ("no", "the visit it belongs to"),
    "source": ("no", "the producing service; the door fills it in where absent"),
    "context": ("no", "object: `page_url`, `referrer`, `user_agent`, `ip` (only its network is stored)"),
    "properties": ("by type", "object, see the type"),
}


def _field(name: str, also: tuple[str, ...]) -> str:
    needed, means = _FIELDS[name]
    limit = f"; at most {ENVELOPE_LIMITS[name]} characters" if name in ENVELOPE_LIMITS else ""
    return f"| `{name}` | {needed} | {means}{limit} | {', '.join(f'`{spelling}`' for spelling in also) or '-'} |"


def _anchor(event: EventType) -> str:
    """The anchor Markdown renderers give to the heading of an event type."""
    return event.name.replace(".", "")


def _section(event: EventType) -> list[str]:
    also = f" Also accepted as {', '.join(f'`{alias}`' for alias in event.aliases)}." if event.aliases else ""
    user = f"`user_id` ({'required' if event.user_required else 'optional'}): {event.user}."
    internal = " Internal: the warehouse's own, not part of the public contract." if event.internal else ""
    lines = [f"## `{event.name}`", "", f"{event.description} {user}{also}{internal}"]
    if event.properties:
        lines += ["", "| property | kind | required | default |", "|---|---|---|---|"]
    for prop in event.properties:
        kind = ", ".join(f"`{value}`" for value in prop.values) if prop.values else prop.kind
        note = " (not stored)" if prop.name in event.not_stored else ""
        note = " (only its HMAC is stored)" if prop.name == "email" else note
        default = f"`{prop.default}`" if prop.default is not None else "-"
        lines.append(f"| `{prop.name}` | {kind}{note} | {'yes' if prop.required else 'no'} | {default} |")
    return [*lines, "", "```json", json.dumps(example(event), indent=2), "```"]
