"""From a request to a file: whole and named, or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from serving_api.generations import Generation, instant
from serving_api.reports import statement, writing
from serving_api.reports.origin import origin
from serving_api.reports.request import Request, StatementRequest
from serving_api.reports.tables import table_of
from warehouse.settings import Settings

#: Told the rows written so far, and how many there will be (None: not known yet).
Progress = Callable[[int, int | None], None]

_HASHED_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Produced:
    """A file that was made.

    Attributes:
        path: the file; its manifest lies beside it as `<name>.manifest.json`.
        rows: rows of data in it.
        size: bytes.
        sha256: of the bytes, in hexadecimal.
        generation: where its numbers are from.
        complete_through: instant of the last event in that generation (UTC), None when there is none.
        manifest: all that the file depends on, and what it is; the text of the manifest, decoded.
    """

    path: Path
    rows: int
    size: int
    sha256: str
    generation: int
    complete_through: datetime | None
    manifest: dict[str, Any]


def produce(
    request: Request, settings: Settings, folder: Path, progress: Progress = lambda _done, _total: None
) -> Produced:
    """Make the file of a request in a folder. The same request of the same generation gives the same bytes.

    Args:
        request: what to make.
        settings: where ClickHouse is.
        folder: where to; made if it is not there. A file of the same name is replaced at once.
        progress: told now and then how far it is.

    Raises:
        RequestError: the request cannot be answered: its generation is not kept, nothing is published, or the user of
            a statement has nothing to state.
        Unreachable: ClickHouse does not answer.
        ReportError: ClickHouse gave up in the middle; says why.
    """
    source = origin(settings, request.as_of)
    folder.mkdir(parents=True, exist_ok=True)
    # Whatever ends this early, an interrupt too, takes what is half made with it.
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as making:
        if isinstance(request, StatementRequest):
            made = statement.write(request, source, Path(making))
            progress(made.rows, made.rows)
        else:
            table = table_of(request, source, settings)
            made = writing.write(request.format, table, source, Path(making), progress)
        return _kept(made, request, source.generation, folder)


def _kept(made: writing.Made, request: Request, generation: Generation, folder: Path) -> Produced:
    """Put the file and its manifest where they belong; the manifest first, so that no file is without one."""
    size, digest = made.path.stat().st_size, _sha256(made.path)
    manifest = {
        "file": made.path.name,
        "title": made.title,
        "request": request.model_dump(mode="json", exclude={"as_of"}),
        "conditions": dict(made.conditions),
        "generation": generation.number,
        "published_at": instant(generation.published_at),
        "complete_through": instant(generation.complete_through),
        "rows": made.rows,
        "columns": {name: column.type for name, column in made.columns.items()},
        "size": size,
        "sha256": digest,
    }
    beside = made.path.with_name(made.path.name + ".manifest.json")
    beside.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in (beside, made.path):
        _sync(path)
        path.replace(folder / path.name)
    _sync(folder)
    return Produced(
        path=folder / made.path.name,
        rows=made.rows,
        size=size,
        sha256=digest,
        generation=generation.number,
        complete_through=generation.complete_through,
        manifest=manifest,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
