"""The same work done by other tools, side by side in one run; fills docs/peers.md.

python -m bench.peers [--events 1000000] [--turns 3] [--environments FOLDER] [--page]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from bench.home import bench_home
from bench.peers import page
from bench.peers.building import Building
from bench.peers.data import plain_events
from bench.peers.environments import versions
from bench.peers.loading import Loading
from warehouse.engine import library

ENVIRONMENTS = ("dlt", "dbt-clickhouse", "dbt-duckdb", "sqlmesh")


def main() -> None:
    """Parse the arguments, measure, print, and write the page if that is wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="events in the file")
    parser.add_argument("--days", type=int, default=90, help="days they are spread over")
    parser.add_argument("--only", choices=["loading", "building"], help="one of the two")
    parser.add_argument("--turns", type=int, default=3, help="turns of each way")
    parser.add_argument("--environments", type=Path, help="where the peers are, or are installed and kept")
    parser.add_argument("--page", action="store_true", help="write what was measured to docs/peers.md")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warehouse-peers-") as scratch:
        environments = chosen.environments or Path(scratch) / "environments"
        with bench_home() as settings:
            plain = plain_events(settings, chosen.events, chosen.days)
            measured = json.loads(page.MEASURED.read_text("utf-8")) if page.MEASURED.exists() else {}
            run = {"events": chosen.events, "days": chosen.days, "turns": chosen.turns}
            if chosen.only != "building":
                print("measuring loading …", file=sys.stderr, flush=True)
                loading = Loading(settings, plain, environments)
                measured["loading"] = run | loading.measure(chosen.turns)
                loading.clean()
            if chosen.only != "loading":
                print("measuring building …", file=sys.stderr, flush=True)
                folder = Path(scratch) / "building"
                folder.mkdir()
                measured["building"] = run | Building(settings, plain, environments, folder).measure(chosen.turns)
        known = measured.get("about", {}).get("versions", {})
        measured["about"] = {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            # Of what was not measured this time, those that it was measured with.
            "versions": known
            | {name: versions(environments, name) for name in ENVIRONMENTS if (environments / name).exists()}
            | {"ours": {name: version(name) for name in ("dbt-core", "dbt-clickhouse")} | {"chdb": library.VERSION}},
        }
    print(json.dumps(measured, indent=2))
    if chosen.page:
        page.MEASURED.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")
        page.PAGE.write_text(page.filled(page.PAGE.read_text("utf-8"), measured), "utf-8")


if __name__ == "__main__":
    main()
