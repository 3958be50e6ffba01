"""Fixtures of the engine's own tests: a short-lived home, and an engine that is stopped whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from warehouse.engine import process
from warehouse.settings import Settings, get_settings


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.stdout)
        return loaded


Command = Callable[..., Answer]


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty home with nothing running; its engine, if one was started, is stopped."""
    settings = get_settings().beside(tmp_path / "home")
    yield settings
    process.stop(settings, timeout=0)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of a running, empty engine, one per test module."""
    home = tmp_path_factory.mktemp("engine")
    settings = get_settings().beside(home)
    process.start(settings)
    yield settings
    process.stop(settings, timeout=0)


@pytest.fixture
def warehouse(own_home: Settings) -> Command:
    """Run `warehouse …` as a user would, in `own_home`; keyword arguments are environment variables."""

    def run(*arguments: str, **environment: str) -> Answer:
        variables = os.environ | {
            "WAREHOUSE_HOME": str(own_home.home),
            "WAREHOUSE_ENGINE_DIR": str(own_home.engine_dir),
        }
        result = subprocess.run(
            [sys.executable, "-m", "warehouse.cli.main", *arguments],
            env=variables | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Answer(result.returncode, result.stdout, result.stderr)

    return run
