"""The SQL of the dbt project passes its linter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


def test_sql_passes_sqlfluff() -> None:
    linted = subprocess.run(
        [sys.executable, "-m", "sqlfluff", "lint", ".", "--nocolor", "--disable-progress-bar"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
