"""The ledger's law, and how old the sources are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from dagster_project import dbt_graph
from dagster_project.asset_keys import BUILD_POOL, RAW_BATCHES, RAW_EVENTS, RAW_QUARANTINE
from dagster_project.context import Warehouse
from dagster_project.project import loaded_manifest
from warehouse import transform
from warehouse.client import scalar
from warehouse.errors import WarehouseError
from warehouse.locks import exclusive

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_BALANCE = dg.AssetCheckSpec(
    "received_is_stored_plus_duplicates_plus_quarantined",
    asset=RAW_BATCHES,
    blocking=True,
    description="Every batch of the ledger adds up, and commits are numbered 1, 2, 3 … without a gap.",
)
_EVENTS = dg.AssetCheckSpec(
    "rows_match_the_ledger",
    asset=RAW_EVENTS,
    blocking=True,
    description="Batches since the last generation but one (at night all) hold the events and resends of the ledger.",
)
_QUARANTINE = dg.AssetCheckSpec(
    "rows_match_the_ledger",
    asset=RAW_QUARANTINE,
    blocking=True,
    description="Batches since the last generation but one (at night all) hold the refused events of the ledger.",
)
LEDGER_CHECKS = [_BALANCE, _EVENTS, _QUARANTINE]

_BALANCE_SQL = """
SELECT
    countIf(received != stored + duplicates + quarantined) AS unbalanced,
    max(commit_seq) - uniqExact(commit_seq) AS missing,
    count() - uniqExact(commit_seq) AS repeated
FROM raw.batches
"""
# The rows of batches beside what the ledger says of them, and by name what is not there.
_ROWS_SQL = """
WITH
    chosen AS (
        SELECT * FROM raw.batches
        WHERE commit_seq > {since:UInt64} AND ({source:String} = '' OR source = {source:String})
            -- Of what has left there is nothing to compare.
            AND toString(toYYYYMM(started_at)) NOT IN (
                SELECT partition_id FROM build.departures WHERE table_name IN ('raw.events', 'raw.quarantine')
            )
    ),
    (SELECT minOrNull(batch_seq) FROM chosen) AS first_batch
SELECT
    count() AS batches,
    countIf(batch.stored + batch.duplicates != event.rows) AS events_differ,
    countIf(batch.duplicates != resend.rows) AS resends_differ,
    countIf(batch.quarantined != refused.rows) AS refused_differ,
    countIf(batch.received != batch.stored + batch.duplicates + batch.quarantined) AS unbalanced,
    groupArrayIf(10)(
        batch.batch_id,
        batch.stored + batch.duplicates != event.rows
        OR batch.duplicates != resend.rows
        OR batch.quarantined != refused.rows
    ) AS differing_batches
FROM chosen AS batch
LEFT JOIN (
    SELECT batch_seq, count() AS rows FROM raw.events WHERE batch_seq >= first_batch GROUP BY batch_seq
) AS event ON event.batch_seq = batch.batch_seq
LEFT JOIN (
    SELECT batch_seq, count() AS rows FROM raw.duplicates WHERE batch_seq >= first_batch GROUP BY batch_seq
) AS resend ON resend.batch_seq = batch.batch_seq
LEFT JOIN (
    SELECT batch_seq, count() AS rows FROM raw.quarantine WHERE batch_seq >= first_batch GROUP BY batch_seq
) AS refused ON refused.batch_seq = batch.batch_seq
"""
_LOST_SQL = """
SELECT toString(event_id) AS event_id
FROM raw.receipts
WHERE batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches WHERE batch_id IN {batches:Array(String)})
    AND received_seq GLOBAL NOT IN (
        SELECT received_seq FROM raw.events
        WHERE batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches WHERE batch_id IN {batches:Array(String)})
    )
ORDER BY event_id
LIMIT 20
"""
# What lands between a run's check and its build is published unchecked, and looked at by the run that follows.
_CHECKED_SQL = """
SELECT ifNull(minOrNull(commit_seq) * (count() = 2), 0)
FROM (SELECT commit_seq FROM marts.publications ORDER BY sequence DESC LIMIT 2)
"""
_FRESHNESS = "source_freshness"


def check_ledger(client: Client, *, whole: bool = False) -> Iterator[dg.AssetCheckResult]:
    """Evaluate the three ledger checks.

    A run publishes only after they have passed, so by day they look at what came since the last generation but one:
    their cost does not grow with the history.

    Args:
        client: the transformer's.
        whole: look at all batches there are, for what was damaged after it had passed.
    """
    balance = next(iter(client.query(_BALANCE_SQL).named_results()))
    rows = _rows(client, "", since=0 if whole else _checked(client))
    verdicts = (
        (_BALANCE, balance, not any(balance.values())),
        (_EVENTS, rows, not (rows["events_differ"] or rows["resends_differ"])),
        (_QUARANTINE, rows, not rows["refused_differ"]),
    )
    for spec, figures, passed in verdicts:
        yield dg.AssetCheckResult(asset_key=spec.asset_key, check_name=spec.name, passed=passed, metadata=dict(figures))


def check_source(client: Client, source: str) -> tuple[bool, dict[str, Any]]:
    """Whether a source's batches since the last generation but one hold the ledger's rows; what is lost, by name."""
    figures = _rows(client, source, since=_checked(client))
    return not figures["differing_batches"] and not figures["unbalanced"], figures


def _checked(client: Client) -> int:
    """The last commit that was in the ledger when a check passed and its run went on to publish."""
    return int(scalar(client, _CHECKED_SQL))


def _rows(client: Client, source: str, since: int) -> dict[str, Any]:
    figures: dict[str, Any] = next(
        iter(
            client.query(
                _ROWS_SQL, parameters={"source": source, "since": since}, settings={"join_use_nulls": 0}
            ).named_results()
        )
    )
    batches = list(figures["differing_batches"])
    lost = client.query(_LOST_SQL, parameters={"batches": batches}).result_rows if batches else []
    return {**figures, "differing_batches": batches, "lost_events": [event_id for (event_id,) in lost]}


@dg.multi_asset_check(
    name="source_freshness",
    specs=[
        dg.AssetCheckSpec(
            _FRESHNESS, asset=key, description="Age of the newest data, judged by the source's own limits."
        )
        for key in dbt_graph.sources_with_freshness(loaded_manifest())
    ],
    pool=BUILD_POOL,
)
def source_freshness(warehouse: dg.ResourceParam[Warehouse]) -> Iterator[dg.AssetCheckResult]:
    """Ask dbt how old the sources are."""
    with exclusive("build", warehouse.settings, wait=None):  # dbt's target folder is shared with builds
        result, errors = transform.run_dbt(warehouse.settings, ["source", "freshness"])
    if result.result is None:
        raise WarehouseError(f"dbt could not judge the sources: {'; '.join(errors) or result.exception}")
    for node in result.result.results:
        age = getattr(node, "age", None)
        yield dg.AssetCheckResult(
            asset_key=dg.AssetKey([node.node.source_name, node.node.name]),
            check_name=_FRESHNESS,
            passed=node.status == "pass",
            severity=dg.AssetCheckSeverity.WARN if node.status == "warn" else dg.AssetCheckSeverity.ERROR,
            metadata={
                "status": str(node.status),
                **({"age_seconds": float(age), "newest": str(node.max_loaded_at)} if age is not None else {}),
            },
        )
