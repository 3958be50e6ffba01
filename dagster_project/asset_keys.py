"""Names that several topics share."""

from __future__ import annotations

import dagster as dg

LANDING_FOLDER = dg.AssetKey("landing_folder")
RAW_EVENTS = dg.AssetKey(["raw", "events"])
RAW_BATCHES = dg.AssetKey(["raw", "batches"])
RAW_QUARANTINE = dg.AssetKey(["raw", "quarantine"])
RAW_CANARIES = dg.AssetKey(["raw", "canaries"])
HORIZON = dg.AssetKey(["control", "horizon"])
PUBLICATION = dg.AssetKey("publication")
REBUILT_MONTHS = dg.AssetKey("rebuilt_months")
SERVING_API = dg.AssetKey("serving_api")

#: Tag of a job: seconds after which a run of it is ended.
MAX_RUNTIME = "dagster/max_runtime"
#: Runs that land or build carry this tag; at most one of them is under way.
LANE = {"warehouse/lane": "build"}
#: What the clock asked for a run for; a failed attempt at the same is not repeated at once.
STATE_TAG = "warehouse/state"
#: Ops that write to `build` share this pool, so that runs started by hand wait their turn too.
BUILD_POOL = "build"
#: Draining the doors: one run at a time, beside builds.
DOORS_POOL = "doors"
POOLS = (BUILD_POOL, DOORS_POOL)
#: The job of reports; its runs are kept as long as their files.
REPORT_JOB = "reports"
#: The jobs about people.
ERASE_JOB, EXPORT_JOB = "erase_user", "export_user"
