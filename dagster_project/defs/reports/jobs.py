"""The job of reports; one run makes one file."""

from __future__ import annotations

import dagster as dg

from dagster_project.asset_keys import REPORT_JOB
from dagster_project.defs.reports.assets import delivery
from dagster_project.defs.reports.assets import report as report_asset

reports = dg.define_asset_job(
    REPORT_JOB,
    selection=dg.AssetSelection.assets(report_asset, delivery),
    run_tags={"dagster/max_runtime": "3600"},
    description="Make the file of one request and send it to those it is for.",
)
