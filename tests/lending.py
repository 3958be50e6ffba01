"""What a home keeps of dbt's work on the code alone: made in the first home of a worker, lent to all others."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.settings import Settings

#: The models as dbt reads them, for builds and for Dagster, and the data tests as statements; each knows its code.
_KEPT = ("target/partial_parse.msgpack", "manifest-*.json", "data_tests.json")


@cache
def _store() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="lent-")


def lend(settings: Settings) -> None:
    """Put into a new home what others have made."""
    _copy(Path(_store().name), settings.home / "dbt")


def keep(settings: Settings) -> None:
    """Take from a home what no other has made yet."""
    _copy(settings.home / "dbt", Path(_store().name))


def _copy(source: Path, target: Path) -> None:
    for pattern in _KEPT:
        for found in source.glob(pattern):
            place = target / found.relative_to(source)
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(found, place)
