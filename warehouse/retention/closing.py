"""Closing months: what was made of their events is put aside, and the events leave (ADR 18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from warehouse import builds, publications, transform
from warehouse.client import Identity, connect
from warehouse.cluster import cluster
from warehouse.errors import WarehouseError
from warehouse.lineage import Lineage
from warehouse.locks import exclusive
from warehouse.retention import aggregates, planning
from warehouse.retention.planning import Partition, Plan
from warehouse.retention.policy import Policy
from warehouse.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


class RetentionError(WarehouseError):
    """Nothing was closed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done.

    Attributes:
        plan: what was found.
        closed_before: the first open day now; None before the first closing.
        left: the partitions, and the months of marts, that have left.
    """

    plan: Plan
    closed_before: date | None
    left: list[Partition]


def apply(
    settings: Settings, policy: Policy, today: date | None = None, progress: transform.Progress | None = None
) -> Kept:
    """Close the months that can be closed, and let go what may leave. Waits for a build to end.

    A process that dies in here has closed the months or has not; what has not left yet leaves the next time.

    Args:
        settings: names the home and the ClickHouse.
        policy: how long what is kept.
        today: as seen from; by default the day it is (UTC).
        progress: told of the models whose rows are put aside.

    Raises:
        RetentionError: something has landed that is not built, or a model's rows could not be put aside.
    """
    day = today or datetime.now(UTC).date()
    with exclusive("build", settings, wait=None):
        client = connect(Identity.TRANSFORMER, settings, log_comment="retention")
        found = planning.plan(client, policy, day)
        if found.close_before is not None:
            _close(settings, client, found.close_before, progress)
        closed = planning.closed_before(client)
        leaving = planning.leaving(client, policy, day, closed, cluster(settings))
        _let_go(settings, client, leaving)
        aged = aggregates.leaving(client, policy, day, closed)
        aggregates.let_go(client, aged)
    return Kept(found, closed, leaving + [month for table in aged for month in table.months])


def _close(settings: Settings, client: Client, before: date, progress: transform.Progress | None) -> None:
    now = builds.state(client)
    latest = publications.latest(client)
    if latest is None or now.built_through != now.commit_seq or now.changed_seeds or now.rewritten:
        raise RetentionError(f"no month is closed: {now.reason}", "run `warehouse build` first")
    manifest = transform.manifest(settings, now.code)
    results = transform.build(
        settings,
        manifest,
        select=Lineage(manifest).event_readers(),
        variables={"closing": f"{before}"},
        progress=progress,
    )
    failures = [f"{result.name}: {result.message}" for result in results if result.status != "success"]
    if failures:
        raise RetentionError(
            f"no month is closed: {'; '.join(failures[:5])}", f"details in {transform.log_file(settings)}"
        )
    # From here on the months are closed: events still there are passed over by every build.
    client.command(
        "INSERT INTO build.closings (closed_before, commit_seq, first_date, last_date)"
        " SELECT {before:Date}, {commit:UInt64}, min(date), max(date) FROM build.int_calendar__filled",
        parameters={"before": before, "commit": latest.commit_seq},
    )


def _let_go(settings: Settings, transformer: Client, partitions: list[Partition]) -> None:
    owners = {"raw": connect(Identity.LOADER, settings, log_comment="retention"), "build": transformer}
    shards = cluster(settings)
    for one in partitions:
        transformer.insert(
            "build.departures",
            [[one.table, one.partition_id, one.rows, one.bytes]],
            column_names=["table_name", "partition_id", "rows", "bytes"],
        )
        owners[one.table.partition(".")[0]].command(
            f"ALTER TABLE {shards.altered(one.table)} DROP PARTITION ID {{partition:String}}",
            parameters={"partition": one.partition_id},
        )
