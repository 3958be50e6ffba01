"""The night's training: what the daily figures are expected to be, for the builds of the day."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
import time

import dagster as dg

from dagster_project import dbt_graph
from dagster_project.asset_keys import BUILD_POOL, PUBLICATION
from dagster_project.context import Warehouse


@dg.asset(
    group_name="operations",
    deps=[PUBLICATION],
    kinds={"python"},
    pool=BUILD_POOL,
    freshness_policy=dbt_graph.MART_FRESHNESS,
)
def training(warehouse: dg.ResourceParam[Warehouse]) -> dg.MaterializeResult[None]:
    """Forecasts and what is usual, learnt from what readers see; the next build, which this asks for, shows them."""
    from warehouse.foresight.training import train

    started = time.monotonic()
    made = train(warehouse.settings)
    figures = [{name: _told(value) for name, value in one.summary().items()} for one in made.learnt]
    return dg.MaterializeResult(
        metadata={
            "trained_at": made.trained_at.isoformat(timespec="milliseconds"),
            "trained_on": made.generation,
            "seconds": round(time.monotonic() - started, 3),
            "figures": dg.MetadataValue.table([dg.TableRecord(one) for one in figures]),
        }
    )


def _told(value: object) -> str | int | float:
    if isinstance(value, float):
        return round(value, 3)
    return value if isinstance(value, int | str) else str(value or "")
