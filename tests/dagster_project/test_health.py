"""Dagster stays the size it is: what is old goes, what died is tried again a few times, and PostgreSQL may keep it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
import yaml
from dagster._core.events import RunFailureReason
from dagster._core.execution.retries import auto_reexecution_should_retry_run
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
from pydantic import SecretStr

from dagster_project import history, manifest
from dagster_project import instance as dagster_instance
from dagster_project.definitions import defs
from tests.servers.postgres import PostgresServer, postgres
from warehouse.errors import WarehouseError
from warehouse.settings import Settings, get_settings, project_root

__all__ = ["postgres"]  # the fixture


@dg.asset
def mart() -> None:
    """Something with a check."""


@dg.asset_check(asset=mart)
def adds_up() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return get_settings().model_copy(update={"home": tmp_path / "home"})


@pytest.fixture
def kept(settings: Settings) -> Iterator[dg.DagsterInstance]:
    home = dagster_instance.dagster_home(settings)
    home.mkdir(parents=True)
    (home / "dagster.yaml").write_text(dagster_instance.configuration(home), "utf-8")
    with dagster_instance.kept(settings) as instance:
        yield instance


def outcomes(instance: dg.DagsterInstance) -> int:
    assert isinstance(instance.event_log_storage, SqlEventLogStorage)
    with instance.event_log_storage.index_connection() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(AssetCheckExecutionsTable)).scalar_one())


def forgets(instance: dg.DagsterInstance) -> None:
    """Ten runs, of which two days later only what the UI needs is left."""
    runs = [dg.materialize([mart, adds_up], instance=instance).run_id for _ in range(10)]
    assert (len(instance.get_run_ids()), outcomes(instance)) == (10, 10)
    logs = Path(instance.storage_directory())
    tick = logs / "repository" / "alerts" / "1.err"
    tick.parent.mkdir(parents=True)
    tick.write_text("said something")
    assert history.forget(instance, kept_job="reports").runs == 0
    in_two_days = datetime.now(UTC) + timedelta(days=2)
    forgotten = history.forget(instance, kept_job="reports", now=in_two_days)
    assert (forgotten.runs, forgotten.checks, forgotten.log_files) == (10, 9, 0)
    assert instance.get_run_ids() == []
    # What it says of the mart is still there.
    latest = instance.event_log_storage.get_latest_asset_check_execution_by_key([adds_up.check_key])
    assert latest[adds_up.check_key].run_id == runs[-1]
    assert history.forget(instance, kept_job="reports", now=in_two_days + timedelta(days=30)).log_files >= 1
    assert not tick.parent.exists()


def test_a_record_in_files_is_bounded(settings: Settings, kept: dg.DagsterInstance) -> None:
    forgets(kept)
    left = {path.stem for path in (settings.home / "dagster" / "history" / "runs").glob("*.db")}
    assert {name for name in left if len(name) == 36} == set()


def test_failed_runs_are_kept_longer(kept: dg.DagsterInstance) -> None:
    @dg.asset
    def breaks() -> None:
        raise ValueError("x")

    run = dg.materialize([breaks], instance=kept, raise_on_error=False)
    now = datetime.now(UTC)
    assert history.forget(kept, kept_job="reports", now=now + timedelta(days=29)).runs == 0
    assert kept.get_run_ids() == [run.run_id]
    assert history.forget(kept, kept_job="reports", now=now + timedelta(days=31)).runs == 1


def test_postgres_keeps_the_record(
    settings: Settings, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.new_database("dagster")
    monkeypatch.setenv(dagster_instance.POSTGRES_VARIABLE, url)
    chosen = settings.model_copy(update={"dagster_postgres_url": SecretStr(url)})
    # Parsed once for all tests of this machine, as the models are the same.
    parsed = manifest.prepare(get_settings())
    (settings.home / "dbt").mkdir(parents=True)
    shutil.copy(parsed, settings.home / "dbt" / parsed.name)
    environment = dagster_instance.prepare(chosen)
    home = Path(environment["DAGSTER_HOME"])
    assert str(postgres.port) not in (home / "dagster.yaml").read_text("utf-8")
    assert environment[dagster_instance.POSTGRES_VARIABLE] == url.replace("postgresql://", "postgresql+psycopg2://")
    with dagster_instance.kept(chosen) as instance:
        assert instance.event_log_storage.get_concurrency_keys() == {"build", "doors"}
        run = dg.materialize([mart, adds_up], instance=instance)
        instance.add_run_tags(run.run_id, {"who": "test"})
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT run_id, status FROM runs")).all() == [(run.run_id, "SUCCESS")]
        assert connection.execute(sa.text("SELECT count(*) FROM event_logs")).scalar_one() > 10
    engine.dispose()
    with dagster_instance.kept(chosen) as instance:
        assert instance.get_run_by_id(run.run_id) is not None
        instance.delete_run(run.run_id)
        instance.event_log_storage.wipe()
        forgets(instance)
    assert not list(home.rglob("*.db"))


def test_a_postgres_that_is_away_is_said_without_its_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(dagster_instance.POSTGRES_VARIABLE, "")
    away = settings.model_copy(update={"dagster_postgres_url": SecretStr("postgresql://d:geheim@127.0.0.1:1/d")})
    with pytest.raises(WarehouseError, match="Dagster's storage cannot be had") as error:
        dagster_instance.prepare(away)
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize(
    ("job", "reason", "retries"),
    [
        ("nightly", None, True),
        ("nightly", RunFailureReason.STEP_FAILURE, False),
        ("nightly", RunFailureReason.START_TIMEOUT, True),
        ("rebuild", None, True),
        ("reports", None, False),
        ("refresh", None, False),
        ("doors", None, False),
        ("canaries", None, False),
    ],
)
def test_what_died_is_tried_again(
    kept: dg.DagsterInstance, job: str, reason: RunFailureReason | None, retries: bool
) -> None:
    declared = defs.resolve_job_def(job)
    config = {"ops": {"report": {"config": {"request": {}}}}} if job == "reports" else {}
    run = kept.create_run_for_job(declared, run_config=config, tags=dict(declared.run_tags))
    kept.report_run_failed(run)
    failed = kept.get_run_by_id(run.run_id)
    assert failed is not None
    assert auto_reexecution_should_retry_run(kept, failed, reason) is retries


def test_retries_end(kept: dg.DagsterInstance) -> None:
    declared = defs.resolve_job_def("nightly")
    run = kept.create_run_for_job(declared, tags=dict(declared.run_tags))
    for expected in (True, True, False):
        kept.report_run_failed(run)
        failed = kept.get_run_by_id(run.run_id)
        assert failed is not None
        assert auto_reexecution_should_retry_run(kept, failed, None) is expected
        group = {"dagster/root_run_id": run.root_run_id or run.run_id, "dagster/parent_run_id": run.run_id}
        run = kept.create_run_for_job(
            declared,
            tags={**declared.run_tags, **group},
            root_run_id=group["dagster/root_run_id"],
            parent_run_id=run.run_id,
        )


def test_every_run_ends_and_waits_its_turn() -> None:
    for job in ("refresh", "nightly", "rebuild", "doors", "canaries", "reports"):
        tags = defs.resolve_job_def(job).run_tags
        assert 0 < int(tags["dagster/max_runtime"]) <= 6 * 3600
    declared = yaml.safe_load((project_root() / "deploy" / "dagster.yaml").read_text("utf-8"))
    assert declared["run_monitoring"]["enabled"]
    assert declared["concurrency"]["pools"]["default_limit"] == 1
    assert declared["concurrency"]["runs"]["max_concurrent_runs"] > 0


def test_every_part_of_the_configuration_is_explained() -> None:
    text = (project_root() / "docs" / "operating.md").read_text("utf-8")
    declared = yaml.safe_load((project_root() / "deploy" / "dagster.yaml").read_text("utf-8"))
    lines = {
        f"{section}.{name}" if name else section
        for section, content in declared.items()
        for name in (content if isinstance(content, dict) else [""])
    }
    assert {line for line in lines if f"`{line}`" not in text} == set()
