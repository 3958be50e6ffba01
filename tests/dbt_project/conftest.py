"""Fixtures of the dbt project's own tests: its manifest, parsed once, without any database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The manifest of `dbt parse`, written outside of the project."""
    target = tmp_path_factory.mktemp("dbt")
    parsed = subprocess.run(
        [
            sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "--no-partial-parse", "parse",
            "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
            "--target-path", str(target), "--log-path", str(target / "logs"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("DBT_")},
    )  # fmt: skip
    assert parsed.returncode == 0, parsed.stdout + parsed.stderr
    assert "deprecat" not in parsed.stdout.lower(), parsed.stdout
    loaded: dict[str, Any] = json.loads((target / "manifest.json").read_text("utf-8"))
    return loaded
