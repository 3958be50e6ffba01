"""What a publication changes: per dated mart, day and column the value before and after, and why.

A value is the sum over the rows of the day: of whole numbers and money in every mart, of rates and means only
where a day is one row. `rows` is their number. Kept in `marts.revisions` (issue: revision log).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from clickhouse_connect.driver.binding import quote_identifier

from warehouse.lineage import DatedMart
from warehouse.months import Span

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

NEW_EVENTS, LATE_EVENTS, RESEND_CONFLICT = "new_events", "late_events", "resend_conflict"
SEED_CHANGE, MODEL_CHANGE = "seed_change", "model_change"
#: The day was built anew because somebody asked for it: what was there before was wrong.
REBUILD = "rebuild"


@dataclass(frozen=True, slots=True)
class Causes:
    """Why values of a build may differ from the generation before.

    Attributes:
        days: by cause, the days on which it struck.
        anywhere: causes that may show on any day: a changed model or seed of a mart built whole.
    """

    days: dict[str, list[date]]
    anywhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A value that is another than it was.

    Attributes:
        mart: the mart; `date` and `column` say where in it.
        old: the value before, 0 where the day had no rows.
        new: the value after.
        causes: why, most direct ones of the day.
    """

    mart: str
    date: date
    column: str
    old: Decimal
    new: Decimal
    causes: tuple[str, ...]


def causes(
    client: Client, *, built_through: int, commit_seq: int, complete_through: datetime | None, code_changed: bool,
    seeds_changed: bool, months: Span | None = None,
) -> Causes:  # fmt: skip
    """Read why from the ledger and the evidence of the build under way.

    Args:
        client: connected as the transformer.
        built_through: the commit of the generation before.
        commit_seq: the commit of the new one.
        complete_through: last event of the generation before; earlier days are late.
        code_changed: whether the models have changed.
        seeds_changed: whether a seed has.
        months: built anew because they were asked for.
    """
    parameters = {"built_through": built_through, "commit_seq": commit_seq}
    arrived = [
        day
        for (day,) in client.query(
            "SELECT DISTINCT date FROM build.stg_events"
            " WHERE commit_seq > {built_through:UInt64} AND commit_seq <= {commit_seq:UInt64}",
            parameters=parameters,
        ).result_rows
    ]
    frontier = complete_through.date() if complete_through else date.min
    days = {
        NEW_EVENTS: [day for day in arrived if day >= frontier],
        LATE_EVENTS: [day for day in arrived if day < frontier],
        RESEND_CONFLICT: [day for (day,) in client.query(_CONFLICTS, parameters=parameters).result_rows],
        SEED_CHANGE: [day for (day,) in client.query(_RATE_DAYS).result_rows] if seeds_changed else [],
        REBUILD: [] if months is None else [months.first + timedelta(days=day) for day in range(months.days)],
    }
    anywhere = [name for name, holds in ((MODEL_CHANGE, code_changed), (SEED_CHANGE, seeds_changed)) if holds]
    return Causes(days, tuple(anywhere))


_RATE_DAYS = "SELECT DISTINCT date FROM build.evidence WHERE kind = 'model' AND input = 'int_fx__extended'"

# Lines that came again with other content: what they say does not count, and somebody should know.
_CONFLICTS = """
WITH
    arrived AS (
        SELECT batch_seq FROM raw.batches
        WHERE commit_seq > {built_through:UInt64} AND commit_seq <= {commit_seq:UInt64} AND duplicates > 0
    ),
    resends AS (
        SELECT event_id, received_seq, batch_seq FROM raw.duplicates WHERE batch_seq IN (SELECT batch_seq FROM arrived)
    ),
    firsts AS (
        SELECT event_id, received_seq, batch_seq FROM raw.receipts
        WHERE event_id GLOBAL IN (SELECT event_id FROM resends)
            AND batch_seq GLOBAL IN (SELECT batch_seq FROM raw.batches)
    ),
    receipts AS (
        SELECT received_seq, batch_seq FROM resends UNION ALL SELECT received_seq, batch_seq FROM firsts
    )
SELECT arrayJoin(days) FROM (
    SELECT event_id, groupUniqArray(toDate(occurred_at)) AS days
    FROM raw.events
    WHERE batch_seq GLOBAL IN (SELECT batch_seq FROM receipts)
        AND received_seq GLOBAL IN (SELECT received_seq FROM receipts)
    GROUP BY event_id
    HAVING uniqExact(event_type, occurred_at, user_id, properties) > 1
)
GROUP BY ALL
"""


