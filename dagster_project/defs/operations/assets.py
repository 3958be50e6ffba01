"""Nightly housekeeping: what is held in quarantine, and what may go."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from dagster_project.asset_keys import BUILD_POOL, PUBLICATION, RAW_QUARANTINE, REPORT_JOB
from dagster_project.context import Warehouse
from warehouse import publications
from warehouse.client import Identity
from warehouse.locks import exclusive

#: A run writes some 300 KiB, and there may be thousands a day: successful ones are kept for a day, others for weeks.
KEPT_RUNS = timedelta(days=1)
KEPT_FAILED_RUNS = timedelta(days=30)
_RUNS_AT_ONCE = 500


@dg.asset(group_name="operations", deps=[RAW_QUARANTINE], kinds={"clickhouse"}, pool=BUILD_POOL)
def quarantine_summary(warehouse: dg.ResourceParam[Warehouse]) -> dg.MaterializeResult[None]:
    """Refused events that still wait for a fix and a replay, by source and reason."""
    from ingestion.quarantine import Quarantine

    summary = Quarantine(warehouse.settings).summary("", "")
    held = [{name: str(value) for name, value in row.items()} for row in summary]
    columns = ("source", "reason", "events", "first_at", "last_at")
    return dg.MaterializeResult(
        metadata={
            "held": sum(int(row["events"]) for row in summary),
            "by_reason": dg.MetadataValue.table(
                [dg.TableRecord({name: row[name] for name in columns}) for row in held[:200]],
                schema=dg.TableSchema([dg.TableColumn(name) for name in columns]),
            ),
        }
    )


@dg.asset(group_name="operations", deps=[PUBLICATION], kinds={"clickhouse"}, pool=BUILD_POOL)
def kept_generations(warehouse: dg.ResourceParam[Warehouse]) -> dg.MaterializeResult[None]:
    """Generations one can roll back to, after those that are too old have been dropped."""
    client = warehouse.connect(Identity.TRANSFORMER)
    with exclusive("build", warehouse.settings, wait=None):
        dropped = publications.drop_old(client)
    kept = sorted(publications.existing(client))
    return dg.MaterializeResult(
        metadata={"kept": len(kept), "dropped": len(dropped), "databases": dg.MetadataValue.json(kept)}
    )


@dg.asset(group_name="operations", kinds={"dagster"})
def run_history(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Dagster's own record of runs, after the old ones have been deleted with their logs."""
    now, deleted = datetime.now(UTC), 0
    # Those of reports are kept with their files.
    reports = set(context.instance.get_run_ids(dg.RunsFilter(job_name=REPORT_JOB)))
    for statuses, kept in (
        ([dg.DagsterRunStatus.SUCCESS], KEPT_RUNS),
        ([dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED], KEPT_FAILED_RUNS),
    ):
        old = dg.RunsFilter(statuses=statuses, created_before=now - kept)
        limit = _RUNS_AT_ONCE + len(reports)
        while run_ids := set(context.instance.get_run_ids(old, limit=limit)) - reports:
            for run_id in run_ids:
                context.instance.delete_run(run_id)
                shutil.rmtree(Path(context.instance.storage_directory()) / run_id, ignore_errors=True)
            deleted += len(run_ids)
    return dg.MaterializeResult(metadata={"deleted": deleted, "dagster/row_count": context.instance.get_runs_count()})
