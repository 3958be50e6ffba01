"""The statements of cluster mode as they are sent to a cluster with a Keeper, held against files."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.cluster.golden import held_against
from warehouse.backups import making
from warehouse.backups.restoring import restore
from warehouse.cli.ready import migration_folders
from warehouse.cluster import ONE_NODE, Cluster
from warehouse.engine.identities import identity_statements
from warehouse.errors import SettingsError, WarehouseError
from warehouse.migrations import read
from warehouse.settings import Settings, get_settings

CLUSTER = Cluster("analytics")


def test_migrations_for_a_cluster() -> None:
    found = (
        statement
        for folder in migration_folders()
        for migration in read(folder, CLUSTER)
        for statement in migration.statements
    )
    held_against("migrations.sql", found)


def test_users_of_a_cluster() -> None:
    given = {f"{identity}_password": SecretStr(identity) for identity in ("admin", "loader", "transformer", "reader")}
    settings = get_settings().model_copy(update={**given, "clickhouse_cluster": CLUSTER.name})
    held_against("users.sql", identity_statements(settings))


@pytest.mark.parametrize("folder", migration_folders(), ids=lambda folder: str(folder.parent.name))
def test_migrations_of_one_node_are_the_statements_of_their_files(folder: Path) -> None:
    for migration, clustered in zip(read(folder, ONE_NODE), read(folder, CLUSTER), strict=True):
        assert migration.checksum == clustered.checksum
        file = folder / f"{migration.name.rpartition('/')[2]}.sql"
        text = re.sub(r"--[^\n]*", "", file.read_text("utf-8"))
        assert [part.strip() for part in text.split(";") if part.strip()] == list(migration.statements)


def test_a_generation_is_cloned_on_one_node_and_attached_once_in_a_cluster() -> None:
    assert ONE_NODE.copied("build.`users`", "marts_g1.`users`") == [
        "CREATE TABLE marts_g1.`users` CLONE AS build.`users`"
    ]
    assert CLUSTER.copied("build.`users`", "marts_g1.`users`") == [
        "CREATE TABLE marts_g1.`users` ON CLUSTER `analytics` AS build.`users`",
        "ALTER TABLE marts_g1.`users` ATTACH PARTITION ALL FROM build.`users` SETTINGS alter_sync = 2",
    ]


def test_a_statement_that_no_migration_had_is_not_sent_to_one_node_only() -> None:
    with pytest.raises(ValueError, match="does not know"):
        CLUSTER.rendered("DROP TABLE raw.events", {})


def test_a_cluster_needs_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLICKHOUSE_CLUSTER", "analytics")
    monkeypatch.delenv("CLICKHOUSE_URL", raising=False)
    with pytest.raises(SettingsError, match="CLICKHOUSE_CLUSTER is set, but CLICKHOUSE_URL is not"):
        get_settings()


@pytest.mark.parametrize(
    "work",
    [
        making.make,
        lambda settings: restore(settings, making.kept_at(settings)),
    ],
    ids=["backup", "restore"],
)
def test_what_does_not_work_in_a_cluster_says_so(work: Callable[[Settings], object], tmp_path: Path) -> None:
    settings = get_settings().model_copy(update={"home": tmp_path, "clickhouse_cluster": CLUSTER.name})
    with pytest.raises(WarehouseError, match="does not work in cluster mode yet"):
        work(settings)
