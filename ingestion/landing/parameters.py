"""The event catalog as the bound parameters of `land.sql`."""

from __future__ import annotations

from functools import cache

from ingestion.catalog import ENVELOPE_LIMITS, MAX_EVENT_BYTES, load
from ingestion.erasure.tags import BETWEEN, WORD, tag_key
from warehouse.settings import Settings

#: Properties whose values are personal whatever the event type: replaced or truncated before they are stored.
PERSONAL_PROPERTIES = ("email", "ip", "ip_address")

_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"

Parameter = int | str | list[str] | list[int] | list[list[str]]


@cache
def catalog_parameters() -> dict[str, Parameter]:
    """Everything `land.sql` needs to know of the catalog.

    Lists named after types run in parallel: entry i of each belongs to spelling i of an event type.
    A property's check is a short code in front of its value; one pattern holds all codes, so that a
    value is matched once whatever its kind. Unknown properties carry the code `-`, which takes anything.
    """
    catalog = load()
    spelled = [(name, event) for event in catalog.events for name in (event.name, *event.aliases)]
    codes: dict[str, str] = {}
    checks: dict[str, str] = {}
    for event in catalog.events:
        for prop in event.properties:
            pattern = catalog.pattern_of(prop)
            if pattern is not None:
                checks[f"{event.name}.{prop.name}"] = codes.setdefault(pattern, f"{len(codes)}:")
    not_stored = {f"{event.name}.{name}" for event in catalog.events for name in event.not_stored}
    return {
        "type_names": [name for name, _ in spelled],
        "canonical_types": [event.name for _, event in spelled],
        "user_required": [int(event.user_required) for _, event in spelled],
        "required_properties": [[p.name for p in event.properties if p.required] for _, event in spelled],
        "known_properties": [[p.name for p in event.properties] for _, event in spelled],
        "checked_properties": list(checks),
        "checks": list(checks.values()),
        "check_pattern": "^(?s:-.*|" + "|".join(f"{code}(?:{p})" for p, code in codes.items()) + ")$",
        "not_stored": sorted(not_stored),
        "rewritten_properties": sorted(
            {
                *PERSONAL_PROPERTIES,
                *catalog.property_aliases,
                *(name.rpartition(".")[2] for name in not_stored),
            }
        ),
        "property_aliases": list(catalog.property_aliases),
        "aliased_properties": list(catalog.property_aliases.values()),
        "outlasting_properties": catalog.outlasting(),
        "word_pattern": WORD,
        "between_pattern": BETWEEN,
        "uuid_pattern": _UUID,
        "instant_pattern": f"^(?:{catalog.kinds['instant'].pattern})$",
        "max_event_bytes": MAX_EVENT_BYTES,
        "user_id_limit": ENVELOPE_LIMITS["user_id"],
        "session_id_limit": ENVELOPE_LIMITS["session_id"],
        "source_limit": ENVELOPE_LIMITS["source"],
    }


def secret_parameters(settings: Settings) -> dict[str, Parameter]:
    """What `land.sql` needs of the secrets: the key of the e-mail hashes, and that of the tags of erased people."""
    first, second = tag_key(settings)
    return {"pii_key": settings.pii_secret(), "erasure_key_0": first, "erasure_key_1": second}
