"""A marketplace delivered in pieces, built in between, killed on the way: what must hold after each build."""

from __future__ import annotations

import random
import subprocess
import time
import uuid
from dataclasses import dataclass
from datetime import date

from clickhouse_connect.driver.binding import quote_identifier
from clickhouse_connect.driver.client import Client

from ingestion.batch import Batch
from ingestion.landing import Lander
from tests.faults.command import Command
from tests.oracle.contract import Deliveries
from tests.oracle.generate import deliveries, marketplace
from tests.oracle.readers import differences
from warehouse import builds
from warehouse.client import Identity, connect
from warehouse.settings import Settings

#: Tables that say when something happened or was served, which a later build says differently.
CLOCKS = frozenset({"horizon", "evidence", "pipeline_health"})


@dataclass(frozen=True)
class Plan:
    """One history to try.

    Attributes:
        seed: of the marketplace, of its division and of the order of lines.
        users: how many there are; `days`: how long it lasts from `start`, with some `per_day` events.
        old: whether some events lie up to two years from the others.
        parts: deliveries, a build after each.
        kills: by number of the delivery, seconds after which a first build of it is killed.
    """

    seed: int
    users: int
    days: int
    start: date
    per_day: int
    old: bool
    parts: int
    kills: dict[int, float]


def check(settings: Settings, plan: Plan) -> None:
    """Deliver, kill, build and compare as planned, on an empty warehouse.

    Raises:
        AssertionError: a build differs from the oracle, or at the end from a full build.
    """
    lines = marketplace(
        plan.seed, users=plan.users, days=plan.days, start=plan.start, per_day=plan.per_day,
        invalid=0.03, duplicates=0.05, altered=0.05, old=plan.old,
    )  # fmt: skip
    oracle = Deliveries()
    for number, part in enumerate(deliveries(lines, plan.seed, plan.parts)):
        oracle.deliver(part)
        Lander(settings).land(
            Batch(str(uuid.UUID(int=random.Random(part[0]).getrandbits(128))), "law", "", b"\n".join(part))
        )
        if number in plan.kills:
            _killed_build(settings, plan.kills[number])
        builds.build_and_publish(settings, run_id=f"law {number}")
        found = differences(settings, oracle.accepted())
        assert not found, f"after delivery {number}: {found}"
    client = connect(Identity.TRANSFORMER, settings)
    mended = contents(client)
    builds.build_and_publish(settings, run_id="law", full_refresh=True)
    anew = contents(client)
    other = {name: (rows, anew[name]) for name, rows in mended.items() if rows != anew[name]}
    assert not other, f"not what a full build gives: {other}"


def contents(client: Client, *, numbers: bool = True) -> dict[str, tuple[int, int]]:
    """Number and hash of the rows of every table in `build`, whatever their order.

    Args:
        client: who may read them.
        numbers: whether the numbers count that users are given.
    """
    columns: dict[tuple[str, str], list[str]] = {}
    for table, engine, name, data_type in client.query(
        "SELECT t.name, t.engine, c.name, c.type FROM system.tables AS t INNER JOIN system.columns AS c"
        " ON t.database = c.database AND t.name = c.table WHERE t.database = 'build' AND t.engine != 'View'"
        # Rows of two servers are alike by columns in the same order.
        " ORDER BY t.name, c.position"
    ).result_rows:
        # States of bitmaps cannot be hashed; what is counted from them is in other tables.
        hashable = not data_type.startswith("AggregateFunction") and (numbers or not name.startswith("user_number"))
        if table not in CLOCKS and hashable:
            sort = "arraySort" if "Array(" in data_type else "mapSort" if "Map(" in data_type else ""
            columns.setdefault((table, engine), []).append(f"{sort}({quote_identifier(name)})")
    answer = {}
    for (table, engine), values in columns.items():
        merged = "FINAL" if engine.startswith("Aggregating") else ""
        [(rows, digest)] = client.query(
            # As text, because the hash of a NULL is NULL, which a sum passes over.
            f"SELECT count(), sum(cityHash64(toString(tuple({', '.join(values)}))))"
            f" FROM build.{quote_identifier(table)} {merged}"
        ).result_rows
        answer[table] = (rows, digest)
    return answer


def _killed_build(settings: Settings, seconds: float) -> None:
    started = Command(settings).start("build")
    try:
        started.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        started.kill()
        started.communicate()
        # The kernel frees its lock at once; what it has sent to ClickHouse may go on.
        time.sleep(0.05)
