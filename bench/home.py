"""A throw-away home with a running, migrated engine, and files of simulated events."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingestion.simulator import write
from warehouse.cli.ready import migrate
from warehouse.engine import process
from warehouse.settings import Settings, get_settings


@contextmanager
def bench_home() -> Iterator[Settings]:
    """Settings of an engine of its own; everything is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="warehouse-bench-") as folder:
        settings = get_settings().beside(Path(folder))
        process.start(settings)
        try:
            migrate(settings)
            yield settings
        finally:
            process.stop(settings)


def simulated(settings: Settings, events: int, seed: int = 1, days: int = 90) -> Path:
    """A file of simulated events in the home; made once per size, length and seed."""
    path = settings.home / f"{events}-{days}d-{seed}.ndjson"
    if not path.exists():
        write(path, events=events, days=days, seed=seed)
    return path