def record(
    client: Client,
    marts: Iterable[DatedMart],
    *,
    old: str,
    new: str,
    generation: int,
    previous: int,
    why: Causes,
    kept_from: dict[str, date],
) -> None:
    """Compare the marts of two generations and keep what differs in `marts.revisions`.

    Args:
        client: connected as the transformer.
        marts: the marts that were rebuilt.
        old: database of the generation before.
        new: database of the new one.
        generation: its number.
        previous: number of the generation before.
        why: the causes of this build.
        kept_from: by mart the first day to compare, where older ones have left: that they are gone revises nothing.
    """
    both = _common_columns(client, old, new)
    # A build that died before it pointed readers here has left its own.
    client.command(
        "DELETE FROM marts.revisions WHERE generation > {previous:UInt64}", parameters={"previous": previous}
    )
    compared = [statement for mart in marts if (statement := _difference(mart, both.get(mart.name, set()), old, new))]
    if not compared:
        return
    client.command(
        "INSERT INTO marts.revisions (generation, previous, published_at, mart, date, column, old, new, causes)"
        " WITH arrayFilter(cause -> has(mapFromArrays({causes:Array(String)}, {days:Array(Array(Date))})[cause], date),"
        " {causes:Array(String)}) AS direct"
        " SELECT {generation:UInt64}, {previous:UInt64}, now64(3, 'UTC'), mart, date, column, old, new,"
        " arrayDistinct(arrayConcat(if(empty(direct), {indirect:Array(String)}, direct), {anywhere:Array(String)}))"
        f" FROM ({' UNION ALL '.join(compared)})",
        parameters={
            "generation": generation,
            "previous": previous,
            "causes": list(why.days),
            "days": list(why.days.values()),
            # A day nothing happened on was reached from others: whatever struck those is its cause.
            "indirect": [name for name, days in why.days.items() if days and name != RESEND_CONFLICT],
            "anywhere": list(why.anywhere),
            "left": list(kept_from),
            "kept_from": list(kept_from.values()),
        },
    )


def between(client: Client, older: int, newer: int, mart: str = "") -> list[Revision]:
    """What differs from one generation to a later one, from the log: steps in between are added up."""
    rows = client.query(
        "SELECT mart, date, column, argMin(revisions.old, generation) AS before,"
        " argMax(revisions.new, generation) AS after, arraySort(groupUniqArrayArray(causes))"
        " FROM marts.revisions"
        " WHERE generation > {older:UInt64} AND generation <= {newer:UInt64}"
        " AND generation IN (SELECT generation FROM marts.publications)"
        " AND (mart = {mart:String} OR {mart:String} = '')"
        " GROUP BY mart, date, column HAVING before != after ORDER BY mart, date, column",
        parameters={"older": older, "newer": newer, "mart": mart},
    ).result_rows
    return [Revision(mart, day, column, old, new, tuple(why)) for mart, day, column, old, new, why in rows]


def _common_columns(client: Client, old: str, new: str) -> dict[str, set[str]]:
    rows = client.query(
        "SELECT table, name FROM system.columns WHERE database IN ({old:String}, {new:String})"
        " GROUP BY table, name HAVING count() = 2",
        parameters={"old": old, "new": new},
    ).result_rows
    found: dict[str, set[str]] = {}
    for table, name in rows:
        found.setdefault(str(table), set()).add(str(name))
    return found


def _difference(mart: DatedMart, common: set[str], old: str, new: str) -> str:
    if mart.day not in common:
        return ""
    columns = [name for name in mart.measures if name in common]
    values = ", ".join(
        [_pair("'rows'", "count()"), *(_pair(f"'{name}'", f"sum({quote_identifier(name)})") for name in columns)]
    )
    sides = [
        f"SELECT toDate({quote_identifier(mart.day)}) AS date, arrayJoin([{values}]) AS value, {sign} AS is_new"
        f" FROM {quote_identifier(database)}.{quote_identifier(mart.name)}"
        f" WHERE date >= mapFromArrays({{left:Array(String)}}, {{kept_from:Array(Date)}})['{mart.name}'] GROUP BY date"
        for sign, database in ((0, old), (1, new))
    ]
    return (
        f"SELECT '{mart.name}' AS mart, date, value.1 AS column,"
        " sumIf(value.2, is_new = 0) AS old, sumIf(value.2, is_new = 1) AS new"
        f" FROM ({' UNION ALL '.join(sides)}) GROUP BY date, column HAVING old != new"
    )


def _pair(name: str, value: str) -> str:
    return f"({name}, toDecimal128(coalesce({value}, 0), 6))"


def summary(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """By mart: days and values revised, and why; for logs and metadata."""
    answer: dict[str, dict[str, Any]] = {}
    for entry in revisions:
        row = answer.setdefault(entry.mart, {"mart": entry.mart, "days": set(), "values": 0, "causes": set()})
        row["days"].add(entry.date)
        row["values"] += 1
        row["causes"].update(entry.causes)
    return [{**row, "days": len(row["days"]), "causes": sorted(row["causes"])} for row in answer.values()]
