"""What has changed since the last publication: read from the ledger and from what the models have logged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from clickhouse_connect.driver.binding import quote_identifier

from warehouse.cluster import ONE_NODE, Cluster
from warehouse.lineage import Lineage
from warehouse.months import Span

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: `log_comment` of every statement dbt sends; see `dbt_project/profiles.yml`.
DBT_COMMENT = "dbt"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A model of which days were rebuilt.

    Attributes:
        model: its name.
        days: the days, in order.
        causes: what had changed, event types and models; days from earlier failed builds included.
    """

    model: str
    days: tuple[date, ...]
    causes: tuple[str, ...]


def event_types(client: Client, built_through: int, commit_seq: int) -> list[str]:
    """Types of the events that landed after one commit, up to another; resends included, canaries not."""
    rows = client.query(
        "SELECT DISTINCT event_type FROM raw.events WHERE batch_seq GLOBAL IN ("
        " SELECT batch_seq FROM raw.batches"
        " WHERE commit_seq > {built_through:UInt64} AND commit_seq <= {commit_seq:UInt64} AND stored > 0)"
        " AND NOT is_canary",
        parameters={"built_through": built_through, "commit_seq": commit_seq},
    ).result_rows
    return [str(name) for (name,) in rows]


def rewritten_types(client: Client) -> list[str]:
    """Types of the events that an erasure has rewritten since the last publication."""
    rows = client.query("SELECT DISTINCT event_type FROM build.rewritten ORDER BY event_type").result_rows
    return [str(name) for (name,) in rows]


def note_rewritten(client: Client) -> None:
    """Let the models take the days of rewritten events for days on which events have arrived."""
    client.command(
        "INSERT INTO build.evidence (kind, input, date) SELECT DISTINCT 'events', event_type, date FROM build.rewritten"
    )


def note_months(client: Client, event_types: Collection[str], months: Span) -> None:
    """Let the models take every day of some months, as far as there are events, for one on which all types arrived."""
    client.command(
        "INSERT INTO build.evidence (kind, input, date)"
        " WITH (SELECT (min(date), max(date)) FROM build.stg_events) AS known"
        " SELECT 'events', arrayJoin({types:Array(String)}), {first:Date} + number AS day"
        " FROM numbers({days:UInt32}) WHERE day BETWEEN known.1 AND known.2",
        parameters={"types": sorted(event_types), "first": months.first, "days": months.days},
    )


def missing_tables(client: Client, names: Collection[str]) -> list[str]:
    """Those of the names that are no table in `build`."""
    rows = client.query("SELECT name FROM system.tables WHERE database = 'build'").result_rows
    return sorted(set(names) - {str(name) for (name,) in rows})


def rebuilt(client: Client, lineage: Lineage) -> list[Rebuilt]:
    """What the models have logged, with what had changed for each, by name of the model."""
    rows = client.query(
        "SELECT kind = 'model', input, arraySort(groupUniqArray(date)) FROM build.evidence GROUP BY kind, input"
    ).result_rows
    changed = {str(name) for _, name, _ in rows}
    answer = []
    for is_model, name, days in rows:
        if is_model:
            causes = sorted({cause for found in lineage.causes(name).values() for cause in found & changed})
            answer.append(Rebuilt(str(name), tuple(days), tuple(causes)))
    return sorted(answer, key=lambda entry: entry.model)


def clear(client: Client) -> None:
    """Forget what the models have logged: a full build needs none of it."""
    client.command("TRUNCATE TABLE build.evidence")


def settle(client: Client) -> None:
    """Forget it all, rewritten events too: everything is built and published."""
    clear(client)
    client.command("TRUNCATE TABLE build.rewritten")


def end_leftovers(client: Client, cluster: Cluster = ONE_NODE) -> None:
    """End what a build that died has left running in ClickHouse, and drop its side tables.

    The caller holds the build lock.
    """
    client.command(
        "KILL QUERY WHERE user = currentUser() AND Settings['log_comment'] = {comment:String} SYNC",
        parameters={"comment": DBT_COMMENT},
    )
    rows = client.query(
        "SELECT name FROM system.tables WHERE database = 'build' AND name LIKE '%\\_\\_side'"
    ).result_rows
    for (name,) in rows:
        client.command(f"DROP TABLE build.{quote_identifier(name)}{cluster.on} SYNC")
