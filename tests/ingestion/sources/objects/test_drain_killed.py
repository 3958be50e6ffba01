"""The drain of watched prefixes dies: the next one lands what is missing, and nothing twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from ingestion.simulator import simulate
from ingestion.sources.objects import drain, new_objects
from tests.faults.state import admitted, ledger
from warehouse.settings import Settings, project_root

EVENTS = 2000

_KILLED = """
import os, sys
from ingestion.sources.objects import drain
from tests.faults.killer import _arrange
from warehouse.settings import get_settings
_arrange(sys.argv[1], sys.argv[2], os.getpid())
drain(get_settings())
"""


@pytest.mark.parametrize(
    ("when", "statement"),
    [
        ("before", "INSERT INTO raw.landing"),
        ("after", "INSERT INTO raw.batches"),
        ("before", "INSERT INTO raw.positions"),
        ("after", "INSERT INTO raw.positions"),
    ],
)
def test_killed_at_a_statement(bucket: Any, empty: Settings, when: str, statement: str) -> None:
    for number in range(3):
        bucket.put(f"in/{number}.ndjson", b"".join(simulate(events=EVENTS, days=5, seed=number)))
    watched = f"s3://{bucket.name}/in/"
    environment = {**os.environ, "WAREHOUSE_HOME": str(empty.home), "LANDING_PREFIXES": watched}
    command = [sys.executable, "-c", _KILLED, when, statement]
    assert subprocess.run(command, env=environment, cwd=project_root()).returncode == -signal.SIGKILL
    settings = empty.model_copy(update={"landing_prefixes": watched})
    assert len(new_objects(settings)) >= 2
    drain(settings)
    assert new_objects(settings) == []
    assert len(admitted(settings)) == len(set(admitted(settings))) == ledger(settings).stored == 3 * EVENTS
