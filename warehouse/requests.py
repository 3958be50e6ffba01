"""Requests about people, on their way from whoever asks to the run that sees to them.

What a run is started with stays in Dagster's history; so the id of the person goes by a file of the home, for its owner
only, which the run removes when it is done. The run itself knows the request's number.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from warehouse.errors import WarehouseError
from warehouse.settings import Settings


def put(settings: Settings, person: str) -> uuid.UUID:
    """Keep a request; returns its number.

    Raises:
        WarehouseError: the home cannot be written.
    """
    request = uuid.uuid4()
    path = _path(settings, request)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(person)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise WarehouseError(f"cannot keep a request in {path.parent}: {error.strerror}", "make it writable") from None
    return request


def person(settings: Settings, request: uuid.UUID) -> str:
    """Whom a request is about.

    Raises:
        WarehouseError: there is no such request, or it has been seen to.
    """
    try:
        return _path(settings, request).read_text("utf-8")
    except OSError:
        raise WarehouseError(
            f"there is no request {request}, or it has been seen to",
            "Dagster and whoever asks must share WAREHOUSE_HOME; ask again, or use the command line",
        ) from None


def done(settings: Settings, request: uuid.UUID) -> None:
    """Forget a request."""
    _path(settings, request).unlink(missing_ok=True)


def _path(settings: Settings, request: uuid.UUID) -> Path:
    return settings.home / "requests" / str(request)
