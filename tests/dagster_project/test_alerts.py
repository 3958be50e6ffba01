"""Alerts from Dagster: its clock evaluates them, and its runs, checks and doors are looked at."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._daemon.types import DaemonHeartbeat
from pydantic import SecretStr

from dagster_project.asset_keys import LANE
from dagster_project.context import Warehouse
from dagster_project.defs.operations import sensors
from dagster_project.probes import Doors, defined_checks, probes
from tests.servers.webhook import running_webhook
from warehouse.alerts.looking import Finding, Look
from warehouse.alerts.memory import FILE
from warehouse.settings import Settings


def found(
    name: str,
    settings: Settings,
    instance: dg.DagsterInstance | None,
    checks: Iterable[dg.AssetCheckKey] = (),
    **parameters: Any,
) -> list[Finding]:
    """What a probe finds."""
    look = Look(settings, datetime.now(UTC), None, "", parameters, {})
    return list(probes(instance, lambda: checks, Doors())[name](look))


@dg.op
def breaks() -> None:
    raise ValueError("the disk is full")


@dg.op
def works() -> None:
    pass


@dg.job(name="doors")
def failing() -> None:
    breaks()


@dg.job(name="doors")
def working() -> None:
    works()


def test_the_last_run_of_a_job_decides(home: Settings, instance: dg.DagsterInstance) -> None:
    assert found("failed_runs", home, instance, jobs=["doors", "reports"]) == []
    run = failing.execute_in_process(instance=instance, raise_on_error=False, tags=LANE)
    [finding] = found("failed_runs", home, instance, jobs=["doors", "reports"])
    assert finding == Finding("doors", 1, f"breaks: ValueError: the disk is full (run {run.run_id} of doors)")
    assert [finding.cause for finding in found("failed_lane", home, instance)] == ["build"]
    working.execute_in_process(instance=instance)
    assert found("failed_runs", home, instance, jobs=["doors", "reports"]) == []
    assert len(found("failed_lane", home, instance)) == 1  # of which the second run was not


@pytest.mark.parametrize(("severity", "other"), [("ERROR", "WARN"), ("WARN", "ERROR")])
def test_the_last_evaluation_of_a_check_decides(
    home: Settings, instance: dg.DagsterInstance, severity: str, other: str
) -> None:
    passes = [False]

    @dg.asset
    def mart() -> None:
        pass

    @dg.asset_check(asset=mart)
    def adds_up() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(
            passed=passes[0], severity=dg.AssetCheckSeverity[severity], metadata={"rows": 3}, description="sums differ"
        )

    keys = [adds_up.check_key]
    assert found("failed_checks", home, instance, keys, severity=severity) == []
    run = dg.materialize([mart, adds_up], instance=instance)
    finding = Finding("mart:adds_up", 1, f"sums differ rows 3 (run {run.run_id})")
    assert found("failed_checks", home, instance, keys, severity=severity) == [finding]
    assert found("failed_checks", home, instance, keys, severity=other) == []
    passes[0] = True
    dg.materialize([mart, adds_up], instance=instance)
    assert found("failed_checks", home, instance, keys, severity=severity) == []


def test_the_daemon_is_missed(home: Settings, instance: dg.DagsterInstance) -> None:
    assert found("dagster_daemon", home, instance) == []  # it has never run
    instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - 600, "SENSOR", "d", []))
    [finding] = found("dagster_daemon", home, instance)
    assert 10 <= finding.value < 11


def test_without_dagster_nothing_is_found_about_it(home: Settings) -> None:
    for name in ("dagster_daemon", "failed_lane", "failed_runs", "failed_checks"):
        assert found(name, home, None, jobs=["doors"], severity="ERROR") == []


def test_doors_that_cannot_be_asked_and_files_that_wait(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home.model_copy(update={"rabbitmq_url": SecretStr("amqp://guest:geheim@127.0.0.1:1/")})
    [finding] = found("unreachable_doors", closed, None)
    assert finding.cause == "rabbitmq"
    assert "geheim" not in finding.detail
    assert [f.cause for f in found("backlog", closed, None)] == ["the door collector"]
    monkeypatch.setenv("WAREHOUSE_LANDING_DIR", str(tmp_path))
    assert found("landing_folder", home, None) == []
    (tmp_path / "a.ndjson").write_text("{}\n")
    time.sleep(2.1)  # until it counts as quiet
    [finding] = found("landing_folder", home, None)
    assert (finding.cause, finding.detail) == ("landing folder", "a.ndjson, one of 1")


def test_the_clock_tells_and_says_so(line: Settings, instance: dg.DagsterInstance) -> None:
    (line.home / FILE).unlink(missing_ok=True)
    instance.add_daemon_heartbeat(DaemonHeartbeat(time.time() - 600, "SENSOR", "d", []))
    with running_webhook() as webhook:
        settings = line.model_copy(update={"alert_webhook_url": SecretStr(webhook.url)})
        for _ in range(2):
            context = dg.build_sensor_context(instance=instance, resources={"warehouse": Warehouse(settings)})
            answer = sensors.alerts(context)
            assert isinstance(answer, dg.SkipReason)
            assert answer.skip_message == "fires: dagster_down"
        [told] = webhook.received
    assert "Dagster's daemon has not been seen for 10 minutes" in told
    (line.home / FILE).unlink()


def test_checks_are_those_of_the_project() -> None:
    names = {key.name for key in defined_checks()}
    assert {"source_freshness", "received_is_stored_plus_duplicates_plus_quarantined"} <= names
