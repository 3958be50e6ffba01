"""Environments of the peers: each its own, outside of the project's, with versions pinned."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "requirements"


def environment(folder: Path, name: str) -> Path:
    """The folder of the peer's commands, installed from PyPI unless it is there already.

    Raises:
        subprocess.CalledProcessError: it cannot be installed.
    """
    made = folder / name
    wanted = (REQUIREMENTS / f"{name}.txt").read_text("utf-8")
    stamp = made / "installed.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", made], check=True)
        pip: list[str | Path] = [made / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--requirement", REQUIREMENTS / f"{name}.txt"], check=True)
        stamp.write_text(wanted, "utf-8")
    return made / "bin"


def versions(folder: Path, name: str) -> dict[str, str]:
    """Versions of what was asked for by name."""
    asked = {line.partition("==")[0].partition("[")[0] for line in _lines(name)}
    listed = subprocess.run(
        [folder / name / "bin" / "pip", "list", "--format", "json", "--disable-pip-version-check"],
        check=True, capture_output=True,
    )  # fmt: skip
    return {one["name"]: one["version"] for one in json.loads(listed.stdout) if one["name"] in asked}


def _lines(name: str) -> list[str]:
    text = (REQUIREMENTS / f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
