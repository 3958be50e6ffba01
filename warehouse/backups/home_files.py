"""What the home holds besides ClickHouse's tables that cannot be made again."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

#: Secrets (the key of the e-mail hashes above all), what the collector has accepted and not landed yet, Dagster's
#: history and schedules, and saved reports. Finished report files are made again from a kept generation.
_PATTERNS = ("credentials.json", "spool/**/*.segment", "reports.sqlite", "dagster/**/*.db")
_DATABASES = (".db", ".sqlite")


def copied(home: Path, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Copies of these files in `scratch`, each whole in itself, with their paths in the home."""
    for number, path in enumerate(sorted({path for pattern in _PATTERNS for path in home.glob(pattern)})):
        copy = scratch / str(number)
        try:
            if path.suffix in _DATABASES:
                _copy_database(path, copy)
            else:
                shutil.copy(path, copy)
        except FileNotFoundError:
            continue  # a segment that has just landed
        yield str(path.relative_to(home)), copy


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_database(source: Path, target: Path) -> None:
    """As of one instant, whoever writes meanwhile."""
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as found:  # noqa: SIM117
        with closing(sqlite3.connect(target)) as copy:
            found.backup(copy)
