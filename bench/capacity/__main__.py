"""What a warehouse costs by its size, and what that says of larger ones; fills docs/capacity.md.

python -m bench.capacity [--events 1000000,2000000,…] [--again] [--page]

Each size has a fresh home below TMPDIR. What is measured is written as a size is done, so a run that was stopped
(Ctrl-C) goes on where it was: sizes that are in the file are not measured again without `--again`.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.capacity import results
from bench.home import bench_home
from warehouse.engine import library

SIZES = "1000000,2000000,5000000,10000000,20000000,50000000"
#: Bytes of disk for each event while it is measured, before anything is known: its line, and twice what is stored.
_BYTES_EACH = 900
_SPARE = 2 << 30


def main() -> None:
    """Parse the arguments, measure what is missing, write the page if that is wanted."""
    parser = argparse.ArgumentParser(prog="python -m bench.capacity", description=__doc__)
    parser.add_argument("--events", default=SIZES, help="sizes to measure, smallest first; 0 for none")
    parser.add_argument("--again", action="store_true", help="measure sizes that are in the file once more")
    parser.add_argument("--page", action="store_true", help="write docs/capacity.md and its picture from the file")
    parser.add_argument("--file", type=Path, default=results.FILE, help="where figures are kept")
    chosen = parser.parse_args()
    for ending in (signal.SIGINT, signal.SIGTERM):  # the first is ignored by what a shell starts in the background
        signal.signal(ending, signal.default_int_handler)
    try:
        for events in sorted({int(size) for size in chosen.events.split(",")} - {0}):
            if events in results.sizes(chosen.file) and not chosen.again:
                _say(f"{events:,} events: measured already")
                continue
            results.add(chosen.file, _measured(events, results.read(chosen.file)))
    except KeyboardInterrupt:
        _say("stopped; sizes that were finished are kept, the others begin anew")
        raise SystemExit(130) from None
    if chosen.page:
        from bench.capacity import page  # draws, so that measuring need not load it

        page.write(results.read(chosen.file))


def _measured(events: int, known: list[dict[str, Any]]) -> dict[str, Any]:
    from bench.capacity import stages

    _require_space(events, known)
    began, load = datetime.now(UTC), os.getloadavg()[0]
    with bench_home() as settings:
        figures = stages.measure(settings, events, _say)
    return {
        "events": events,
        "measured_on": f"{began:%Y-%m-%d}",
        "load_before": round(load, 1),
        "machine": {
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
            "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
            "disk_mib": shutil.disk_usage(tempfile.gettempdir()).total >> 20,
        },
        "versions": {
            "Python": platform.python_version(),
            "chdb": library.VERSION,
            **{name: version(name) for name in ("dbt-core", "dbt-clickhouse")},
        },
        **figures,
    }


def _require_space(events: int, known: list[dict[str, Any]]) -> None:
    """Refuse a size that would fill the disk, judged by the largest one that was measured."""
    each = _BYTES_EACH
    if known:
        largest = known[-1]
        peak = max(stage["disk_mib"] for stage in largest["stages"].values())
        each = max(each // 2, round(1.2 * peak * 2**20 / largest["events"]))
    needed, folder = events * each + _SPARE, tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(
            f"{events:,} events need some {needed / 2**30:,.0f} GiB in {folder}, with {free / 2**30:,.0f} GiB free:"
            " free some, set TMPDIR to a larger disk, or leave the size out"
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
