"""The job of reports; one run makes one file."""

from __future__ import annotations

import dagster as dg

from dagster_project.asset_keys import MAX_RUNTIME, REPORT_JOB
from dagster_project.defs.reports.assets import delivery
from dagster_project.defs.reports.assets import report as report_asset

reports = dg.define_asset_job(
    REPORT_JOB,
    selection=dg.AssetSelection.assets(report_asset, delivery),
    run_tags={MAX_RUNTIME: "3600"},
    # The file's outcome goes from one step to the other in memory, whatever executor the other jobs have.
    executor_def=dg.in_process_executor,
    description="Make the file of one request and send it to those it is for.",
)
