"""What is made once in a session of tests and lent to all: dbt's work on the code alone, and homes that are built."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from warehouse.settings import Settings, get_settings

#: Names the store to the workers of pytest-xdist.
_VARIABLE = "LENT_IN_TESTS"
#: The models as dbt reads them for Dagster, for any home: the file is named after the code.
_MANIFESTS = "manifest-*.json"
#: The models as dbt reads them for builds, and the data tests as statements; each knows its code.
_KEPT = ("target/partial_parse.msgpack", _MANIFESTS, "data_tests.json")


@cache
def store() -> Path:
    """The folder of this session; made, and removed at the end, by the process that asks for it first."""
    if _VARIABLE not in os.environ:
        os.environ[_VARIABLE] = tempfile.mkdtemp(prefix="lent-")
        atexit.register(_remove, Path(os.environ[_VARIABLE]), os.getpid())
    return Path(os.environ[_VARIABLE])


def lend(settings: Settings) -> None:
    """Put into a new home what others have made."""
    # The code location is loaded while tests are collected, in the home of whoever runs them.
    _copy(get_settings().home / "dbt", store() / "dbt", _MANIFESTS)
    _copy(store() / "dbt", settings.home / "dbt", *_KEPT)


def keep(settings: Settings) -> None:
    """Take from a home what no other has made yet."""
    _copy(settings.home / "dbt", store() / "dbt", *_KEPT)


def lend_made(name: str, make: Callable[[Path], None], folder: Path) -> None:
    """Put into a folder what `make` puts into one; it is called once in a session, whichever worker comes first.

    Engines in there must have ended: what they leave may be started anywhere else.
    """
    made = store() / name
    with made.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            unfinished = made.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(made)
    shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)


def _copy(source: Path, target: Path, *patterns: str) -> None:
    for pattern in patterns:
        for found in source.glob(pattern):
            place = target / found.relative_to(source)
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                # Whole or not at all: another worker may be looking.
                staged = place.with_name(f".{place.name}.{os.getpid()}")
                shutil.copy2(found, staged)
                staged.replace(place)


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not a process forked by a test
        shutil.rmtree(folder, ignore_errors=True)
