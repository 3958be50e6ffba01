"""Dagster's webserver and the code location on a free loopback port, in a home of their own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import yaml

from dagster_project import instance, manifest
from tests.servers.ports import free_port
from warehouse.settings import Settings, get_settings, project_root

_START_SECONDS = 240
_LOADED = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"


@contextmanager
def running_dagster(settings: Settings, folder: Path, *, launches: bool) -> Iterator[Settings]:
    """Serve the code location; yields the settings that name the port.

    Args:
        settings: the warehouse that runs work on.
        folder: for Dagster's home.
        launches: whether runs start at once; else they are queued, and as no daemon runs they stay there.
    """
    port = free_port()
    configuration = yaml.safe_load(instance.configuration(folder))
    if launches:
        # Without a daemon the webserver starts runs, and our launcher would get warm in the middle of a request.
        core = "dagster._core"
        configuration["run_coordinator"] = {"module": f"{core}.run_coordinator", "class": "DefaultRunCoordinator"}
        configuration["run_launcher"] = {"module": f"{core}.launcher", "class": "DefaultRunLauncher"}
        del configuration["concurrency"]["runs"]
    # Parsed once for all tests of this machine, as the models are the same.
    parsed = manifest.prepare(get_settings())
    (settings.home / "dbt").mkdir(exist_ok=True)
    shutil.copy(parsed, settings.home / "dbt" / parsed.name)
    folder.mkdir(parents=True)
    (folder / "dagster.yaml").write_text(yaml.safe_dump(configuration), "utf-8")
    found = settings.model_copy(update={"dagster_port": port})
    environment = {
        **os.environ, **instance.environment(settings), "DAGSTER_HOME": str(folder), "DAGSTER_PORT": str(port),
        "WAREHOUSE_ENGINE_DIR": str(settings.engine_dir),
    }  # fmt: skip
    command = [str(Path(sys.executable).parent / "dagster-webserver"), "-h", "127.0.0.1", "-p", str(port),
               "-w", str(project_root() / "workspace.yaml")]  # fmt: skip
    log = folder / "webserver.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env=environment, cwd=project_root(), stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait(server, f"http://127.0.0.1:{port}/graphql", log)
        yield found
    finally:
        # With the code server and the runs, which are its children.
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            answer = httpx.post(url, json={"query": _LOADED}, timeout=10).json()
            if answer["data"]["repositoriesOrError"]["nodes"]:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
