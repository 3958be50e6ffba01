"""The compose file as data, Helm's chart as it is rendered, and a release as it is made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from warehouse.settings import project_root

DEPLOY = project_root() / "deploy"


@pytest.fixture(scope="session")
def services() -> dict[str, Any]:
    """The services of the compose file by name, anchors and merges resolved."""
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"])


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release in `made`, and the `key` that signed it."""
    folder = tmp_path_factory.mktemp("release")
    key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "key")]
    subprocess.run(key, check=True)
    environment = os.environ | {"PYTHON": sys.executable, "SIGNING_KEY": str(folder / "key")}
    command = [DEPLOY / "release", folder / "made"]
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=200)
    return folder


@pytest.fixture(scope="session")
def wheel(release: Path) -> Path:
    """The wheel of the release."""
    (built,) = (release / "made").glob("*.whl")
    return built


class Chart:
    """The chart of the warehouse, rendered by Helm itself.

    Args:
        program: the path of Helm.
    """

    folder = DEPLOY / "helm" / "warehouse"

    def __init__(self, program: str) -> None:
        self._program = program
        #: Settings that have to be given.
        self.needed = {"API_PUBLIC_URL": "https://warehouse.example.com", "REPORTS_PREFIX": "s3://reports/files"}

    def run(self, command: str, *arguments: str | Path, values: dict[str, Any] | None = None) -> Done:
        """Run a command of Helm on the chart, with values besides its own."""
        release = ["warehouse"] if command == "template" else []
        done = subprocess.run(
            [self._program, command, *release, self.folder, "--values", "-", *arguments],
            input=json.dumps(values or {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def objects(self, *arguments: str | Path, values: dict[str, Any] | None = None) -> Objects:
        """What it renders to in the namespace `warehouse`, by kind and name."""
        done = self.run("template", "--namespace", "warehouse", *arguments, values=values)
        assert done.code == 0, done.said
        found = [one for one in yaml.safe_load_all(done.out) if one]
        objects = {(one["kind"], one["metadata"]["name"]): one for one in found}
        assert len(objects) == len(found)
        return objects


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    out: str
    said: str


#: Of a chart, by kind and name.
Objects: TypeAlias = dict[tuple[str, str], Any]


@pytest.fixture(scope="session")
def chart() -> Chart:
    """The chart of the warehouse, and the Helm that is on the PATH or that `deploy/get-helm` fetched."""
    fetched = project_root() / "build" / "tools"
    program = shutil.which("helm", path=f"{os.environ['PATH']}{os.pathsep}{fetched}")
    assert program, "helm is missing: `make services` gets it"
    return Chart(program)


@pytest.fixture(scope="session")
def one_server(chart: Chart) -> Objects:
    """The chart as it is by default: one pod that lands and builds."""
    return chart.objects("--values", DEPLOY / "helm" / "one-server.yaml")


@pytest.fixture(scope="session")
def cluster(chart: Chart) -> Objects:
    """The chart with everything on: shards, a shared home, all consumers, runs as Jobs."""
    return chart.objects("--values", DEPLOY / "helm" / "cluster.yaml")


@pytest.fixture(scope="session")
def beside_dagster(chart: Chart) -> Objects:
    """The chart without Dagster, which has a chart of its own."""
    values = {"settings": chart.needed, "home": {"shared": True}, "dagster": {"release": "dagster"}}
    return chart.objects(values=values)


def containers(objects: Objects) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pod template and container of each that is declared."""
    for found in objects.values():
        template = found.get("spec", {}).get("template", {})
        for container in template.get("spec", {}).get("containers", ()):
            yield template, container
