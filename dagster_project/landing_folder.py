"""The watched folder: files that have been quiet are landed, then moved to `landed/` beside them.

A file is moved only after the ledger has confirmed its last batch. A process that dies before that leaves
it in place; the next run reads it again, and the ledger knows every batch by its content. A file that
cannot be read goes to `refused/` with the reason beside it, so that it does not hold up the others.
"""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingestion.landing.ledger import Totals
from ingestion.sources import SourceError, open_source
from ingestion.sources.discovery import discover
from ingestion.sources.errors import MissingInputError, UnknownFormatError
from warehouse.locks import exclusive
from warehouse.settings import Settings

FOLDER_VARIABLE = "WAREHOUSE_LANDING_DIR"
QUIET_SECONDS = 2.0
LANDED, REFUSED = "landed", "refused"
_CANARY = "canary-"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Drained:
    """What one pass over the folder did."""

    totals: Totals = field(default_factory=Totals)
    landed: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    waiting: int = 0


def folder(settings: Settings) -> Path:
    """The watched folder: `WAREHOUSE_LANDING_DIR`, by default `landing` in the home."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given).absolute() if given else settings.home / "landing"


def quiet_files(root: Path) -> tuple[list[Path], int]:
    """Files that nobody has touched for 2 s, by name, and the number of those that must wait."""
    files = list(_files(root))
    quiet = [file for file in files if _is_quiet(file)]
    return quiet, len(files) - len(quiet)


def drain(settings: Settings) -> Drained:
    """Land every quiet file and move it away; one process at a time.

    Raises:
        WarehouseError: ClickHouse refuses a batch or does not answer; the rest stays in the folder.
    """
    from ingestion.landing import Lander

    root, done = folder(settings), Drained()
    root.mkdir(parents=True, exist_ok=True)
    with exclusive("landing-folder", settings, wait=None):
        files, done.waiting = quiet_files(root)
        lander = Lander(settings)
        for path in files:
            name = str(path.relative_to(root))
            before = _stamp(path)
            try:
                for entry in lander.land_all(open_source("files", [path]).batches):
                    done.totals.add(entry)
            except MissingInputError:
                log.info("%s has gone before it was read", name)
                continue
            except SourceError as error:
                log.warning("%s is refused: %s", name, error)
                done.refused[name] = str(error)
                moved = _move(root, name, REFUSED)
                moved.with_name(moved.name + ".reason.txt").write_text(f"{error}\n", encoding="utf-8")
                continue
            if _stamp(path) != before:
                # Somebody went on writing: what is new is read next time, the rest is known by then.
                log.info("%s has grown while it was read; it stays", name)
                done.waiting += 1
                continue
            if path.name.startswith(_CANARY):
                path.unlink()
            else:
                _move(root, name, LANDED)
            done.landed.append(name)
    return done


def put_canary(settings: Settings, line: bytes) -> None:
    """Put a file with a canary into the folder, whole or not at all; it is removed when it has landed."""
    root = folder(settings)
    root.mkdir(parents=True, exist_ok=True)
    name = f"{_CANARY}{hashlib.sha256(line).hexdigest()[:16]}.ndjson"
    part = root / f".{name}.part"
    part.write_bytes(line + b"\n")
    part.rename(root / name)


def _files(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        return
    for entry in sorted(root.iterdir()):
        if entry.name.startswith(".") or entry.name in (LANDED, REFUSED):
            continue
        try:
            found = discover([entry])
        except (UnknownFormatError, MissingInputError):
            continue
        yield from (file.path for file in found if file.path is not None)


def _is_quiet(path: Path) -> bool:
    stamp = _stamp(path)
    # The inode's change time also sees a rename, and a copy that keeps the file's old time stamps.
    return stamp is not None and abs(time.time() - stamp[2] / 1e9) >= QUIET_SECONDS


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_size, status.st_ctime_ns


def _move(root: Path, name: str, place: str) -> Path:
    """Rename within the folder; an earlier file of the same name is kept."""
    wanted = root / place / name
    wanted.parent.mkdir(parents=True, exist_ok=True)
    target = next(path for path in _alternatives(wanted) if not path.exists())
    (root / name).rename(target)
    return target


def _alternatives(path: Path) -> Iterable[Path]:
    yield path
    stem, dot, suffixes = path.name.partition(".")
    number = 1
    while True:
        number += 1
        yield path.with_name(f"{stem}-{number}{dot}{suffixes}")
