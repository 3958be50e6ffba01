"""The compose file as data, and a release as it is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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
