"""Each identity can do its work and nothing else, on a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError
from pydantic import SecretStr

from warehouse.client import Identity, connect
from warehouse.engine import process
from warehouse.engine.identities import declaration, identity_statements
from warehouse.errors import AccessDenied
from warehouse.settings import Settings

QUOTA_EXCEEDED, ACCESS_DENIED = "201", "497"
DENIED = r"ACCESS_DENIED|Not enough privileges"


@pytest.fixture(scope="module")
def clients(engine: Settings) -> Iterator[dict[Identity, Client]]:
    """A client per identity on a warehouse with one table per layer."""
    clients = {identity: connect(identity, engine) for identity in Identity}
    admin = clients[Identity.ADMIN]
    for database in ("raw", "build", "marts", "marts_g000001", "other"):
        admin.command(f"CREATE DATABASE {database}")
        admin.command(f"CREATE TABLE {database}.t (x UInt32) ENGINE = MergeTree ORDER BY x")
        admin.command(f"INSERT INTO {database}.t VALUES (1)")
    admin.command("CREATE TABLE raw.lines (x UInt32) ENGINE = Null")
    admin.command("CREATE MATERIALIZED VIEW raw.split TO raw.t AS SELECT x FROM raw.lines")
    admin.command("CREATE VIEW marts.v AS SELECT * FROM marts_g000001.t")
    yield clients
    for client in clients.values():
        client.close()


@pytest.fixture
def reader(clients: dict[Identity, Client]) -> Client:
    return clients[Identity.READER]


@pytest.fixture
def loader(clients: dict[Identity, Client]) -> Client:
    return clients[Identity.LOADER]


@pytest.fixture
def transformer(clients: dict[Identity, Client]) -> Client:
    return clients[Identity.TRANSFORMER]


@pytest.mark.parametrize("table", ["marts.t", "marts.v", "marts_g000001.t"])
def test_reader_reads_marts_and_every_generation(reader: Client, table: str) -> None:
    assert reader.query(f"SELECT count() FROM {table}").result_rows[0][0] == 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM raw.t",
        "SELECT * FROM build.t",
        "SELECT * FROM other.t",
        "SELECT * FROM system.users",
        "SELECT * FROM system.processes",
        "SELECT * FROM file('/etc/passwd', LineAsString)",
        "SELECT * FROM url('http://127.0.0.1:1/', LineAsString)",
        "SELECT * FROM remote('127.0.0.1', raw.t)",
        "INSERT INTO marts.t VALUES (2)",
        "INSERT INTO raw.t VALUES (2)",
        "CREATE TABLE marts.mine (x UInt8) ENGINE = Memory",
        "CREATE TEMPORARY TABLE mine (x UInt8)",
        "CREATE DATABASE marts_g000009",
        "ALTER TABLE marts.t DELETE WHERE 1",
        "TRUNCATE TABLE marts.t",
        "DROP TABLE marts.t",
        "DROP DATABASE marts_g000001",
        "SYSTEM STOP LISTEN HTTP",
    ],
)
def test_reader_can_do_nothing_else(reader: Client, statement: str) -> None:
    with pytest.raises(DatabaseError, match=DENIED):
        reader.command(statement)


def test_reader_does_not_see_that_raw_and_build_exist(reader: Client) -> None:
    assert {row[0] for row in reader.query("SHOW DATABASES").result_rows} == {"marts", "marts_g000001"}


@pytest.mark.parametrize("setting", declaration().identities[Identity.READER].limits)
@pytest.mark.parametrize("change", ["raise", "lift"])
def test_reader_cannot_raise_or_lift_a_limit(reader: Client, setting: str, change: str) -> None:
    limit = declaration().identities[Identity.READER].limits[setting]
    value = limit + 1 if change == "raise" else 0
    with pytest.raises(DatabaseError, match="SETTING_CONSTRAINT_VIOLATION"):
        reader.command(f"SELECT 1 SETTINGS {setting} = {value}")


@pytest.mark.parametrize("assignment", ["readonly = 0", "readonly = 1", "timeout_overflow_mode = 'break'"])
def test_reader_cannot_leave_its_mode(reader: Client, assignment: str) -> None:
    with pytest.raises(DatabaseError, match=r"READONLY|SETTING_CONSTRAINT_VIOLATION"):
        reader.command(f"SELECT 1 SETTINGS {assignment}")


def test_reader_may_send_harmless_settings_and_lower_its_limits(reader: Client) -> None:
    harmless: dict[str, Any] = {
        "wait_end_of_query": 1,
        "max_threads": 1,
        "max_execution_time": 5,
        "output_format_json_quote_64bit_integers": 0,
        "log_comment": "test",
    }
    assert reader.query("SELECT count() FROM marts.v", settings=harmless).result_rows[0][0] == 1


def test_reader_limits_hold(reader: Client) -> None:
    with pytest.raises(DatabaseError, match="TOO_MANY_ROWS_OR_BYTES"):
        reader.query("SELECT number FROM numbers(1000001)")
    with pytest.raises(DatabaseError, match=r"TIMEOUT_EXCEEDED|estimated"):
        reader.command("SELECT sum(sleepEachRow(0.5)) FROM numbers(5) SETTINGS max_execution_time = 1")


def test_loader_lands_through_input_and_a_view_and_reads_its_own(loader: Client) -> None:
    before = loader.query("SELECT count() FROM raw.t").result_rows[0][0]
    loader.command("INSERT INTO raw.lines SELECT x FROM input('x UInt32') FORMAT JSONEachRow", data='{"x": 9}')
    assert loader.query("SELECT count() FROM raw.t").result_rows[0][0] == before + 1
    loader.command("CREATE TEMPORARY TABLE scratch (x UInt8)")
    loader.command("ALTER TABLE raw.t DELETE WHERE x = 9", settings={"mutations_sync": 2})
    assert loader.query("SELECT count() FROM raw.t").result_rows[0][0] == before


def test_inserts_are_synchronous_by_default(clients: dict[Identity, Client]) -> None:
    query = "SELECT value FROM system.settings WHERE name = 'async_insert'"
    for identity in (Identity.ADMIN, Identity.LOADER, Identity.TRANSFORMER):
        assert clients[identity].query(query).result_rows[0][0] == "0"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM build.t",
        "SELECT * FROM marts.t",
        "INSERT INTO marts.t VALUES (2)",
        "CREATE TABLE raw.mine (x UInt8) ENGINE = Memory",
        "DROP TABLE raw.t",
        "TRUNCATE TABLE raw.t",
        "ALTER TABLE raw.t ADD COLUMN y UInt8",
        "SELECT * FROM file('/etc/passwd', LineAsString)",
    ],
)
def test_loader_can_do_nothing_else(loader: Client, statement: str) -> None:
    with pytest.raises(DatabaseError, match=DENIED):
        loader.command(statement)


def test_transformer_builds_and_publishes(transformer: Client, reader: Client) -> None:
    run = transformer.command
    run("CREATE DATABASE IF NOT EXISTS build")
    run("CREATE OR REPLACE TABLE build.m ENGINE = MergeTree ORDER BY x AS SELECT x FROM raw.t")
    run("CREATE TABLE build.m2 AS build.m")
    run("INSERT INTO build.m2 SELECT * FROM build.m")
    run("EXCHANGE TABLES build.m AND build.m2")
    run("ALTER TABLE build.m REPLACE PARTITION tuple() FROM build.m2", settings={"mutations_sync": 2})
    run("DROP TABLE build.m2")
    run("CREATE TEMPORARY TABLE scratch (x UInt8)")
    run("CREATE DATABASE marts_g000002")
    run("CREATE TABLE marts_g000002.m CLONE AS build.m")
    run("CREATE OR REPLACE VIEW marts.m AS SELECT * FROM marts_g000002.m")
    assert reader.query("SELECT count() FROM marts.m").result_rows[0][0] == 1
    run("DROP VIEW marts.m")
    run("DROP DATABASE marts_g000002")
    for table in ("tables", "columns", "databases", "parts", "mutations"):
        run(f"SELECT count() FROM system.{table}")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO raw.t VALUES (2)",
        "ALTER TABLE raw.t DELETE WHERE 1",
        "DROP TABLE raw.t",
        "CREATE DATABASE mine",
        "SELECT * FROM other.t",
        "SELECT * FROM system.users",
        "SELECT * FROM file('/etc/passwd', LineAsString)",
    ],
)
def test_transformer_can_do_nothing_else(transformer: Client, statement: str) -> None:
    with pytest.raises(DatabaseError, match=DENIED):
        transformer.command(statement)


@pytest.mark.parametrize("statement", ["SYSTEM STOP LISTEN HTTP", "SHOW DATABASES", "SELECT * FROM raw.t"])
@pytest.mark.usefixtures("clients")
def test_the_user_without_password_that_starts_the_engine_is_spent(engine: Settings, statement: str) -> None:
    running = process.status(engine)
    assert running is not None
    with pytest.raises(HTTPError) as failure, urlopen(f"{running.url}/?query={quote(statement)}", data=b""):
        pass
    assert failure.value.headers["X-ClickHouse-Exception-Code"] in (QUOTA_EXCEEDED, ACCESS_DENIED)


def test_a_wrong_password_is_refused_with_a_hint(engine: Settings) -> None:
    wrong = engine.model_copy(update={"reader_password": SecretStr("wrong")})
    with pytest.raises(AccessDenied, match="refuses the user reader"):
        connect(Identity.READER, wrong)


@pytest.mark.parametrize("cluster", [None, "c-1"])
def test_statements_for_a_server_are_valid_and_hold_no_password(
    engine: Settings, clients: dict[Identity, Client], cluster: str | None
) -> None:
    statements = identity_statements(engine.model_copy(update={"clickhouse_cluster": cluster}))
    assert len(statements) == 15
    for statement in statements:
        clients[Identity.ADMIN].query("SELECT formatQuery({q:String})", parameters={"q": statement})
        assert ("ON CLUSTER `c-1`" in statement) is (cluster is not None)
        assert not any(engine.password(identity) in statement for identity in Identity)
    grants = {statement.split(" TO ")[-1]: statement for statement in statements if "GRANT" in statement}
    assert "SELECT, SHOW ON marts.*, SELECT, SHOW ON marts_g*.*" in grants["`reader` WITH REPLACE OPTION"]
