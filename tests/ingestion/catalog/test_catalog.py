"""The catalog against the public contract, and the JSON Schema made from it against real events."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator

from ingestion.batch import Batch
from ingestion.catalog import load
from ingestion.catalog.pages import example, json_schema, markdown, page_markdown, pages
from ingestion.landing import Lander
from ingestion.simulator import simulate
from warehouse.client import Identity, connect
from warehouse.settings import Settings, project_root

CONTRACT = project_root().parent / "shared" / "contract" / "events.md"


@pytest.mark.skipif(not CONTRACT.exists(), reason="the contract page lies beside the project in our workplace only")
def test_the_catalog_has_the_contracts_types_aliases_and_properties() -> None:
    table = CONTRACT.read_text("utf-8").split("## Catalog")[1]
    expected = {}
    for row in re.findall(r"^\| (`.+)$", table, re.MULTILINE):
        names, aliases, user, properties = [cell.strip() for cell in row.split("|")][:4]
        listed = re.sub(r"\([^)]*\)", "", properties)
        for name in re.findall(r"`([^`]+)`", names):
            expected[name] = (
                set(re.findall(r"`([^`]+)`", aliases)),
                user.startswith("**"),
                [(prop, f"**`{prop}`**" in listed) for prop in re.findall(r"`([^`]+)`", listed)],
            )
    found = {
        event.name: (set(event.aliases), event.user_required, [(p.name, p.required) for p in event.properties])
        for event in load().events
        if not event.internal
    }
    assert {name: value for name, value in expected.items() if found.get(name) != value} == {}
    assert set(found) == set(expected)


def test_simulated_events_in_canonical_spelling_fit_the_json_schema() -> None:
    schema = json_schema(load())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    lines = b"".join(simulate(events=3_000, days=30, seed=3)).splitlines()
    events = [json.loads(line) for line in lines]
    canonical = [e for e in events if {"event_id", "event_type", "occurred_at"} <= set(e) and "data" not in e]
    plain = [
        event
        for event in canonical
        if event["event_type"] in schema["properties"]["event_type"]["enum"]
        and not any(key != key.lower() for key in (*event, *event.get("properties", {})))
        and not {"metadata", "event_data"} & set(event)
    ]
    assert len(plain) > 1_500
    problems = [(event, error.message) for event in plain for error in validator.iter_errors(event)]
    assert problems == []


@pytest.mark.parametrize(
    "change",
    [{"event_type": "no.such"}, {"event_id": 5}, {"user_id": "x" * 256}, {"properties": {"order_id": "o"}}],
)
def test_the_json_schema_refuses_what_landing_refuses(change: dict[str, object]) -> None:
    event = {
        "event_id": "6f1c2c1e-3c70-4c53-9a43-9d8f0a7a1c11",
        "event_type": "order.created",
        "occurred_at": "2025-01-01T00:00:00Z",
        "user_id": "u",
        "properties": {"order_id": "o", "vendor_id": "v", "amount": "1.00"},
    }
    validator = Draft202012Validator(json_schema(load()))
    assert list(validator.iter_errors(event)) == []
    assert list(validator.iter_errors(event | change)) != []


def test_kinds_are_all_used() -> None:
    catalog = load()
    assert {prop.kind for event in catalog.events for prop in event.properties} == set(catalog.kinds)


def test_every_event_type_is_on_one_page() -> None:
    catalog = load()
    assert sorted(event.name for page in pages(catalog) for event in page.events) == sorted(
        event.name for event in catalog.events
    )


def test_the_index_links_to_the_heading_of_every_type() -> None:
    catalog = load()
    links = set(re.findall(r"\(events/(\w+)\.md#(\w+)\)", markdown(catalog)))
    headings = {
        (page.name, heading.replace(".", ""))
        for page in pages(catalog)
        for heading in re.findall(r"^## `(.+)`$", page_markdown(page), re.MULTILINE)
    }
    assert links == headings
    assert len(links) == len(catalog.events)


def test_the_examples_of_the_pages_fit_the_schema_and_land(empty: Settings) -> None:
    examples = [example(event) for event in load().events]
    validator = Draft202012Validator(json_schema(load()))
    assert [(e["event_type"], error.message) for e in examples for error in validator.iter_errors(e)] == []
    lines = b"".join(json.dumps(event).encode() + b"\n" for event in examples)
    entry = Lander(empty).land(Batch("examples", "docs", "docs/events", lines))
    refused = connect(Identity.ADMIN, empty).query("SELECT reason FROM raw.quarantine").result_rows
    assert refused == []
    assert (entry.received, entry.stored) == (len(examples), len(examples))
