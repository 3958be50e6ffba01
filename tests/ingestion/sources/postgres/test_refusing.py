"""What the load refuses to read, and how it says so."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from ingestion.sources.errors import SourceError
from ingestion.sources.positions import Position, Positions
from ingestion.sources.postgres import SOURCE, ChangedTableError, DatabaseError, drain, extract
from ingestion.sources.postgres.mapping import mapping, parse
from tests.servers.postgres import PostgresServer
from warehouse.cli.main import app
from warehouse.client import Identity, connect


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("ALTER TABLE payouts ALTER amount TYPE bigint", "public.payouts.amount: expected numeric, found bigint"),
        (
            "ALTER TABLE payouts ALTER amount TYPE float8",
            "public.payouts.amount: expected numeric, found double precision",
        ),
        ("ALTER TABLE payouts DROP method", "public.payouts.method: expected text, found no such column"),
        ("ALTER TABLE payouts RENAME TO paid", "public.payouts: expected a table, found none"),
        (
            "ALTER TABLE payouts ALTER completed_at TYPE timestamp",
            "public.payouts.completed_at: expected timestamptz, found timestamp without time zone",
        ),
    ],
)  # fmt: skip
def test_a_changed_column_stops_its_table_and_no_other(platform: Any, change: str, message: str) -> None:
    platform.insert("payouts", creator_id=platform.user(), amount="5", status="completed", completed_at="2025-01-01Z")
    platform.sql.execute(change)
    with pytest.raises(ChangedTableError) as refusal:
        drain(platform.settings)
    assert message in refusal.value.message
    assert "mapping.yaml" in refusal.value.hint
    assert platform.types() == ["user.signup"]


def test_a_changed_column_of_a_table_looked_up_stops_the_load(platform: Any) -> None:
    platform.sql.execute("ALTER TABLE content_submissions ALTER version TYPE text")
    refused = platform.extract().refused
    assert set(refused) == {"content_submissions", "reviews"}
    assert "content_submissions.version: expected integer, found text" in refused["reviews"].message


def test_a_harmless_change_stops_nothing(platform: Any) -> None:
    platform.sql.execute(
        "ALTER TABLE payouts ALTER amount TYPE numeric(18, 4), ALTER method TYPE varchar(10), ADD extra int"
    )
    assert platform.extract().refused == {}


def test_a_table_that_lost_more_than_half_of_its_rows_is_refused(platform: Any) -> None:
    for _ in range(10):
        platform.user()
    platform.extract()
    platform.sql.execute("DELETE FROM users WHERE id IN (SELECT id FROM users LIMIT 5)")
    assert platform.extract().tables["users"].removed == 5
    platform.sql.execute("DELETE FROM users WHERE id IN (SELECT id FROM users LIMIT 4)")
    platform.user()
    platform.insert("payouts", creator_id=None, status="completed", amount="1", completed_at="2025-01-01Z")
    for options in ({}, {"full": True}):
        refused = platform.extract(**options).refused
        assert set(refused) == {"users"}
        assert "public.users: 2 rows, 5 at the last load" in refused["users"].message
    # Nothing of this table came in; the others went on.
    assert len(platform.events()) == 10
    assert len(platform.query("SELECT * FROM raw.held")) == 1


def test_shrinking_is_accepted_when_asked(platform: Any) -> None:
    for _ in range(5):
        platform.user()
    platform.extract()
    platform.sql.execute("TRUNCATE users CASCADE")
    platform.user()
    assert set(platform.extract().refused) == {"users"}
    accepted = platform.extract(accept_shrunk=True)
    assert accepted.refused == {}
    assert accepted.totals.stored == 1
    assert platform.extract().refused == {}


def test_positions_count_only_with_the_ledger_they_were_noted_with(platform: Any) -> None:
    """A ClickHouse that is restored to an earlier state reads again what it has lost."""
    platform.user(updated_at="2025-01-01T00:00:00Z")
    platform.extract()
    admin = connect(Identity.ADMIN, platform.settings)
    platform.user(updated_at="2025-06-01T00:00:00Z")
    platform.extract()
    name = "platform.public.users"
    assert Positions(platform.settings, SOURCE).last()[name] == Position("2025-06-01 00:00:00+00", 2)
    # The ledger as it was after the first load; the positions as they are now.
    settings = {"mutations_sync": 2}
    admin.command(
        "ALTER TABLE raw.receipts DELETE WHERE batch_seq = (SELECT max(batch_seq) FROM raw.batches)", settings=settings
    )
    admin.command("ALTER TABLE raw.batches DELETE WHERE commit_seq = 2", settings=settings)
    assert Positions(platform.settings, SOURCE).last()[name] == Position("2025-01-01 00:00:00+00", 1)
    assert platform.extract().totals.stored == 1
    assert platform.types() == ["user.signup", "user.signup"]


def test_another_database_begins_at_its_beginning(platform: Any, postgres: PostgresServer) -> None:
    platform.user()
    platform.extract()
    settings = platform.settings.model_copy(update={"postgres_url": SecretStr(postgres.new_database("other"))})
    assert set(extract(settings).refused) == set(mapping().tables)


def test_addresses_that_do_not_work(platform: Any, postgres: PostgresServer) -> None:
    platform.sql.execute("DROP ROLE IF EXISTS guarded")
    platform.sql.execute("CREATE ROLE guarded LOGIN PASSWORD 'right'")
    cases = {
        None: "POSTGRES_URL is not set",
        "postgresql://u:s3cret@127.0.0.1:1/x": "does not answer",
        "postgresql://u:s3cr/et:x@127.0.0.1:1/x": "",
        "postgresql://u:pa@s3cret@127.0.0.1:1/x": "",
        "nonsense s3cret": "is not an address",
        postgres.url("missing"): 'database "missing" does not exist',
        postgres.url("platform", "guarded", "s3cret"): "refuses the connection",
        postgres.url("platform", "nobody_there", "s3cret"): "refuses the connection",
    }
    for url, message in cases.items():
        settings = platform.settings.model_copy(update={"postgres_url": url and SecretStr(url)})
        with pytest.raises(DatabaseError) as error:
            extract(settings)
        assert message in error.value.message, url
        assert error.value.hint
        assert "s3cret" not in str(error.value)
    guarded = SecretStr(postgres.url("platform", "guarded", "right"))
    with pytest.raises(DatabaseError, match=r"permission denied for table users.*GRANT"):
        extract(platform.settings.model_copy(update={"postgres_url": guarded}))
    platform.sql.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guarded")
    assert extract(platform.settings.model_copy(update={"postgres_url": guarded})).refused == {}
    platform.sql.execute("DROP OWNED BY guarded; DROP ROLE guarded")


def test_nothing_can_be_written(platform: Any) -> None:
    from ingestion.sources.postgres.connection import connected

    with pytest.raises(DatabaseError, match="read-only"), connected(platform.settings) as connection:
        connection.execute("DELETE FROM users")


def test_a_statement_that_runs_too_long_is_stopped(platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingestion.sources.postgres import connection

    monkeypatch.setattr(connection, "_SESSION", connection._SESSION.replace("'600s'", "'50ms'"))
    with pytest.raises(DatabaseError, match="ran longer"), connection.connected(platform.settings) as connected:
        connected.execute("SELECT pg_sleep(5)")


_HEAD = "{schema: public, timezone: UTC, overlap_minutes: 1, tables: {t: {columns: {id: uuid, updated_at: timestamptz},"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tables: {}", "schema"),
        (_HEAD + " events: {e: {type: user.signup, occurred_at: gone}}}}}", "gone"),
        (_HEAD + " events: {e: {type: no.such, occurred_at: updated_at}}}}}", "no.such"),
        (_HEAD.replace("uuid", "money") + " events: {}}}}", "id"),
    ],
)  # fmt: skip
def test_mistakes_in_a_mapping_are_named(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        parse(text, "mapping.yaml")


def test_the_command_line(platform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    monkeypatch.setenv("WAREHOUSE_HOME", str(platform.settings.home))
    monkeypatch.setenv("POSTGRES_URL", platform.url)
    platform.user()
    runner = CliRunner()
    answer = runner.invoke(app, ["extract", "postgres", "--table", "users", "--json"])
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert (told["received"], told["stored"], told["tables"]["users"]["read"]) == (1, 1, 1)
    assert set(told["tables"]) == {"users"}
    assert runner.invoke(app, ["extract", "postgres", "--table", "nothing"]).exit_code == 2
    platform.sql.execute("TRUNCATE users CASCADE")
    assert isinstance(runner.invoke(app, ["extract", "postgres"]).exception, ChangedTableError)
    assert runner.invoke(app, ["extract", "postgres", "--accept-shrunk"]).exit_code == 0
