"""The jobs of the clock: `refresh` and `nightly` build and publish, the others see to what comes in."""

from __future__ import annotations

import dagster as dg

from dagster_project.asset_keys import LANE, MAX_RUNTIME, RAW_CANARIES
from dagster_project.defs.ingestion.checks import source_freshness
from dagster_project.doors import DOORS

_LINE = dg.AssetSelection.groups(
    "raw", "control", "reference", "staging", "intermediate", "marts"
) | dg.AssetSelection.assets("publication")

refresh = dg.define_asset_job(
    "refresh",
    # Models and tests are recorded as they are reached; to plan all of them each time costs seconds.
    selection=dg.AssetSelection.groups("raw", "control") - dg.AssetSelection.checks(source_freshness)
    | dg.AssetSelection.assets("publication"),
    # Before the spans of months that a backfill has queued.
    run_tags={**LANE, MAX_RUNTIME: "3600", "dagster/priority": "1"},
    description="Land what is new, build what it touched, test, publish.",
)
nightly = dg.define_asset_job(
    "nightly",
    selection=_LINE | dg.AssetSelection.groups("operations"),
    run_tags={**LANE, MAX_RUNTIME: "21600", "dagster/max_retries": "2"},
    config={"ops": {"land": {"config": {"whole_ledger": True}}, "build": {"config": {"in_turn": True}}}},
    description=(
        "The same from all events, or of many a span of months in turn, with the whole ledger, the age of the sources, "
        "quarantine and housekeeping."
    ),
)
doors = dg.define_asset_job(
    "doors",
    selection=dg.AssetSelection.assets(*(door.name for door in DOORS)),
    run_tags={MAX_RUNTIME: "1800"},
    description="Land what waits behind the doors; beside their services, or without.",
)
canaries = dg.define_asset_job(
    "canaries",
    selection=dg.AssetSelection.assets(RAW_CANARIES),
    run_tags={MAX_RUNTIME: "600"},
    description="Send an event of the warehouse's own through every open door and wait until it is served.",
)
