"""The night's tidying: months of events are closed, and what is too old leaves."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
import dagster as dg

from dagster_project.context import Warehouse
from dagster_project.defs.operations.backups import restore_drill
from warehouse.retention import closing
from warehouse.retention.policy import load


@dg.asset(group_name="operations", deps=[restore_drill], kinds={"clickhouse"})
def retention(context: dg.AssetExecutionContext, warehouse: dg.ResourceParam[Warehouse]) -> dg.MaterializeResult[None]:
    """Months closed, partitions and rows of marts gone by warehouse/retention/policy.yaml; after the night's backup."""
    kept = closing.apply(warehouse.settings, load())
    for month in kept.plan.months:
        if month.why_open:
            context.log.info(f"{month.first_day:%Y-%m} stays open: {month.why_open}")
    rows = [
        dg.TableRecord({"table": one.table, "month": one.partition_id, "rows": one.rows, "bytes": one.bytes})
        for one in kept.left
    ]
    columns = [dg.TableColumn(name, kind) for name, kind in _COLUMNS.items()]
    return dg.MaterializeResult(
        metadata={
            "closed_before": str(kept.closed_before) if kept.closed_before is not None else "nothing is closed",
            "open_months": len([month for month in kept.plan.months if month.why_open]),
            "rows_left": sum(one.rows for one in kept.left),
            "bytes_left": sum(one.bytes for one in kept.left),
            "left": dg.MetadataValue.table(rows, schema=dg.TableSchema(columns)),
        }
    )


_COLUMNS = {"table": "string", "month": "string", "rows": "int", "bytes": "int"}
