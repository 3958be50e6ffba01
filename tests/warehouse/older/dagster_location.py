"""What an older Dagster was given, for a history by names of today; see `homes.py`."""

import dagster as dg


@dg.asset
def landed(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """An asset that says something."""
    context.log.info("landed by an older version")
    return dg.MaterializeResult(metadata={"events": 7})


refresh = dg.define_asset_job("refresh", selection=[landed])
nightly = dg.define_asset_job("nightly", selection=[landed])
running = dg.DefaultScheduleStatus.RUNNING

defs = dg.Definitions(
    assets=[landed],
    jobs=[refresh, nightly],
    schedules=[
        dg.ScheduleDefinition(name="nightly", job=nightly, cron_schedule="0 3 * * *", default_status=running),
        dg.ScheduleDefinition(name="canaries", job=refresh, cron_schedule="* * * * *", default_status=running),
    ],
)
