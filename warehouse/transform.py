"""dbt as this project runs it: the transformer's login, the folders, and what a build came to."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warehouse.client import Identity, http_endpoint
from warehouse.cluster import PART_REPLICA, WHOLE_REPLICA
from warehouse.errors import WarehouseError
from warehouse.settings import Settings, shipped

#: Called with the number of finished nodes, the number of all, and the name of the last one.
Progress = Callable[[int, int, str], None]

_CODE = ("*.sql", "*.yml", "*.md")


class BuildFailed(WarehouseError):
    """dbt could not build or a test failed; nothing was published."""


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of one of dbt's nodes.

    Attributes:
        unique_id: dbt's id of it.
        name: its name.
        resource_type: `model`, `seed` or `test`.
        status: `success`, `skipped`, for a test `pass`, `warn` or `fail`, for both `error`.
        seconds: wall time.
        message: what there is to say of it; empty when all is well.
        failures: rows that break a test.
    """

    unique_id: str
    name: str
    resource_type: str
    status: str
    seconds: float
    message: str = ""
    failures: int | None = None


def project_dir() -> Path:
    """Folder of the dbt project."""
    return shipped() / "dbt_project"


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
        "DBT_CLICKHOUSE_WHOLE_REPLICA": WHOLE_REPLICA,
        "DBT_CLICKHOUSE_PART_REPLICA": PART_REPLICA,
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
                str(settings.dbt_target),
                "--log-path",
                str(log_file(settings).parent),
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
        # Its manifest as a file is half the work of a parse, and nobody reads it.
        quiet = ["--no-write-json", "--log-level", "none", "--log-level-file", "none"]
        result = dbtRunner().invoke(["parse", *places, *quiet])
    if not result.success:
        raise BuildFailed(f"the dbt project does not parse: {result.exception}", "mend the file it names")
    return result.result


_manifests: dict[str, Any] = {}


def manifest(settings: Settings, code: str) -> Any:
    """dbt's manifest object for the code as it stands, parsed once per process and fingerprint.

    It knows of no ClickHouse, so that another address or login is no reason for dbt to parse everything anew.

    Raises:
        BuildFailed: the project does not parse.
    """
    if code not in _manifests:
        found = parsed(settings.dbt_target)
        _manifests.clear()
        _manifests[code] = found
    return _manifests[code]


def build(
    settings: Settings,
    manifest: Any,
    *,
    select: Sequence[str] | None = None,
    full_refresh: bool = False,
    variables: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> list[NodeResult]:
    """Build models and seeds in `build`. The caller holds the build lock and has opened the horizon.

    Args:
        settings: names the home and the ClickHouse.
        manifest: dbt's manifest of the models.
        select: the models and seeds to build, by name; all by default.
        full_refresh: build from all events.
        variables: what `var()` gives in the models and macros.
        progress: told of every node that starts.

    Raises:
        BuildFailed: dbt could not even begin. A model that failed is in the results.
    """
    if select is not None and not select:
        return []
    arguments = [
        "build",
        "--resource-type",
        "model",
        "--resource-type",
        "seed",
        # Nobody reads the artifacts: results are taken from the call, the docs make their own.
        "--no-write-json",
        *(["--full-refresh"] if full_refresh else []),
        *(["--select", *select] if select is not None else []),
        *(["--vars", json.dumps(dict(variables))] if variables else []),
    ]
    result, errors = run_dbt(settings, arguments, progress, manifest)
    results = [
        NodeResult(
            unique_id=node.node.unique_id,
            name=node.node.name,
            resource_type=str(node.node.resource_type),
            status=str(node.status),
            seconds=node.execution_time,
            message=(node.message or "").strip(),
        )
        for node in getattr(result.result, "results", None) or []
    ]
    if not result.success and all(node.status != "error" for node in results):
        raise failed(errors or [str(result.exception)], log_file(settings))
    return results


def log_file(settings: Settings) -> Path:
    """What dbt says of its runs."""
    return settings.home / "dbt" / "logs" / "dbt.log"


def failed(details: Sequence[str], where: Path) -> BuildFailed:
    """The error of a build that came to nothing; `where` has more."""
    return BuildFailed(
        f"the build failed, nothing was published: {'; '.join(details[:5])}",
        f"readers stay on the last good generation; details in {where}",
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
