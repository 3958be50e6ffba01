"""Peak memory of the ingesting process at one and at ten times the input."""

from __future__ import annotations

import os
import sys

from bench.home import simulated
from warehouse.settings import Settings


def peak_mib(settings: Settings, events: int) -> float:
    """Peak resident memory of `warehouse ingest` over a file of so many events, in MiB."""
    path = simulated(settings, events)
    # The child's figure starts at its parent's size when it is forked from here; a shell in between is small.
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", _MEASURE, str(path)],
        {**os.environ, "WAREHOUSE_HOME": str(settings.home)},
        file_actions=[
            (
                os.POSIX_SPAWN_OPEN,
                1,
                str(settings.home / "peak"),
                os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                0o600,
            )
        ],
    )
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0:
        raise RuntimeError("ingest failed")
    return int((settings.home / "peak").read_text("utf-8").split()[-1]) / 1024


_MEASURE = """
import resource, subprocess, sys
warehouse = [sys.executable, "-m", "warehouse.cli.main", "ingest", sys.argv[1], "--json"]
subprocess.run(warehouse, check=True, stdout=sys.stderr)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // (1024 if sys.platform == "darwin" else 1))
"""


def measure(settings: Settings, *, events: int) -> dict[str, float]:
    """Peaks in MiB at `events` and ten times as many, and their ratio."""
    one, ten = peak_mib(settings, events), peak_mib(settings, 10 * events)
    return {"peak_mib": round(one), "peak_mib_at_10x": round(ten), "ratio": round(ten / one, 2)}
