"""dbt's manifest for the code location: parsed once per state of the models, found at once afterwards.

It is not the manifest of the build's target folder, because every build rewrites that one in place while
webserver and daemon may be reading it. This one is named after what it was made from and appears whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from warehouse import transform
from warehouse.errors import WarehouseError
from warehouse.locks import exclusive
from warehouse.settings import Settings

PARSE_SECONDS = 120.0


def prepare(settings: Settings) -> Path:
    """Path of the manifest of the models as they are now; parses them (some 6 s, no database) if need be.

    Raises:
        WarehouseError: dbt cannot parse the project; holds what it says.
    """
    path = settings.home / "dbt" / f"manifest-{_fingerprint()}.json"
    if not path.exists():
        with exclusive("manifest", settings, wait=PARSE_SECONDS):
            if not path.exists():
                _parse(path)
    return path


def load(settings: Settings) -> dict[str, Any]:
    """The manifest's content."""
    content: dict[str, Any] = json.loads(prepare(settings).read_text("utf-8"))
    return content


def _fingerprint() -> str:
    made_from = f"{transform.fingerprint()} dbt-core {version('dbt-core')}"
    return hashlib.sha256(made_from.encode()).hexdigest()[:16]


def _parse(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    project = str(transform.project_dir())
    with tempfile.TemporaryDirectory(prefix="parse-", dir=path.parent) as target:
        # In a process of its own, so that a code server does not carry dbt's state around.
        done = subprocess.run(
            [
                *(sys.executable, "-c", "from dbt.cli.main import cli; cli()", "parse"),
                *("--project-dir", project, "--profiles-dir", project),
                *("--target-path", target, "--log-path", target, "--no-use-colors", "--quiet"),
            ],
            env={**os.environ, "DO_NOT_TRACK": "1"},
            capture_output=True,
            text=True,
            timeout=PARSE_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip()[-2000:]
            raise WarehouseError(f"dbt cannot parse {project}: {said}", "correct the models and start again")
        Path(target, "manifest.json").replace(path)
    for old in path.parent.glob("manifest-*.json"):
        if old != path:
            old.unlink(missing_ok=True)
