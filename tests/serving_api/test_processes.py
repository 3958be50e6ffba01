"""The API as processes: several at one port, one killed, all stopped while requests are under way."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from serving_api.auth import Role
from tests.servers.ports import free_port
from tests.serving_api.conftest import SECRET, bearer
from tests.serving_api.test_metrics import of, scraped
from warehouse.settings import Settings

REVENUE = "/api/v1/marts/revenue"
STOP_SECONDS = 60


class Api:
    """`warehouse serve` in a process of its own."""

    def __init__(self, settings: Settings, log: Path, **variables: str) -> None:
        self._log = log
        environment = os.environ | {
            "WAREHOUSE_HOME": str(settings.home),
            "WAREHOUSE_ENGINE_DIR": str(settings.engine_dir),
            "API_PORT": str(free_port()),
            "DAGSTER_PORT": "1",
        }
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "warehouse.cli.main", "serve", "--json"],
                env=environment | variables,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        self.url: str = said["url"]
        self.headers = {"Authorization": f"Bearer {said['token']}"}

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=self.headers, timeout=120)

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(STOP_SECONDS)


@contextmanager
def running(settings: Settings, log: Path, **variables: str) -> Iterator[Api]:
    api = Api(settings, log, **variables)
    try:
        yield api
    finally:
        api.process.kill()
        api.process.communicate()


def test_several_processes_share_port_token_and_counts_and_one_that_dies_is_replaced(
    engine: Settings, url: str, tmp_path: Path
) -> None:
    log = tmp_path / "api.log"
    with running(engine, log, API_WORKERS="2") as api:
        assert {api.get(REVENUE).status_code for _ in range(12)} == {200}
        wait_for(lambda: len(started(api)) >= 2)
        assert counted(api) == 12
        victim = started(api)[0]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(started(api)) >= 3)
        assert {api.get(REVENUE).status_code for _ in range(6)} == {200}
        # What the dead one counted stays counted; that it was busy does not.
        assert counted(api) == 18
        assert of(scraped(api.url), "warehouse_api_requests_in_progress") == 1
        assert api.stop() == 0
        with pytest.raises(httpx.ConnectError):
            api.get("/health/live")
    assert {line["level"] for line in api.lines()} <= {"info", "warning"}


def test_workers_whose_parent_is_killed_leave_the_port_to_the_next(engine: Settings, url: str, tmp_path: Path) -> None:
    port = str(free_port())
    with running(engine, tmp_path / "first.log", API_WORKERS="2", API_PORT=port) as first:
        wait_for(lambda: len(started(first)) >= 2)
        first.process.kill()
        first.process.wait()
        wait_for(lambda: refused(first))
    with running(engine, tmp_path / "second.log", API_PORT=port) as second:
        wait_for(lambda: not refused(second))
        assert second.get(REVENUE).status_code == 200


SLOW_TO_LOAD = """
import sys, time
if any("spawn_main" in argument for argument in sys.orig_argv):
    time.sleep(6)
"""


def test_several_processes_come_up_where_loading_takes_long(engine: Settings, url: str, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW_TO_LOAD)
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    with running(engine, tmp_path / "api.log", API_WORKERS="2", PYTHONPATH=path) as api:
        wait_for(lambda: len(started(api)) >= 2)
        assert api.get(REVENUE).status_code == 200


def test_several_at_a_shared_port_go_on_when_one_is_killed_and_count_together(
    engine: Settings, url: str, tmp_path: Path
) -> None:
    shared = {"API_PORT": str(free_port()), "API_PORT_SHARED": "true", "API_JWT_SECRET": SECRET}
    with (
        running(engine, tmp_path / "first.log", **shared) as first,
        running(engine, tmp_path / "second.log", **shared) as second,
    ):
        for api in (first, second):
            api.headers = bearer(Role.ADMIN)
            wait_for(lambda api=api: started(api))
        asked = 20
        assert {first.get(REVENUE).status_code for _ in range(asked)} == {200}
        assert counted(first) == asked
        first.process.kill()
        first.process.wait()
        assert {second.get(REVENUE).status_code for _ in range(asked)} == {200}
        assert counted(second) == 2 * asked
        assert of(scraped(second.url, second.headers), "warehouse_api_requests_in_progress") == 1


def test_a_shared_port_needs_a_key(engine: Settings, tmp_path: Path) -> None:
    environment = os.environ | {"WAREHOUSE_HOME": str(engine.home), "API_PORT_SHARED": "true"}
    answer = subprocess.run(
        [sys.executable, "-m", "warehouse.cli.main", "serve"], env=environment, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert "hint: set API_JWT_SECRET" in answer.stderr


def counted(api: Api) -> float:
    return of(
        scraped(api.url, api.headers), "warehouse_api_request_seconds_count", route=REVENUE, method="GET", status="2xx"
    )


def started(api: Api) -> list[int]:
    texts = (str(line.get("message", "")) for line in api.lines())
    return [int(found[1]) for text in texts if (found := re.search(r"Started server process \[(\d+)\]", text))]


def wait_for(condition: object) -> None:
    assert callable(condition)
    pause = threading.Event()
    for _ in range(1200):
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError("it did not come to pass")


@pytest.mark.parametrize(("workers", "how"), [("1", signal.SIGINT), ("1", signal.SIGTERM), ("2", signal.SIGTERM)])
def test_requests_under_way_end_before_it_stops(
    engine: Settings, url: str, tmp_path: Path, workers: str, how: signal.Signals
) -> None:
    with running(engine, tmp_path / "api.log", API_WORKERS=workers, API_RATE_PER_MINUTE="0") as api:
        assert api.get("/health/ready").json()["status"] == "ready"
        answers: list[int] = []
        under_way = threading.Event()

        def ask() -> None:
            with httpx.Client(base_url=api.url, headers=api.headers, timeout=60) as client:
                # An upload that is not complete yet is a request under way.
                answers.append(client.post("/api/v1/admin/reports/query", content=body()).status_code)

        def body() -> Iterator[bytes]:
            yield b'{"metrics": ["new_users"],'
            under_way.set()
            stopping.wait(STOP_SECONDS)
            yield b' "dimensions": []}'

        stopping = threading.Event()
        asking = threading.Thread(target=ask)
        asking.start()
        assert under_way.wait(STOP_SECONDS)
        wait_for(lambda: of(scraped(api.url), "warehouse_api_requests_in_progress") == 2)
        api.process.send_signal(how)
        wait_for(lambda: refused(api))
        stopping.set()
        asking.join(STOP_SECONDS)
        api.process.wait(STOP_SECONDS)
    assert answers == [200]


def refused(api: Api) -> bool:
    try:
        httpx.get(f"{api.url}/health/live", timeout=5)
    except httpx.TransportError:
        return True
    return False


def test_the_log_is_text_where_it_is_asked_for(engine: Settings, url: str, tmp_path: Path) -> None:
    log = tmp_path / "api.log"
    with running(engine, log, API_LOG_FORMAT="text") as api:
        assert api.get(REVENUE).status_code == 200
        api.stop()
    assert re.search(rf"INFO serving_api\.requests GET {REVENUE} 200 in [0-9.]+ ms", log.read_text("utf-8"))
