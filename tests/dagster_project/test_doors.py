"""Doors and canaries as Dagster runs them, on a real engine."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg

from dagster_project.asset_keys import LANDING_FOLDER, RAW_CANARIES, RAW_EVENTS
from dagster_project.context import Warehouse
from dagster_project.definitions import build_defs
from dagster_project.defs.ingestion.checks import check_source
from dagster_project.defs.operations import sensors
from dagster_project.doors import DOORS
from ingestion.batch import Batch
from ingestion.doors.collector.spool import Record, Spool, folder_of
from ingestion.landing import Lander
from tests.dagster_project.conftest import settle
from warehouse import builds, publications
from warehouse.client import Identity, connect
from warehouse.settings import Settings

Refresh = Callable[[], dg.ExecuteInProcessResult]


def event(event_type: str = "page.view", **fields: str) -> bytes:
    given = "".join(f',"{name}":"{value}"' for name, value in fields.items())
    return (
        f'{{"event_id":"{uuid.uuid4()}","event_type":"{event_type}","occurred_at":"2025-03-01T10:00:00Z"{given}}}\n'
    ).encode()


def run(settings: Settings, job: str, instance: dg.DagsterInstance, **options: object) -> dg.ExecuteInProcessResult:
    return build_defs(settings).resolve_job_def(job).execute_in_process(instance=instance, **options)  # type: ignore[arg-type]


def metadata(result: dg.ExecuteInProcessResult, key: str | dg.AssetKey) -> dict[str, object]:
    [found] = [
        event
        for event in result.get_asset_materialization_events()
        if event.asset_key == (key if isinstance(key, dg.AssetKey) else dg.AssetKey(key))
    ]
    return {name: value.value for name, value in found.materialization.metadata.items()}


def look(settings: Settings, instance: dg.DagsterInstance) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_sensor_context(
        instance=instance,
        repository_def=build_defs(settings).get_repository_def(),
        resources={"warehouse": Warehouse(settings)},
    )
    answer = sensors.doors(context)
    assert isinstance(answer, dg.RunRequest | dg.SkipReason)
    return answer


def leave_in_spool(settings: Settings, lines: bytes, count: int) -> None:
    spool = Spool(folder_of(settings))
    spool.write([Record(lines, count)])
    spool.close()


def test_closed_doors_have_nothing_to_do(line: Settings, instance: dg.DagsterInstance) -> None:
    result = run(line, "doors", instance)
    assert result.success
    for door in DOORS:
        assert metadata(result, door.name)["open"] is (door.variable == "")
    assert isinstance(look(line, instance), dg.SkipReason)


def test_what_a_collector_left_is_landed_once(line: Settings, instance: dg.DagsterInstance) -> None:
    leave_in_spool(line, event() + event() + b"no event\n", 3)
    asked = look(line, instance)
    assert isinstance(asked, dg.RunRequest)
    assert asked.asset_selection == [dg.AssetKey("collector")]
    first = metadata(run(line, "doors", instance), "collector")
    assert (first["received"], first["stored"], first["quarantined"], first["waiting"]) == (3, 2, 1, 0)
    again = metadata(run(line, "doors", instance), "collector")
    assert again["received"] == 0
    client = connect(Identity.TRANSFORMER, line)
    assert client.query("SELECT sum(stored), sum(duplicates) FROM raw.batches").result_rows == [(2, 0)]


def land_and_lose(settings: Settings, batch_id: str) -> Callable[[], str]:
    """Land a batch of three; what is returned loses one of them and names it."""
    lost = uuid.uuid4()
    lines = event() + event().replace(b"{", b'{"session_id":"s",', 1)
    one = f'{{"event_id":"{lost}","event_type":"page.view","occurred_at":"2025-03-01T10:00:00Z"}}\n'.encode()
    Lander(settings).land(Batch(batch_id, "collector", "test", lines + one))

    def lose() -> str:
        connect(Identity.ADMIN, settings).command(
            "DELETE FROM raw.events WHERE event_id = {lost:UUID}", parameters={"lost": lost}
        )
        return str(lost)

    return lose


def test_a_lost_event_is_found_and_named(line: Settings) -> None:
    lose = land_and_lose(line, "test:lost")
    client = connect(Identity.TRANSFORMER, line)
    passed, figures = check_source(client, "collector")
    assert passed
    assert figures["batches"] == 1
    lost = lose()
    passed, figures = check_source(client, "collector")
    assert not passed
    assert figures["differing_batches"] == ["test:lost"]
    assert figures["lost_events"] == [lost]
    assert check_source(client, "kafka")[1]["batches"] == 0


def test_what_is_lost_after_it_was_published_is_found_at_night(
    line: Settings, instance: dg.DagsterInstance, refresh: Refresh
) -> None:
    lose = land_and_lose(line, "test:old")
    assert refresh().success
    client = connect(Identity.TRANSFORMER, line)
    # It may have landed after its own run had looked.
    assert check_source(client, "collector")[1]["batches"] == 1
    land_and_lose(line, "test:next")
    assert refresh().success
    lost = lose()
    land_and_lose(line, "test:new")
    passed, figures = check_source(client, "collector")
    assert (passed, figures["batches"]) == (True, 2)
    # The night's checks block its build: readers keep what was published from the whole.
    night = build_defs(line).resolve_job_def("nightly").execute_in_process(instance=instance, raise_on_error=False)
    assert not night.success
    [found] = [check for check in night.get_asset_check_evaluations() if not check.passed]
    assert (found.asset_key, found.metadata["lost_events"].value) == (RAW_EVENTS, [lost])
    assert publications.current(client).generation == 2  # type: ignore[union-attr]


def test_canaries_arrive_everywhere_and_change_no_number(
    line: Settings, folder: Path, instance: dg.DagsterInstance, refresh: Refresh, tmp_path: Path
) -> None:
    (folder / "events.ndjson").write_bytes(event(user_id="ann") + event("user.signin", user_id="ann"))
    settle(folder / "events.ndjson")
    assert refresh().success
    before = published(line)
    with (
        dg.DagsterInstance.local_temp(str(tmp_path), overrides={"telemetry": {"enabled": False}}) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        nobody = line.model_copy(update={"api_port": 1})
        config = {"ops": {"send_canaries": {"config": {"seconds": 120.0}}}}
        flight = pool.submit(run, nobody, "canaries", other, run_config=config)
        waited = threading.Event()
        while not [path for path in folder.iterdir() if path.is_file()] and not flight.done():
            waited.wait(0.05)
        for path in folder.iterdir():
            if path.is_file():
                settle(path)
        assert refresh().success
        result = flight.result()
    table = metadata(result, RAW_CANARIES)["canaries"]
    [row] = [record.data for record in table.records]  # type: ignore[attr-defined]
    assert row["door"] == "files"
    assert 0 <= row["accepted_s"] <= row["stored_s"] <= row["published_s"]
    assert [check.passed for check in result.get_asset_check_evaluations()] == [True]
    assert [path.name for path in (folder / "landed").iterdir()] == ["events.ndjson"]
    after = published(line)
    assert after["generation"] == before["generation"] + 1
    assert {name: after[name] for name in ("complete_through", "events", "days")} == {
        name: before[name] for name in ("complete_through", "events", "days")
    }
    Lander(line).land(Batch("test:bad", "files", "test", b"no event\n"))
    builds.build_and_publish(line, run_id="next")
    client = connect(Identity.TRANSFORMER, line)
    assert client.query("SELECT door, canaries, lost FROM marts.canary_latency").result_rows == [("files", 1, 0)]
    assert published(line)["events"] == before["events"]


def published(settings: Settings) -> dict[str, object]:
    client = connect(Identity.TRANSFORMER, settings)
    current = publications.current(client)
    assert current is not None
    return {
        "generation": current.generation,
        "complete_through": current.complete_through,
        "events": client.query("SELECT sum(events) FROM marts.pipeline_health").first_row[0],
        "days": client.query(
            "SELECT groupArray(tuple(*)) FROM (SELECT * FROM marts.daily_metrics ORDER BY date)"
        ).first_row[0],
    }


def test_doors_feed_the_raw_tables() -> None:
    graph = build_defs().resolve_asset_graph()
    upstream = graph.get(dg.AssetKey(["raw", "events"])).parent_keys
    assert upstream == {LANDING_FOLDER, *(dg.AssetKey(door.name) for door in DOORS)}
