"""The night's backup, and the proof that it can be brought back."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
import tempfile
import time
from pathlib import Path

import dagster as dg

from dagster_project.asset_keys import PUBLICATION
from dagster_project.context import Warehouse
from warehouse.backups import making
from warehouse.backups.restoring import restore
from warehouse.engine import process

#: Backups that stay; one is made each night.
KEPT_BACKUPS = 7


@dg.asset(group_name="operations", deps=[PUBLICATION], kinds={"clickhouse"})
def backup(context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.MaterializeResult[None]:
    """Everything saved to WAREHOUSE_BACKUPS; without that setting nothing is, which the metadata say."""
    settings = warehouse.settings
    if settings.backups is None:
        context.log.info("nothing is saved: set WAREHOUSE_BACKUPS to a folder or an s3:// prefix")
        return dg.MaterializeResult(metadata={"configured": False})
    started = time.monotonic()
    made = making.make(settings)
    seconds = time.monotonic() - started
    dropped = making.drop_old(settings, KEPT_BACKUPS)
    return dg.MaterializeResult(
        metadata={
            "configured": True,
            "backup": made.address,
            "events": made.manifest.events,
            "generation": made.manifest.generation,
            "dropped": dropped,
            "seconds": round(seconds, 3),
        }
    )


@dg.asset(group_name="operations", deps=[backup], kinds={"clickhouse"})
def restore_drill(
    context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]
) -> dg.MaterializeResult[None]:
    """The latest backup brought back into an engine of its own and compared, mart by mart; fails where it differs."""
    settings = warehouse.settings
    kept = making.kept_at(settings)
    finished = kept.finished()
    if not finished:
        context.log.info("there is no backup to try")
        return dg.MaterializeResult(metadata={"configured": False})
    source = kept.below(finished[-1])
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="restore-drill-", dir=settings.home) as folder:
        scratch = settings.beside(Path(folder) / "home")
        try:
            restored = restore(scratch, source)
        finally:
            process.stop(scratch, timeout=0)
    return dg.MaterializeResult(
        metadata={
            "configured": True,
            "backup": source.address,
            "events": restored.manifest.events,
            "marts_equal": len(restored.manifest.marts),
            "seconds": round(time.monotonic() - started, 3),
        }
    )
