"""The end of the lineage: who reads the published marts."""

from __future__ import annotations

import dagster as dg

from dagster_project.asset_keys import PUBLICATION, SERVING_API

serving_api = dg.AssetSpec(
    key=SERVING_API,
    deps=[PUBLICATION],
    group_name="serving",
    kinds={"fastapi"},
    description="The read-only JSON API and its dashboard page; follows the generation in force by itself.",
)
