"""Tables of docs/peers.md from what was measured; a test holds the page to the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench import pages
from warehouse.settings import project_root

MEASURED = Path(__file__).parent / "measured.json"
PAGE = project_root() / "docs" / "peers.md"

_HEAD = "| | seconds | processor, own | processor, ClickHouse | time / ours | processor / ours |"


def filled(text: str, measured: Mapping[str, Any]) -> str:
    """The page with the tables of what was measured between its marks."""
    tables = {"about": _about(measured["about"])}
    if "loading" in measured:
        tables["loading"] = _table(measured["loading"], "ways")
    if "building" in measured:
        tables |= {name: _table(measured["building"], name) for name in ("full", "whole", "delivery")}
    return pages.filled(text, tables)


def _table(run: Mapping[str, Any], part: str) -> str:
    ways: Mapping[str, Mapping[str, float]] = run[part]
    turns = run["turns"] if part in ("ways", "full") else 1
    rows = [
        f"| {name} | {way['seconds']:.1f} | {way['own_cpu']:.1f} | {way['engine_cpu']:.1f} "
        f"| {way['times']:.2f} | {way['times_cpu']:.2f} |"
        for name, way in ways.items()
    ]
    said = f"{run['events']:,} events of {run['days']} days, {turns} turn{'s' if turns > 1 else ''}:"
    return "\n".join([said, "", _HEAD, "|---|" + "---:|" * 5, *rows])


def _about(about: Mapping[str, Any]) -> str:
    rows = [
        f"| {name} | {', '.join(f'{package} {version}' for package, version in packages.items())} |"
        for name, packages in about["versions"].items()
    ]
    return "\n".join(["| environment | versions |", "|---|---|", *rows, "", f"{about['machine']}."])
