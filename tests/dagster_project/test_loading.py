"""The code location loads anywhere, and its outline is what `outline.json` says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.definitions import defs
from warehouse.settings import project_root

OUTLINE = Path(__file__).with_name("outline.json")
LOAD = """
import json, socket, sys, time

def refuse(*arguments, **named):
    raise AssertionError("a connection was opened while loading")

socket.socket.connect = refuse
started = time.monotonic()
from dagster_project.definitions import defs
defs.get_repository_def()
print(json.dumps({"seconds": time.monotonic() - started}))
"""


def load(home: Path) -> float:
    """Seconds a fresh interpreter needs, with nothing configured but the home."""
    kept = {"PATH", "HOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX", "VIRTUAL_ENV", "LANG"}
    environment = {name: value for name, value in os.environ.items() if name in kept}
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=project_root(),
        env={**environment, "WAREHOUSE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


def test_loads_without_clickhouse_and_leaves_only_the_manifest(tmp_path: Path) -> None:
    load(tmp_path)
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    [manifest] = (tmp_path / "dbt").glob("manifest-*.json")
    assert files == {f"dbt/{manifest.name}", "locks/manifest.lock"}
    before = manifest.stat()
    load(tmp_path)
    assert manifest.stat().st_mtime_ns == before.st_mtime_ns


def test_broken_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster_project import manifest
    from warehouse import transform
    from warehouse.errors import WarehouseError
    from warehouse.settings import get_settings

    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    for name in ("dbt_project.yml", "profiles.yml"):
        (project / name).write_text((transform.project_dir() / name).read_text("utf-8"), encoding="utf-8")
    (project / "models" / "broken.sql").write_text("select * from {{ ref('nowhere') }}", encoding="utf-8")
    monkeypatch.setattr(transform, "project_dir", lambda: project)
    settings = get_settings().model_copy(update={"home": tmp_path / "home"})
    with pytest.raises(WarehouseError, match="nowhere"):
        manifest.prepare(settings)
    assert not list((tmp_path / "home" / "dbt").glob("manifest-*.json"))


def outline() -> dict[str, object]:
    repository = defs.get_repository_def()
    graph = repository.asset_graph
    return {
        "assets": {
            key.to_user_string(): {
                "group": graph.get(key).group_name,
                "depends_on": sorted(parent.to_user_string() for parent in graph.get(key).parent_keys),
                "checks": sorted(check.name for check in graph.get_check_keys_for_assets({key})),
                "external": graph.get(key).is_external,
                "freshness": graph.get(key).freshness_policy is not None,
            }
            for key in sorted(graph.get_all_asset_keys())
        },
        "jobs": {
            name: sorted(node.name for node in repository.get_job(name).nodes)
            for name in sorted(repository.job_names)
            if not name.startswith("__")
        },
        "schedules": {
            schedule.name: {
                "job": schedule.job_name,
                "cron": schedule.cron_schedule,
                "on": schedule.default_status.value,
            }
            for schedule in sorted(repository.schedule_defs, key=lambda schedule: schedule.name)
        },
        "sensors": {sensor.name: sensor.default_status.value for sensor in repository.sensor_defs},
    }


def test_outline_is_the_reviewed_one() -> None:
    """To accept a change: `make accept`, then review the diff."""
    found = json.dumps(outline(), indent=1, sort_keys=True) + "\n"
    if os.environ.get("WAREHOUSE_ACCEPT"):
        OUTLINE.write_text(found, encoding="utf-8")
    assert json.loads(OUTLINE.read_text("utf-8")) == json.loads(found)


def test_every_mart_and_raw_source_with_limits_has_a_freshness_policy() -> None:
    assets = outline()["assets"]
    assert isinstance(assets, dict)
    fresh = {name for name, asset in assets.items() if asset["freshness"]}
    marts = {name for name, asset in assets.items() if asset["group"] == "marts"}
    assert marts | {"raw/events", "raw/batches", "publication"} <= fresh


def test_lineage_runs_from_the_folder_to_the_api() -> None:
    assets = outline()["assets"]
    assert isinstance(assets, dict)
    reached, waiting = set(), ["serving_api"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += [parent for parent in assets[name]["depends_on"] if parent not in reached]
    marts = {name for name, asset in assets.items() if asset["group"] == "marts"}
    assert marts | {"landing_folder", "raw/events", "stg_events", "control/horizon", "publication"} <= reached
