"""Generations: what readers see is a checked, consistent copy of all marts, switched by one row.

A build works in database `build`. Publishing clones the marts (hard links, no copying) into a database
of their own, `marts_g<N>`, lets the views `marts.<mart>` (for people and BI tools) show them, and then
appends one row to `marts.publications`; readers follow the row with the largest sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from clickhouse_connect.driver.binding import quote_identifier
from clickhouse_connect.driver.client import Client

from warehouse.client import scalar
from warehouse.cluster import ONE_NODE, Cluster
from warehouse.databases import GENERATION
from warehouse.errors import WarehouseError

#: How many generations stay besides the last one of each of the past days.
KEPT_GENERATIONS = 24
KEPT_DAYS = 7

_COLUMNS = (
    "sequence, generation, database, action, published_at, complete_through, commit_seq, code, run_id,"
    " tests_passed, tests_failed, seeds, trained_at, kept_from"
)


@dataclass(frozen=True, slots=True)
class Publication:
    """A row of `marts.publications`: which generation readers see from `published_at` on.

    Attributes:
        sequence: order of the rows; the largest is in force.
        generation: the generation it points to.
        database: `marts_g<generation>`.
        action: `publish` or `rollback`.
        complete_through: instant of the last event in it (UTC), None when there were none.
        commit_seq: last ledger entry in it.
        code: fingerprint of the models that made it.
        run_id: the build or Dagster run.
        tests_passed: data tests that passed before it was published; `tests_failed` only warned.
        seeds: fingerprints of the seeds it was made with, by name.
        trained_at: instant of the training its forecasts are from, None when there was none.
        kept_from: by mart the first day of which it has rows, where older ones have left (ADR 27).
    """

    sequence: int
    generation: int
    database: str
    action: str
    published_at: datetime
    complete_through: datetime | None
    commit_seq: int
    code: str
    run_id: str
    tests_passed: int
    tests_failed: int
    seeds: dict[str, str]
    trained_at: datetime | None = None
    kept_from: dict[str, date] = field(default_factory=dict)


def history(client: Client, limit: int = 1000) -> list[Publication]:
    """Pointer rows, latest first."""
    result = client.query(
        f"SELECT {_COLUMNS} FROM marts.publications ORDER BY sequence DESC LIMIT {{limit:UInt32}}",
        parameters={"limit": limit},
    )
    return [Publication(*row) for row in result.result_rows]


def current(client: Client) -> Publication | None:
    """The row in force; None before the first publication."""
    rows = history(client, 1)
    return rows[0] if rows else None


def latest(client: Client) -> Publication | None:
    """The last one that was built, even if readers have been sent back to an older one since."""
    return next((row for row in history(client, 100) if row.action == "publish"), None)


def first_with(client: Client, commit_seq: int) -> tuple[int, datetime] | None:
    """Number and instant of the first publication that has a commit of the ledger; None while there is none."""
    rows = client.query(
        "SELECT generation, published_at FROM marts.publications"
        " WHERE action = 'publish' AND commit_seq >= {commit_seq:UInt64} ORDER BY sequence LIMIT 1",
        parameters={"commit_seq": commit_seq},
    ).result_rows
    return (int(rows[0][0]), rows[0][1]) if rows else None


def existing(client: Client) -> set[str]:
    """Databases of the generations that are still kept."""
    rows = client.query("SELECT name FROM system.databases WHERE name LIKE 'marts\\_g%'").result_rows
    return {name for (name,) in rows}


def ledger_position(client: Client) -> int:
    """The last commit of the ledger; 0 when nothing has landed."""
    return int(scalar(client, "SELECT max(commit_seq) FROM raw.batches"))


def latest_training(client: Client) -> datetime | None:
    """Instant of the training that a build reads; None before the first."""
    found: datetime | None = scalar(client, "SELECT maxOrNull(trained_at) FROM build.trainings")
    return found


def open_horizon(client: Client, built_through: int) -> int:
    """Fix what the next build sees: everything landed up to now. Returns the last commit it includes.

    Args:
        client: connected as the transformer.
        built_through: the commit the tables in `build` are complete with; 0 to build them anew.
    """
    position = ledger_position(client)
    client.command(
        "INSERT INTO build.horizon (opened_at, commit_seq, built_through)"
        " SELECT now64(6, 'UTC'), {commit_seq:UInt64}, {built_through:UInt64}",
        parameters={"commit_seq": position, "built_through": built_through},
    )
    return position


def publish(
    client: Client,
    marts: Sequence[str],
    *,
    commit_seq: int,
    code: str,
    seeds: dict[str, str],
    run_id: str,
    tests_passed: int,
    tests_failed: int = 0,
    trained_at: datetime | None = None,
    kept_from: dict[str, date] | None = None,
    before_pointing: Callable[[int, str], None] = lambda _generation, _database: None,
    cluster: Cluster = ONE_NODE,
) -> Publication:
    """Make the marts in `build` the new generation. The caller holds the build lock.

    Args:
        client: connected as the transformer.
        marts: names of the tables in `build` that are marts.
        commit_seq: what `open_horizon` returned for this build.
        code: fingerprint of the models.
        seeds: fingerprints of the seeds.
        run_id: who built it.
        tests_passed: error-severity tests that passed; all of them have.
        tests_failed: tests that failed with a warning.
        trained_at: instant of the training that was read.
        kept_from: by mart the first day of which there are rows, where older ones have left.
        before_pointing: called with number and database of the new generation when it is complete, unseen yet.
        cluster: whose nodes are all given the generation.

    Raises:
        WarehouseError: there are no marts to publish.
    """
    if not marts:
        raise WarehouseError("there are no marts to publish", "check that the build ran: `warehouse build`")
    before = current(client)
    taken = [int(name.removeprefix(GENERATION)) for name in existing(client)]
    generation = max([row.generation for row in history(client)] + taken, default=0) + 1
    database = f"{GENERATION}{generation:06d}"
    client.command(f"CREATE DATABASE {quote_identifier(database)}{cluster.on}")
    for mart in marts:
        name = quote_identifier(mart)
        for statement in cluster.copied(f"build.{name}", f"{quote_identifier(database)}.{name}"):
            client.command(statement)
    before_pointing(generation, database)
    complete_through = scalar(
        client,
        "SELECT maxOrNull(last_occurred_at) FROM raw.batches WHERE commit_seq <= {commit_seq:UInt64}",
        {"commit_seq": commit_seq},
    )
    publication = _point(
        client,
        Publication(
            sequence=(before.sequence if before else 0) + 1,
            generation=generation,
            database=database,
            action="publish",
            published_at=_now(client),
            complete_through=complete_through,
            commit_seq=commit_seq,
            code=code,
            run_id=run_id,
            tests_passed=tests_passed,
            tests_failed=tests_failed,
            seeds=seeds,
            trained_at=trained_at,
            kept_from=kept_from or {},
        ),
        cluster,
    )
    drop_old(client, cluster)
    return publication


def rollback(client: Client, generation: int | None = None, cluster: Cluster = ONE_NODE) -> Publication:
    """Point readers at an older generation; by default the one before the current.

    Raises:
        WarehouseError: nothing older is kept, or the generation asked for is not.
    """
    rows = history(client)
    if not rows:
        raise WarehouseError("nothing has been published yet", "publish with `warehouse build`")
    kept = existing(client)
    published = {row.generation: row for row in reversed(rows) if row.action == "publish" and row.database in kept}
    older = [number for number in published if number < rows[0].generation]
    target = generation if generation is not None else max(older, default=None)
    if target is None:
        raise WarehouseError("no older generation is kept", "see `warehouse publications list`")
    if target not in published:
        raise WarehouseError(f"generation {target} is not kept", "see `warehouse publications list`")
    source = published[target]
    return _point(
        client,
        Publication(
            sequence=rows[0].sequence + 1,
            generation=source.generation,
            database=source.database,
            action="rollback",
            published_at=_now(client),
            complete_through=source.complete_through,
            commit_seq=source.commit_seq,
            # A rollback does not make the next build find nothing to do.
            code="",
            run_id=source.run_id,
            tests_passed=source.tests_passed,
            tests_failed=source.tests_failed,
            seeds=source.seeds,
            trained_at=source.trained_at,
            kept_from=source.kept_from,
        ),
        cluster,
    )


def drop_old(client: Client, cluster: Cluster = ONE_NODE) -> list[str]:
    """Drop generations that are neither recent, nor the last of one of the past days, nor in force."""
    rows = history(client, 100_000)
    keep = {rows[0].database} if rows else set()
    published = [row for row in rows if row.action == "publish"]
    keep |= {row.database for row in published[:KEPT_GENERATIONS]}
    last_of_day: dict[date, str] = {}
    for row in published:
        last_of_day.setdefault(row.published_at.date(), row.database)
    if rows:
        oldest = rows[0].published_at.date() - timedelta(days=KEPT_DAYS)
        keep |= {database for day, database in last_of_day.items() if day > oldest}
    dropped = sorted(existing(client) - keep)
    for database in dropped:
        drop(client, database, cluster)
    return dropped


def drop(client: Client, database: str, cluster: Cluster = ONE_NODE) -> None:
    """Drop the database of a generation and its files."""
    client.command(f"DROP DATABASE {quote_identifier(database)}{cluster.on} SYNC")


def _now(client: Client) -> datetime:
    value: datetime = scalar(client, "SELECT now64(3, 'UTC')")
    return value


def _point(client: Client, row: Publication, cluster: Cluster) -> Publication:
    """Let the views show the generation, then append the row that puts it in force.

    In this order, because whoever dies in between is made good by the next build: it finds the row missing.
    """
    refresh_views(client, row, cluster)
    client.insert(
        "marts.publications",
        [[getattr(row, column.strip()) for column in _COLUMNS.split(",")]],
        column_names=[column.strip() for column in _COLUMNS.split(",")],
    )
    return row


def refresh_views(client: Client, row: Publication, cluster: Cluster = ONE_NODE) -> None:
    """Make `marts.<mart>` show the generation; drops views of marts it does not have."""
    tables = _names(client, row.database)
    for mart in tables:
        client.command(
            f"CREATE OR REPLACE VIEW marts.{quote_identifier(mart)}{cluster.on}"
            f" AS SELECT * FROM {quote_identifier(row.database)}.{quote_identifier(mart)}"
        )
    views = client.query("SELECT name FROM system.tables WHERE database = 'marts' AND engine = 'View'").result_rows
    for (view,) in views:
        if view not in tables:
            client.command(f"DROP VIEW marts.{quote_identifier(view)}{cluster.on}")


def _names(client: Client, database: str) -> list[str]:
    rows = client.query(
        "SELECT name FROM system.tables WHERE database = {database:String} ORDER BY name",
        parameters={"database": database},
    ).result_rows
    return [name for (name,) in rows]
