"""`python -m bench`: run the measurements and print the ratios; `--json` for machines."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from bench import brokers, building, cluster, collector, dashboard, erasure, landing, memory, reports, serving, turn
from bench.home import bench_home
from warehouse.settings import Settings


def main() -> None:
    """Parse the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="events landed per turn")
    parser.add_argument("--turns", type=int, default=3, help="counted turns of each way")
    parser.add_argument(
        "--only",
        choices=[
            *("landing", "memory", "building", "serving", "dashboard", "reports", "turn", "collector", "brokers"),
            *("erasure", "cluster"),
        ],
        help="one measurement",
    )
    parser.add_argument("--seconds", type=int, default=120, help="turn: how long events stream in")
    parser.add_argument("--rate", type=int, default=200, help="turn: events a second")
    parser.add_argument("--days", type=int, default=60, help="turn: days of history, of a fifth of the events")
    parser.add_argument("--outage", type=float, default=60, help="brokers: seconds without ClickHouse; 0 for none")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    measurements: dict[str, Callable[[Settings], dict[str, float]]] = {
        "landing": lambda s: landing.measure(
            s, events=chosen.events, consumer_events=max(chosen.events // 20, 1_000), turns=chosen.turns
        ),
        "memory": lambda s: memory.measure(s, events=chosen.events),
        "building": lambda s: building.measure(s, events=chosen.events),
        "serving": lambda s: serving.measure(s, events=chosen.events),
        "dashboard": lambda s: dashboard.measure(s, events=chosen.events, turns=chosen.turns),
        "reports": lambda s: reports.measure(s, events=chosen.events, turns=chosen.turns),
        "collector": lambda s: collector.measure(s, events=chosen.events // 10, turns=chosen.turns),
        "turn": lambda s: turn.measure(
            s, events=chosen.events // 5, days=chosen.days, rate=chosen.rate, seconds=chosen.seconds
        ),
        "erasure": lambda s: erasure.measure(s, events=chosen.events),
        "cluster": lambda s: cluster.measure(s, events=chosen.events),
        "brokers": lambda s: brokers.measure(
            s, events=chosen.events // 10, turns=chosen.turns, rate=25 * chosen.rate, outage=chosen.outage
        ),
    }
    figures = {}
    for name, measure in measurements.items():
        if chosen.only in (None, name):
            print(f"measuring {name} …", file=sys.stderr, flush=True)
            with bench_home() as settings:
                figures[name] = measure(settings)
    if chosen.json:
        print(json.dumps(figures))
        return
    console = Console()
    console.print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, values in figures.items():
        table = Table(title=name, title_justify="left", title_style="bold")
        table.add_column("figure")
        table.add_column("value", justify="right")
        for figure, value in values.items():
            table.add_row(figure, f"{value:,}")
        console.print(table)


if __name__ == "__main__":
    main()
