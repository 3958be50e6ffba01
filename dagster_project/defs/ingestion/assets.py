"""The watched folder and the raw tables; other doors write the same tables through the same landing."""

# Dagster reads the type of `context` as it stands, so annotations are not postponed in this module.
from collections.abc import Iterator

import dagster as dg

from dagster_project import dbt_graph, landing_folder
from dagster_project.asset_keys import BUILD_POOL, LANDING_FOLDER, RAW_BATCHES, RAW_CANARIES, RAW_EVENTS, RAW_QUARANTINE
from dagster_project.context import Warehouse
from dagster_project.defs.ingestion.checks import LEDGER_CHECKS, check_ledger
from dagster_project.doors import WAYS_IN
from dagster_project.project import loaded_manifest
from warehouse.client import Identity

folder = dg.AssetSpec(
    key=LANDING_FOLDER,
    group_name="sources",
    kinds={"file"},
    description=(
        "Files of events: NDJSON, CSV, Parquet, plain or compressed. A file that has been quiet for two "
        "seconds is landed and moved to `landed/`; one that cannot be read goes to `refused/` with a note."
    ),
)

_SPECS = [
    spec
    for spec in dbt_graph.source_specs(loaded_manifest(), "raw", WAYS_IN, kinds={"clickhouse"})
    if spec.key != RAW_CANARIES
]

_FIGURES = """
SELECT
    max(commit_seq) AS commits, sum(received) AS received, sum(stored) AS stored,
    sum(duplicates) AS duplicates, sum(quarantined) AS quarantined,
    maxOrNull(landed_at) AS landed_at, maxOrNull(last_occurred_at) AS complete_through
FROM raw.batches
"""


class LandConfig(dg.Config):
    """What is looked at when the folder has been landed.

    Attributes:
        whole_ledger: check all batches there are, not only the latest.
    """

    whole_ledger: bool = False


@dg.multi_asset(name="land", specs=_SPECS, check_specs=LEDGER_CHECKS, pool=BUILD_POOL)
def land(
    context: dg.AssetExecutionContext, config: LandConfig, warehouse: dg.ResourceParam[Warehouse]
) -> Iterator[dg.AssetObservation | dg.MaterializeResult | dg.AssetCheckResult]:  # type: ignore[type-arg]
    """Land what waits in the folder, then report the ledger, whoever has written to it."""
    drained = landing_folder.drain(warehouse.settings)
    totals = drained.totals
    for name, reason in drained.refused.items():
        context.log.warning("%s is refused: %s", name, reason)
    yield dg.AssetObservation(
        LANDING_FOLDER,
        metadata={
            "path": dg.MetadataValue.path(str(landing_folder.folder(warehouse.settings))),
            "landed": len(drained.landed),
            "refused": len(drained.refused),
            "waiting": drained.waiting,
            "files": dg.MetadataValue.json({"landed": drained.landed[:100], "refused": drained.refused}),
        },
    )
    client = warehouse.connect(Identity.TRANSFORMER, context.run.run_id)
    ledger = next(iter(client.query(_FIGURES).named_results()))
    figures = {
        RAW_BATCHES: {
            **totals.figures(),
            "batches_landed_before": totals.replayed_batches,
            "ledger_received": ledger["received"],
            "ledger_commits": ledger["commits"],
            "dagster/row_count": ledger["commits"],
        },
        RAW_EVENTS: {
            "stored": totals.stored,
            "duplicates": totals.duplicates,
            "complete_through": str(ledger["complete_through"]),
            "dagster/row_count": ledger["stored"] + ledger["duplicates"],
        },
        RAW_QUARANTINE: {"quarantined": totals.quarantined, "dagster/row_count": ledger["quarantined"]},
    }
    for spec in _SPECS:
        yield dg.MaterializeResult(asset_key=spec.key, metadata=figures.get(spec.key, {}))
    yield from check_ledger(client, whole=config.whole_ledger)
