"""A training on the real engine: what it writes is shown by the next build, survives a full one, and judges anew."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from ingestion.batch import Batch
from ingestion.landing import Lander
from ingestion.simulator import DEFAULT_END, simulate
from tests.ingestion.test_simulator_contract import parse
from warehouse import builds
from warehouse.builds import build_and_publish
from warehouse.cli.foresight import learn_and_publish
from warehouse.client import Identity, connect
from warehouse.errors import WarehouseError
from warehouse.foresight import series
from warehouse.foresight.training import train
from warehouse.settings import Settings, project_root

SHOWN = ("anomalies", "forecasts", "forecast_accuracy", "watched_metrics")


def land(settings: Settings, lines: list[bytes]) -> None:
    Lander(settings).land(Batch(str(uuid.uuid4()), "files", "test", b"\n".join(lines)))


def rows(settings: Settings, table: str, columns: str = "*", where: str = "true") -> list[tuple[object, ...]]:
    client = connect(Identity.READER, settings, database="marts")
    return list(client.query(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY ALL").result_rows)


def test_nothing_published_is_nothing_to_learn_from(empty: Settings) -> None:
    with pytest.raises(WarehouseError, match="nothing has been published"):
        train(empty)


def test_a_training_is_shown_by_the_next_build_and_a_restated_day_is_judged_anew(empty: Settings) -> None:
    lines = b"".join(simulate(events=12_000, days=84, seed=3)).splitlines()
    land(empty, lines)
    build_and_publish(empty, run_id="first")
    assert rows(empty, "forecasts", "DISTINCT model, trained_on") == [("weekday_median", 0)]
    ahead = rows(empty, "forecasts", "date", "metric = 'active_users'")
    assert [day for (day,) in ahead] == [DEFAULT_END + timedelta(days=place) for place in range(14)]
    assert len(rows(empty, "watched_metrics", "DISTINCT metric")) == len(series.declared())

    learnt = learn_and_publish(empty)
    assert (learnt["trained_on"], learnt["generation"], learnt["full"]) == (1, 2, False)
    assert learnt["reason"] == "trained since generation 1"
    status = {one["metric"]: one["status"] for one in learnt["figures"]}
    assert status["active_users"] == "forecast"
    # The last day may still be running: forecast, and not learnt from.
    assert ("weekday_median",) not in rows(empty, "forecasts", "DISTINCT model")
    assert rows(empty, "forecasts", "date", "metric = 'active_users'") == ahead
    [(through, trained_on)] = rows(empty, "forecast_accuracy", "learnt_through, trained_on", "metric = 'active_users'")
    assert (through, trained_on) == (DEFAULT_END - timedelta(days=1), 1)
    assert rows(empty, "anomalies", where=f"date = '{DEFAULT_END}'") == []
    client = connect(Identity.TRANSFORMER, empty)
    assert builds.state(client).reason == ""

    # Late signups for a day that was not out of line.
    calm = DEFAULT_END - timedelta(days=20)
    assert rows(empty, "anomalies", where=f"metric = 'new_users' and date = '{calm}'") == []
    signup = next(line for line in lines if parse(line)["event_type"] == "user.signup")
    late = []
    for number in range(60):
        event = {**json.loads(signup)}
        for name in [name for name in event if name in ("event_id", "id")]:
            event[name] = str(uuid.uuid4())
        for name in [name for name in event if name in ("occurred_at", "timestamp", "created_at")]:
            event[name] = f"{calm}T12:00:00.000Z"
        for name in [name for name in event if name in ("user_id", "userId")]:
            event[name] = f"late-{number}"
        late.append(json.dumps(event).encode())
    land(empty, late)
    build_and_publish(empty, run_id="late")
    [(kind, value)] = rows(empty, "anomalies", "kind, value", f"metric = 'new_users' and date = '{calm}'")
    assert kind == "surge"
    assert value >= 60

    before = {table: rows(empty, table) for table in SHOWN}
    build_and_publish(empty, run_id="full", full_refresh=True)
    assert {table: rows(empty, table) for table in SHOWN} == before


def test_a_wrong_declaration_is_named(tmp_path: Path) -> None:
    declared = yaml.safe_load(series.file().read_text("utf-8"))
    meta = declared["models"][0]["config"]["meta"]
    meta["series"][0]["kind"] = "money"
    wrong = tmp_path / "watched.yml"
    wrong.write_text(yaml.safe_dump(declared), encoding="utf-8")
    with pytest.raises(WarehouseError, match="kind"):
        series.declared(wrong)
    meta["series"][0]["kind"] = "amount"
    meta["series"].append(meta["series"][0])
    wrong.write_text(yaml.safe_dump(declared), encoding="utf-8")
    with pytest.raises(WarehouseError, match="twice"):
        series.declared(wrong)


def test_nobody_who_does_not_train_pays_for_it() -> None:
    """Neither builds, the command line, the API nor the clock load what learns."""
    code = (
        "import sys, warehouse.builds, warehouse.cli.main, serving_api.app, dagster_project.defs.operations.foresight;"
        "print([name for name in ('statsmodels', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project_root(), capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
