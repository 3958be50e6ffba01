"""The picture of docs/capacity.md: points measured, curves fitted, and where these are extrapolated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bench.capacity.growth import Curve
from bench.capacity.model import GROWING, KEPT, Measured, Model, cost
from warehouse.settings import project_root

FILE = project_root() / "docs" / "images" / "capacity.svg"
#: Curves are drawn up to as many times the largest size.
_BEYOND = 20


def draw(measured: Measured, model: Model) -> None:
    """Write the picture, with the digest of what it shows."""
    # The same figures make the same file; text is left to the reader's fonts.
    mpl.rcParams |= {"svg.hashsalt": "capacity", "svg.fonttype": "none"}
    figure = Figure(figsize=(11, 7.4), layout="constrained")
    axes = figure.subplots(2, 2)

    def points(stage: str, what: str) -> list[float]:
        return [one["stages"][stage][what] for one in measured]

    panels: list[tuple[str, Mapping[str, Curve], Mapping[str, list[float]]]] = [
        ("Processor seconds", {name: model.cpu[name] for name in GROWING},
         {name: [cost(one, name) for one in measured] for name in GROWING}),
        ("Seconds by the clock", model.seconds, {name: points(name, "seconds") for name in GROWING}),
        ("Memory of ClickHouse, MiB", {name: model.engine_mib[name] for name in GROWING},
         {name: points(name, "engine_mib") for name in GROWING}),
        ("Kept on disk, MiB", model.disk, {name: [one["disk"][f"{name}_mib"] for one in measured] for name in KEPT}),
    ]  # fmt: skip
    events = [one["events"] for one in measured]
    for axis, (title, curves, found) in zip(axes.flat, panels, strict=True):
        _panel(axis, title, events, curves, found)
    figure.legend(
        handles=[
            Line2D([], [], color="grey", marker="o", linestyle="none", label="measured"),
            Line2D([], [], color="grey", label="fitted"),
            Line2D([], [], color="grey", linestyle=":", label="extrapolated"),
        ],
        loc="outside lower center", ncols=3, frameon=False,
    )  # fmt: skip
    figure.savefig(FILE, metadata={"Date": None, "Description": digest(measured)})


def _panel(
    axis: Axes, title: str, events: list[int], curves: Mapping[str, Curve], found: Mapping[str, list[float]]
) -> None:
    within = np.geomspace(events[0], events[-1], 24)
    beyond = np.geomspace(events[-1], _BEYOND * events[-1], 24)
    for number, (name, curve) in enumerate(curves.items()):
        color = f"C{number}"
        axis.plot(events, found[name], "o", color=color, label=name)
        axis.plot(within, [curve.at(count) for count in within], color=color)
        axis.plot(beyond, [curve.at(count) for count in beyond], ":", color=color)
    axis.set(title=title, xlabel="events of a year", xscale="log", yscale="log")
    axis.axvline(events[-1], color="grey", linewidth=0.5)
    axis.grid(alpha=0.3)
    axis.legend(frameon=False, fontsize="small")


def digest(measured: Measured) -> str:
    """Says which figures a picture shows."""
    shown: Any = list(measured)
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()
