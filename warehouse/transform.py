"""dbt as this project runs it: the transformer's login, the folders, and what a build came to."""

from __future__ import annotations

import hashlib
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

_CODE = ("*.sql", "*.yml", "*.md")


class BuildFailed(WarehouseError):
    """dbt could not build or a test failed; nothing was published."""


@dataclass(frozen=True, slots=True)
class Built:
    """What one dbt build did.

    Attributes:
        nodes: names of the models and seeds that were run.
        tests_passed: data and unit tests that passed.
        tests_failed: tests that failed but only warn.
        seconds: wall time of the whole call.
        engine_seconds: sum over the nodes of the time ClickHouse worked on them.
    """

    nodes: list[str]
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
    """Hash of everything that decides how the models compute: models, macros, tests, settings; not the seeds."""
    digest = hashlib.sha256()
    root = project_dir()
    files = {path for pattern in _CODE for path in root.rglob(pattern)}
    for path in sorted(files):
        relative = path.relative_to(root)
        if relative.parts[0] not in {"target", "logs"}:
            digest.update(f"{relative}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def seed_fingerprints() -> dict[str, str]:
    """Hash of the content of each seed, by its name."""
    return {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(project_dir().rglob("seeds/*.csv"))
    }


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


def run_dbt(
    settings: Settings, arguments: Sequence[str], progress: Progress | None = None, manifest: Any = None
) -> tuple[Any, list[str]]:
    """Run one dbt command in this process, quietly; returns its result object and the errors it logged.

    A manifest that was parsed before saves dbt from parsing the project again.
    """
    from dbt.cli.main import dbtRunner

    errors: list[str] = []

    def listen(event: Any) -> None:
        if event.info.level == "error":
            errors.append(event.info.msg.strip())
        elif progress is not None and event.info.name == "LogStartLine":
            progress(event.data.index - 1, event.data.total, event.data.description)

    with _variables(environment(settings)):
        result = dbtRunner(manifest=manifest, callbacks=[listen]).invoke(
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


def parsed(folder: Path) -> Any:
    """dbt's manifest object for the code as it stands, without any ClickHouse.

    Args:
        folder: for dbt's artifacts.

    Raises:
        BuildFailed: the project does not parse.
    """
    from dbt.cli.main import dbtRunner

    project, target = str(project_dir()), str(folder)
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", target]
    with _variables({"DO_NOT_TRACK": "1"}):
        result = dbtRunner().invoke(["parse", *places, "--log-level", "none", "--log-level-file", "none"])
    if not result.success:
        raise BuildFailed(f"the dbt project does not parse: {result.exception}", "mend the file it names")
    return result.result


_manifests: dict[tuple[Path, str], Any] = {}


def manifest(settings: Settings, code: str) -> Any:
    """dbt's manifest object for the code as it stands, parsed once per process and fingerprint.

    Raises:
        BuildFailed: the project does not parse.
    """
    key = (settings.home, code)
    if key not in _manifests:
        result, errors = run_dbt(settings, ["parse"])
        if not result.success:
            details = errors or [str(result.exception)]
            raise BuildFailed(f"the dbt project does not parse: {'; '.join(details[:5])}", "mend the file it names")
        _manifests.clear()
        _manifests[key] = result.result
    return _manifests[key]


def build(
    settings: Settings,
    *,
    code: str,
    select: Sequence[str] | None = None,
    full_refresh: bool = False,
    progress: Progress | None = None,
    finished: Callable[[Any], None] | None = None,
) -> Built:
    """Build and test models in `build`. The caller holds the build lock and has opened the horizon.

    Args:
        settings: names the home and the ClickHouse.
        code: fingerprint of the models.
        select: the nodes to run, models, seeds and tests by name; all by default.
        full_refresh: build from all events.
        progress: told of every node that starts.
        finished: given every node result, before a failure is raised.

    Raises:
        BuildFailed: a model or an error-severity test failed; names it.
    """
    if select is not None and not select:
        return Built(nodes=[], tests_passed=0, tests_failed=0, seconds=0.0, engine_seconds=0.0)
    started = time.monotonic()
    # Unit tests judge the SQL, not the data: they belong to the test suite.
    arguments = [
        "build",
        "--exclude-resource-type",
        "unit_test",
        # Nobody reads the artifacts: results are taken from the call, the docs make their own.
        "--no-write-json",
        *(["--full-refresh"] if full_refresh else []),
        *(["--indirect-selection", "eager", "--select", *select] if select is not None else []),
    ]
    result, errors = run_dbt(settings, arguments, progress, manifest(settings, code))
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
    return Built(
        nodes=[node.node.name for node in nodes if node.node.resource_type in {"model", "seed"}],
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
