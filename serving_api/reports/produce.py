"""From a request to a file: whole and named, or not there at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from serving_api.reports.request import Request
from warehouse.settings import Settings

#: Told the rows written so far, and how many there will be (None: not known yet).
Progress = Callable[[int, int | None], None]


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
        RequestError: the request cannot be answered: its generation is not kept, or nothing is published.
        Unreachable: ClickHouse does not answer.
        ReportError: ClickHouse gave up in the middle; says why.
    """
    raise NotImplementedError


def estimate(request: Request, settings: Settings) -> int:
    """How many rows the file of a request will have, counted in the generation it would be made from.

    Raises:
        RequestError, Unreachable: as `produce`.
    """
    raise NotImplementedError
