"""SQL passes its linter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("folder", "paths"),
    [(ROOT / "dbt_project", ["."]), (ROOT, ["serving_api", "warehouse/alerts"])],
    ids=["dbt", "others"],
)
def test_sql_passes_sqlfluff(folder: Path, paths: list[str]) -> None:
    linted = subprocess.run(
        [sys.executable, "-m", "sqlfluff", "lint", *paths, "--nocolor", "--disable-progress-bar"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
