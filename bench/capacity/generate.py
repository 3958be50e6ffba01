"""A year of a marketplace as three files, one after the other: `python -m bench.capacity.generate EVENTS FOLDER`.

`history.ndjson` is all but what comes later: `day.ndjson`, the last day up to 23:00 with ten minutes of a day sixty
days before, and `hour.ndjson`, its last hour with as many minutes of that day. Both reach the same days.
"""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path

from ingestion.simulator import DEFAULT_END, simulate

DAYS = 365
FILES = ("history", "day", "hour")

_LAST = DEFAULT_END.isoformat().encode()
_BACK = (DEFAULT_END - timedelta(days=60)).isoformat().encode()
_LATER = {_BACK + b"T12:0": "day", _BACK + b"T13:0": "hour"}
_INSTANT = re.compile(rb'"(?:occurred_at|timestamp|created_at)":\s*"(\d{4}-\d\d-\d\dT\d\d:\d)')


def generate(events: int, folder: Path, *, seed: int = 1) -> None:
    """Write the three files; only the chunks of those two days are looked at line by line."""
    files = {name: (folder / f"{name}.ndjson").open("wb") for name in FILES}
    try:
        for chunk in simulate(events=events, days=DAYS, seed=seed):
            if _LAST not in chunk and _BACK not in chunk:
                files["history"].write(chunk)
                continue
            for line in chunk.splitlines(keepends=True):
                files[_belongs(line)].write(line)
    finally:
        for file in files.values():
            file.close()


def _belongs(line: bytes) -> str:
    found = _INSTANT.search(line)
    instant = found[1] if found else b""
    if instant.startswith(_LAST):
        return "hour" if instant.startswith(_LAST + b"T23") else "day"
    return _LATER.get(instant, "history")


if __name__ == "__main__":
    generate(int(sys.argv[1]), Path(sys.argv[2]))
