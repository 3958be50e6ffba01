"""Rows of marts that are too old: of closed months, where nothing else is made of them (ADR 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from warehouse.months import next_month
from warehouse.retention.planning import Partition
from warehouse.retention.policy import Policy

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_HERE = Path(__file__).parent
_DAYS, _MONTHS = ((_HERE / f"{name}.sql").read_text("utf-8") for name in ("days", "months_of"))
# Where rows of a mart are: those that are published next, and those that full builds take them from.
_DATABASES = ("build", "closed")


@dataclass(frozen=True, slots=True)
class Aged:
    """A table with rows that can go.

    Attributes:
        database: `build` or `closed`.
        name: of the mart.
        day: its column that tells the day.
        before: the first day that is kept.
        months: those with older rows.
    """

    database: str
    name: str
    day: str
    before: date
    months: list[Partition]


def leaving(client: Client, policy: Policy, today: date, closed: date | None) -> list[Aged]:
    """The tables with rows that can go today.

    Args:
        client: the transformer's.
        policy: how long rows of marts are kept.
        today: as seen from.
        closed: the first open day; no later one goes. None before the first closing: nothing goes.
    """
    if closed is None:
        return []
    there = {
        (str(database), str(name))
        for database, name in client.query(
            "SELECT database, name FROM system.tables WHERE database IN ({databases:Array(String)})",
            parameters={"databases": list(_DATABASES)},
        ).result_rows
    }
    found = []
    for name, day in client.query(_DAYS, parameters={"marts": list(policy.aggregates)}).result_rows:
        before = min((today - timedelta(days=policy.aggregates[name])).replace(day=1), closed)
        for database in _DATABASES:
            if (database, name) not in there:
                continue
            parameters = {"database": database, "table": name, "day": day, "before": before}
            months = [
                Partition(f"{database}.{name}", str(month), int(rows), int(size))
                for month, rows, size in client.query(_MONTHS, parameters=parameters).result_rows
            ]
            if months:
                found.append(Aged(database, name, day, before, months))
    return found


def let_go(client: Client, aged: list[Aged]) -> None:
    """Delete the rows, and note what has left. The caller holds the build lock."""
    for table in aged:
        client.insert(
            "build.departures",
            [[month.table, month.partition_id, month.rows, month.bytes] for month in table.months],
            column_names=["table_name", "partition_id", "rows", "bytes"],
        )
        client.command(
            f"ALTER TABLE {table.database}.{quote_identifier(table.name)}"
            f" DELETE WHERE toDate({quote_identifier(table.day)}) < {{before:Date}} SETTINGS mutations_sync = 2",
            parameters={"before": table.before},
        )


def kept_from(client: Client) -> dict[str, date]:
    """By mart the first day of which there are rows, where older ones have left."""
    rows = client.query(
        "SELECT table_name, max(partition_id) FROM build.departures"
        " WHERE startsWith(table_name, 'build.') AND table_name != 'build.stg_events' GROUP BY table_name"
    ).result_rows
    return {
        str(table).removeprefix("build."): next_month(date(int(month[:4]), int(month[4:]), 1)) for table, month in rows
    }
