"""Fixtures for the sources."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

# Not ru_maxrss where /proc exists: a child inherits its parent's value there, and pytest's own is larger.
_MEASURE = """
import re, resource, sys
from pathlib import Path
from ingestion.sources.files import read
count = sum(batch.lines.count(10) for batch in read([Path(sys.argv[1])], chunk_bytes=int(sys.argv[2])))
status = Path("/proc/self/status")
if status.exists():
    peak = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(count, peak)
"""


@pytest.fixture
def reading() -> Callable[[Path, int], tuple[int, int]]:
    """Reads a file in a process of its own; returns the number of lines and the peak memory."""

    def read_alone(path: Path, chunk_bytes: int) -> tuple[int, int]:
        command = [sys.executable, "-c", _MEASURE, str(path), str(chunk_bytes)]
        output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        count, peak = map(int, output.split())
        return count, peak

    return read_alone
