"""dbt's data tests, run as the statements that dbt compiles them to.

dbt's own work on a test costs several times what ClickHouse's does, and is the same each time: the
statements are compiled once per state of the code, and say by themselves which days a build has mended.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from warehouse import transform
from warehouse.client import Identity, connect, scalar
from warehouse.evidence import DBT_COMMENT
from warehouse.settings import Settings
from warehouse.transform import BuildFailed, NodeResult

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class DataTest:
    """A test of the data: `statement` counts the rows that break it, which fails a build unless it only `warns`."""

    unique_id: str
    name: str
    warns: bool
    statement: str


def file(settings: Settings) -> Path:
    """Where the statements are kept, by dbt's id of the test."""
    return settings.home / "dbt" / "data_tests.json"


def compiled(settings: Settings, manifest: Any, code: str) -> list[DataTest]:
    """Every data test as a statement, compiled when the code has changed and kept in the home.

    Args:
        settings: names the home and the ClickHouse, where the statements will be sent.
        manifest: dbt's manifest of the models.
        code: their fingerprint.

    Raises:
        BuildFailed: a test does not compile.
    """
    kept = file(settings)
    found = _kept(kept, code)
    if found is None:
        found = _compile(settings, manifest)
        staged = kept.with_suffix(".new")
        staged.write_text(json.dumps({"code": code, "statements": found}), "utf-8")
        staged.replace(kept)
    tests = (manifest.nodes[unique_id] for unique_id in sorted(found))
    return [
        DataTest(test.unique_id, test.name, str(test.config.severity).lower() == "warn", found[test.unique_id])
        for test in tests
    ]


def run(settings: Settings, tests: Sequence[DataTest], starts: Callable[[str], None]) -> list[NodeResult]:
    """Run tests, a few at once; one that ClickHouse refuses is an `error` among the results.

    Args:
        settings: names the home and the ClickHouse.
        tests: which ones.
        starts: told the name of each that starts.
    """
    client = connect(
        Identity.TRANSFORMER, settings, database="build", log_comment=DBT_COMMENT, query_settings=_settings()
    )

    def result(test: DataTest) -> NodeResult:
        starts(test.name)
        return _result(client, test)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(result, tests))


def _result(client: Client, test: DataTest) -> NodeResult:
    from clickhouse_connect.driver.exceptions import ClickHouseError

    started = time.monotonic()
    failures, message = None, ""
    try:
        failures = int(scalar(client, test.statement))
    except ClickHouseError as error:
        status, message = "error", str(error)
    else:
        status = "pass" if not failures else "warn" if test.warns else "fail"
        if failures:
            message = f"{failures:,} row{'s' if failures > 1 else ''} should not be there"
    seconds = time.monotonic() - started
    return NodeResult(test.unique_id, test.name, "test", status, seconds, message, failures)


def _kept(path: Path, code: str) -> dict[str, str] | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    statements: dict[str, str] | None = kept["statements"] if kept.get("code") == code else None
    return statements


def _compile(settings: Settings, manifest: Any) -> dict[str, str]:
    arguments = ["compile", "--select", "resource_type:test", "--no-populate-cache", "--no-write-json"]
    result, errors = transform.run_dbt(settings, arguments, None, manifest)
    if not result.success:
        raise BuildFailed(
            f"the data tests do not compile: {'; '.join(errors or [str(result.exception)])}", "mend the file it names"
        )
    return {
        node.node.unique_id: f"SELECT {node.node.config.fail_calc} FROM (\n{node.node.compiled_code}\n)"
        for node in result.result.results
        if node.node.resource_type == "test"
    }


@cache
def _settings() -> dict[str, Any]:
    """What dbt sends its own statements with."""
    profiles = yaml.safe_load((transform.project_dir() / "profiles.yml").read_text("utf-8"))
    settings: dict[str, Any] = profiles["marketplace"]["outputs"]["warehouse"]["custom_settings"]
    return {name: value for name, value in settings.items() if name != "log_comment"}
