"""The file of what was measured: one line of JSON a size, in order of size."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "measured.jsonl"


def read(file: Path = FILE) -> list[dict[str, Any]]:
    """What was measured, smallest size first; nothing where there is no file."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return sorted((json.loads(line) for line in lines if line), key=lambda one: one["events"])


def sizes(file: Path = FILE) -> set[int]:
    """Sizes that were measured."""
    return {one["events"] for one in read(file)}


def add(file: Path, measured: dict[str, Any]) -> None:
    """Add a size, in the place of what was measured of it before; a process that dies leaves the file as it was."""
    others = [one for one in read(file) if one["events"] != measured["events"]]
    lines = [json.dumps(one) for one in sorted([*others, measured], key=lambda one: one["events"])]
    partial = file.with_suffix(".partial")
    partial.write_text("\n".join(lines) + "\n", "utf-8")
    partial.replace(file)
