"""Runs and their steps go where the settings say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml
from pydantic import SecretStr

from dagster_project import executors
from dagster_project import instance as dagster_instance
from dagster_project.definitions import build_defs
from dagster_project.doors import DOORS
from warehouse.errors import SettingsError
from warehouse.settings import Settings, get_settings, project_root

# What the daemon does: launch, look whether the run lives, wait.
LAUNCH = """
import json, time
from datetime import timedelta
from dagster_project import instance as dagster_instance, liveness
from dagster_project.definitions import defs
from tests.dagster_project.test_launcher import start
from warehouse.settings import get_settings

liveness.GRACE = timedelta(0)
settings = get_settings()
dagster_instance.prepare(settings)
with dagster_instance.kept(settings) as instance:
    run_id = start(instance, "doors")
    dead = []
    while not instance.get_run_by_id(run_id).is_finished:
        dead += liveness.bury_dead(instance, settings)
        time.sleep(0.1)
    events = [record.event_log_entry.dagster_event for record in instance.get_records_for_run(run_id).records]
    said = [event for event in events if event is not None]
    workers = {
        event.step_key: entry.value
        for event in said if event.event_type_value == "STEP_WORKER_STARTED"
        for name, entry in event.event_specific_data.metadata.items() if name == "pid"
    }
    print(json.dumps({"status": instance.get_run_by_id(run_id).status.value, "dead": dead, "workers": workers}))
"""


def test_every_step_is_a_process_of_its_own_and_the_run_never_looks_dead(line: Settings, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH],
        cwd=project_root(),
        env=os.environ
        | {
            "WAREHOUSE_HOME": str(line.home),
            "DAGSTER_HOME": str(tmp_path / "dagster-home"),
            "DAGSTER_EXECUTOR": "multiprocess",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["status"], told["dead"]) == ("SUCCESS", [])
    assert set(told["workers"]) == {door.name for door in DOORS}
    assert len(set(told["workers"].values())) == len(DOORS)


def in_kubernetes(**more: object) -> Settings:
    return get_settings().model_copy(
        update={
            "dagster_launcher": "kubernetes",
            "dagster_postgres_url": SecretStr("postgresql+psycopg2://dagster:secret@postgres/dagster"),
            **more,
        }
    )


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (get_settings(), "in_process"),
        (get_settings().model_copy(update={"dagster_executor": "multiprocess"}), "multiprocess"),
        (in_kubernetes(dagster_executor="kubernetes"), "k8s"),
    ],
)
def test_jobs_have_the_executor_that_is_chosen(settings: Settings, name: str) -> None:
    defs = build_defs(settings)
    assert defs.resolve_job_def("nightly").executor_def.name == name
    # What its two steps hand to each other stays in memory.
    assert defs.resolve_job_def("reports").executor_def is dg.in_process_executor


def test_a_choice_that_cannot_work_says_what_is_missing() -> None:
    with pytest.raises(SettingsError, match="DAGSTER_LAUNCHER=kubernetes"):
        executors.chosen(get_settings().model_copy(update={"dagster_executor": "kubernetes"}))
    with pytest.raises(SettingsError, match="DAGSTER_POSTGRES_URL"):
        dagster_instance.configuration(Path("/home"), in_kubernetes(dagster_postgres_url=None))


def test_the_number_of_runs_is_a_setting(tmp_path: Path) -> None:
    def runs(settings: Settings) -> int:
        declared = yaml.safe_load(dagster_instance.configuration(tmp_path, settings))
        return int(declared["concurrency"]["runs"]["max_concurrent_runs"])

    assert runs(get_settings()) == 4
    assert runs(get_settings().model_copy(update={"dagster_max_runs": 12})) == 12
