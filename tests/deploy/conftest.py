"""The compose file, as data and as processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from warehouse.settings import project_root

COMPOSE = project_root() / "deploy" / "compose.yaml"


@pytest.fixture(scope="session")
def services() -> dict[str, Any]:
    """The services by name, anchors and merges resolved."""
    return dict(yaml.safe_load(COMPOSE.read_text("utf-8"))["services"])


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release is."""
    import subprocess
    import sys

    folder = tmp_path_factory.mktemp("dist")
    # hatchling is among the tools of development: nothing is fetched.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, project_root()]
    subprocess.run(command, check=True, capture_output=True, timeout=200)
    (built,) = folder.glob("*.whl")
    return Path(built)
