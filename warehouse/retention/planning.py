"""What is to leave: the months that can be closed, and the partitions that are too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.client import scalar
from warehouse.cluster import ONE_NODE, Cluster
from warehouse.months import next_month
from warehouse.retention.policy import Policy

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_HERE = Path(__file__).parent
_MONTHS, _PARTITIONS, _LEFT = ((_HERE / f"{name}.sql").read_text("utf-8") for name in ("months", "partitions", "left"))


@dataclass(frozen=True, slots=True)
class Month:
    """A month with events.

    Attributes:
        first_day: of it.
        events: how many happened in it.
        why_open: why it stays open; empty when it can be closed.
    """

    first_day: date
    events: int
    why_open: str


@dataclass(frozen=True, slots=True)
class Partition:
    """A month of a table, by receipt or by the day of the event."""

    table: str
    partition_id: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be closed.

    Attributes:
        closed_before: the first day that is open now; None before the first closing.
        close_before: the first day to be open from now on; None where no month can be closed.
        months: those with events in `build`, oldest first.
    """

    closed_before: date | None
    close_before: date | None
    months: list[Month]


def plan(client: Client, policy: Policy, today: date) -> Plan:
    """What can be closed today. Months are closed from the first one on, without a gap."""
    since = datetime.combine(today - timedelta(days=policy.events.settled.days), time(), UTC)
    months = []
    close_before = None
    open_found = False
    for first_day, events, late in client.query(_MONTHS, parameters={"since": since}).result_rows:
        why = _why_open(first_day, events, late, policy, today)
        open_found = open_found or bool(why)
        months.append(Month(first_day, events, why or ("an earlier month is open" if open_found else "")))
        if not open_found:
            close_before = next_month(first_day)
    return Plan(closed_before(client), close_before, months)


def leaving(
    client: Client, policy: Policy, today: date, closed: date | None, cluster: Cluster = ONE_NODE
) -> list[Partition]:
    """Partitions that can go: of closed months, and of tables whose rows are too old."""
    found = []
    if closed is not None:
        months = f"{closed:%Y%m}"
        found += [one for one in _partitions(client, "build.stg_events", cluster) if one.partition_id < months]
        empty = {str(name) for (name,) in client.query(_LEFT, parameters={"closed_before": closed}).result_rows}
        found += [one for one in _partitions(client, "raw.events", cluster) if one.partition_id in empty]
    for name, days in policy.tables.items():
        oldest = f"{today - timedelta(days=days):%Y%m}"
        found += [one for one in _partitions(client, name, cluster) if one.partition_id < oldest]
    return found


def closed_before(client: Client) -> date | None:
    """The first open day; None before the first closing."""
    found: date | None = scalar(client, "SELECT maxOrNull(closed_before) FROM build.closings")
    return found


def _why_open(first_day: date, events: int, late: int, policy: Policy, today: date) -> str:
    if next_month(first_day) + timedelta(days=policy.events.days) > today:
        return f"it ended less than {policy.events.days} days ago"
    settled = policy.events.settled
    if late > settled.share * events:
        return f"{late:,} of its {events:,} events came in the last {settled.days} days"
    return ""


def _partitions(client: Client, name: str, cluster: Cluster) -> list[Partition]:
    """Those of a table; of a divided one, those of its parts, each with the name of the table."""
    database, _, table = cluster.part_of(name).partition(".")
    statement = _PARTITIONS.replace("system.parts", cluster.parts_of(name))
    rows = client.query(statement, parameters={"database": database, "table": table}).result_rows
    return [Partition(name, str(partition), int(count), int(size)) for partition, count, size in rows]
