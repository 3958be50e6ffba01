"""Going back and forth between generations, and which of them are kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from tests.faults.command import Command
from tests.faults.state import current_database
from warehouse import publications
from warehouse.client import Identity, connect
from warehouse.errors import WarehouseError
from warehouse.publications import KEPT_DAYS, KEPT_GENERATIONS, Publication


@pytest.fixture
def transformer(warehouse: Command) -> Client:
    return connect(Identity.TRANSFORMER, warehouse.settings)


def publish(client: Client, **marts: int) -> Publication:
    """Publish marts of one row each."""
    for name, value in marts.items():
        client.command(
            f"CREATE OR REPLACE TABLE build.{name} ENGINE = MergeTree ORDER BY tuple() AS SELECT {value} AS value"
        )
    return publications.publish(client, list(marts), commit_seq=0, code="c", seeds={}, run_id="test", tests_passed=1)


def shown(warehouse: Command, mart: str) -> int:
    """What a reader of the view sees."""
    value: int = connect(Identity.READER, warehouse.settings).query(f"SELECT value FROM marts.{mart}").result_rows[0][0]
    return value


def views(client: Client) -> list[str]:
    rows = client.query(
        "SELECT name FROM system.tables WHERE database = 'marts' AND engine = 'View' ORDER BY name"
    ).result_rows
    return [name for (name,) in rows]


def test_roll_back_and_publish_again(warehouse: Command, transformer: Client) -> None:
    assert publish(transformer, one=1, gone=1).generation == 1
    assert publish(transformer, one=2, new=2).generation == 2
    assert (views(transformer), shown(warehouse, "one")) == (["new", "one"], 2)

    answer = warehouse("publications", "rollback", "--json")
    assert (answer.code, answer.json["generation"], answer.json["action"]) == (0, 1, "rollback")
    assert (views(transformer), shown(warehouse, "one")) == (["gone", "one"], 1)
    assert current_database(warehouse.settings) == "marts_g000001"

    third = publish(transformer, one=3)
    assert (third.generation, third.sequence) == (3, 4)
    assert (views(transformer), shown(warehouse, "one")) == (["one"], 3)
    assert warehouse("publications", "rollback", "2", "--json").json["generation"] == 2
    assert shown(warehouse, "one") == 2

    listed = warehouse("publications", "list", "--json").json["publications"]
    assert [(row["generation"], row["action"]) for row in listed] == [
        (2, "rollback"), (3, "publish"), (1, "rollback"), (2, "publish"), (1, "publish"),
    ]  # fmt: skip


def test_a_generation_that_is_not_there_cannot_be_rolled_back_to(warehouse: Command, transformer: Client) -> None:
    with pytest.raises(WarehouseError, match="nothing has been published"):
        publications.rollback(transformer)
    publish(transformer, one=1)
    for arguments, message in ((["rollback"], "no older generation"), (["rollback", "7"], "7 is not kept")):
        answer = warehouse("publications", *arguments, "--json")
        assert answer.code == 1
        assert message in answer.json["error"]
    assert shown(warehouse, "one") == 1


def test_a_half_copied_generation_is_passed_over_and_dropped(warehouse: Command, transformer: Client) -> None:
    publish(transformer, one=1)
    transformer.command("CREATE DATABASE marts_g000002")
    assert publish(transformer, one=3).generation == 3
    assert publications.existing(transformer) == {"marts_g000001", "marts_g000003"}
    assert warehouse("publications", "rollback", "--json").json["generation"] == 1


def test_recent_generations_and_the_last_of_each_day_of_a_week_are_kept(
    warehouse: Command, transformer: Client
) -> None:
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    times = [noon - timedelta(days=days, hours=hours) for days in range(9, 0, -1) for hours in (2, 1, 0)]
    times += [noon - timedelta(minutes=KEPT_GENERATIONS - number) for number in range(KEPT_GENERATIONS - 1)]
    remember(transformer, times)
    publish(transformer, one=1)
    generations = sorted(int(name.removeprefix("marts_g")) for name in publications.existing(transformer))
    recent = list(range(len(times) + 2 - KEPT_GENERATIONS, len(times) + 2))
    # Three a day, of which the third is the last; today is one of the seven days and among the recent.
    last_of_days = [3 * (9 - days + 1) for days in range(KEPT_DAYS - 1, 0, -1)]
    assert generations == last_of_days + recent
    assert len(recent) == KEPT_GENERATIONS == 24
    assert len(last_of_days) == 6


def test_the_generation_in_force_is_kept_however_old(warehouse: Command, transformer: Client) -> None:
    old = datetime.now(UTC) - timedelta(days=30)
    remember(transformer, [old + timedelta(minutes=number) for number in range(30)])
    publications.rollback(transformer, 2)
    publications.drop_old(transformer)
    assert "marts_g000002" in publications.existing(transformer)
    assert "marts_g000001" not in publications.existing(transformer)
    assert len(publications.existing(transformer)) == KEPT_GENERATIONS + 1
    assert shown(warehouse, "one") == 2


def remember(client: Client, times: Sequence[datetime]) -> None:
    """Generations 1, 2, … as if they had been published then."""
    columns = list(Publication.__dataclass_fields__)
    rows = []
    for number, at in enumerate(times, 1):
        database = f"marts_g{number:06d}"
        client.command(f"CREATE DATABASE {database}")
        client.command(f"CREATE TABLE {database}.one ENGINE = MergeTree ORDER BY tuple() AS SELECT {number} AS value")
        row = Publication(number, number, database, "publish", at, None, 0, "c", "test", 1, 0, {})
        rows.append([getattr(row, column) for column in columns])
    client.insert("marts.publications", rows, column_names=columns)
