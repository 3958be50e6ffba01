"""Nightly housekeeping: what is held in quarantine, and what may go."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
import dagster as dg

from dagster_project import history
from dagster_project.asset_keys import BUILD_POOL, PUBLICATION, RAW_QUARANTINE, REPORT_JOB
from dagster_project.context import Warehouse
from warehouse import publications
from warehouse.client import Identity
from warehouse.cluster import cluster
from warehouse.locks import exclusive


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
        dropped = publications.drop_old(client, cluster(warehouse.settings))
    kept = sorted(publications.existing(client))
    return dg.MaterializeResult(
        metadata={"kept": len(kept), "dropped": len(dropped), "databases": dg.MetadataValue.json(kept)}
    )


@dg.asset(group_name="operations", kinds={"dagster"})
def run_history(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Dagster's own record of runs, after what is old has been deleted: runs, their logs, and outcomes of checks."""
    # Those of reports are kept with their files.
    forgotten = history.forget(context.instance, kept_job=REPORT_JOB)
    return dg.MaterializeResult(
        metadata={
            "deleted": forgotten.runs,
            "deleted_checks": forgotten.checks,
            "deleted_log_files": forgotten.log_files,
            "dagster/row_count": context.instance.get_runs_count(),
            "bytes": forgotten.bytes_left,
        }
    )
