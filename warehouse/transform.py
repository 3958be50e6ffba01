"""dbt as this project runs it: the transformer's login, the folders, and what a build came to."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warehouse.client import Identity, http_endpoint
from warehouse.errors import WarehouseError
from warehouse.settings import Settings, project_root

#: Called with the number of finished nodes, the number of all, and the name of the last one.
Progress = Callable[[int, int, str], None]

_FINGERPRINTED = ("*.sql", "*.yml", "*.csv", "*.md")


class BuildFailed(WarehouseError):
    """dbt could not build or a test failed; nothing was published."""


@dataclass(frozen=True, slots=True)
class Built:
    """What one dbt build did.

    Attributes:
        marts: names of the mart tables, all of them built and tested.
        tests_passed: data and unit tests that passed.
        tests_failed: tests that failed but only warn.
        seconds: wall time of the whole call.
        engine_seconds: sum over the nodes of the time ClickHouse worked on them.
    """

    marts: list[str]
    tests_passed: int
    tests_failed: int
    seconds: float
    engine_seconds: float


def project_dir() -> Path:
    """Folder of the dbt project."""
    return project_root() / "dbt_project"


def target_dir(settings: Settings) -> Path:
    """Folder of dbt's artifacts (manifest, run results), under the home."""
    return settings.home / "dbt" / "target"


def fingerprint() -> str:
    """Hash of everything that decides what the models compute: models, macros, seeds, tests, settings."""
    digest = hashlib.sha256()
    root = project_dir()
    files = {path for pattern in _FINGERPRINTED for path in root.rglob(pattern)}
    for path in sorted(files):
        relative = path.relative_to(root)
        if relative.parts[0] not in {"target", "logs"}:
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def environment(settings: Settings) -> dict[str, str]:
    """The variables `profiles.yml` reads: where ClickHouse is, and the transformer's login."""
    endpoint = http_endpoint(Identity.TRANSFORMER, settings)
    address = urlsplit(endpoint.url)
    return {
        "DBT_CLICKHOUSE_HOST": address.hostname or "",
        "DBT_CLICKHOUSE_PORT": str(address.port or (443 if address.scheme == "https" else 80)),
        "DBT_CLICKHOUSE_SECURE": str(address.scheme == "https").lower(),
        "DBT_CLICKHOUSE_USER": endpoint.user,
        "DBT_CLICKHOUSE_PASSWORD": endpoint.password,
        "DBT_CLICKHOUSE_CLUSTER": settings.clickhouse_cluster or "",
        "DO_NOT_TRACK": "1",
    }


def mart_names(manifest: dict[str, Any]) -> list[str]:
    """Tables of the marts layer in a dbt manifest."""
    return sorted(
        node["alias"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] == "marts"
    )


def run_dbt(settings: Settings, arguments: Sequence[str], progress: Progress | None = None) -> tuple[Any, list[str]]:
    """Run one dbt command in this process, quietly; returns its result object and the errors it logged."""
    from dbt.cli.main import dbtRunner

    errors: list[str] = []

    def listen(event: Any) -> None:
        if event.info.level == "error":
            errors.append(event.info.msg.strip())
        elif progress is not None and event.info.name == "LogStartLine":
            progress(event.data.index - 1, event.data.total, event.data.description)

    with _variables(environment(settings)):
        result = dbtRunner(callbacks=[listen]).invoke(
            [
                *arguments,
                "--project-dir",
                str(project_dir()),
                "--profiles-dir",
                str(project_dir()),
                "--target-path",
                str(target_dir(settings)),
                "--log-path",
                str(settings.home / "dbt" / "logs"),
                "--log-level",
                "none",
                "--log-level-file",
                "info",
            ]
        )
    return result, errors


def build(
    settings: Settings,
    *,
    full_refresh: bool = False,
    progress: Progress | None = None,
    finished: Callable[[Any], None] | None = None,
) -> Built:
    """Build and test all models in `build`. The caller holds the build lock and has opened the horizon.

    Args:
        settings: names the home and the ClickHouse.
        full_refresh: build from all events.
        progress: told of every node that starts.
        finished: given every node result, before a failure is raised.

    Raises:
        BuildFailed: a model or an error-severity test failed; names it.
    """
    started = time.monotonic()
    # Unit tests judge the SQL, not the data: they belong to the test suite.
    arguments = [
        "build",
        "--exclude-resource-type",
        "unit_test",
        *(["--full-refresh"] if full_refresh else []),
    ]
    result, errors = run_dbt(settings, arguments, progress)
    nodes = list(getattr(result.result, "results", None) or [])
    if finished is not None:
        for node in nodes:
            finished(node)
    failures = [
        f"{node.node.name}: {(node.message or '').strip()}" for node in nodes if node.status in {"error", "fail"}
    ]
    if not result.success:
        details = failures or errors or [str(result.exception)]
        raise BuildFailed(
            f"the build failed, nothing was published: {'; '.join(details[:5])}",
            f"readers stay on the last good generation; details in {settings.home / 'dbt' / 'logs' / 'dbt.log'}",
        )
    tests = [node for node in nodes if node.node.resource_type == "test"]
    manifest = json.loads((target_dir(settings) / "manifest.json").read_text("utf-8"))
    return Built(
        marts=mart_names(manifest),
        tests_passed=sum(node.status == "pass" for node in tests),
        tests_failed=sum(node.status == "warn" for node in tests),
        seconds=time.monotonic() - started,
        engine_seconds=sum(node.execution_time for node in nodes),
    )


@contextmanager
def _variables(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
