"""kill -9 for a producer and the collector in turn: what the producer was promised counts exactly once."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from ingestion.client import Client, Options
from tests.faults.state import admitted, ledger
from tests.ingestion.client.producing import Producing
from tests.servers.collector import KEY, running_collector
from warehouse.settings import Settings

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "3"))


@pytest.mark.timeout(60 + 60 * ROUNDS)
def test_what_a_killed_producer_was_promised_counts_once(empty: Settings, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    dice = random.Random(seed)
    folder = tmp_path / "buffer"
    promised: list[str] = []
    with running_collector(empty, tmp_path / "collector.log") as collector:
        for _ in range(ROUNDS):
            producer = Producing(collector.url, KEY, folder, 0, tmp_path / "said")
            producer.wait_for_the_first()
            time.sleep(dice.uniform(0.0, 1.0))
            collector.kill()
            if dice.random() < 0.5:
                promised += producer.killed(dice.uniform(0.0, 0.1))
                collector.start()
            else:
                collector.start()
                promised += producer.killed(dice.uniform(0.0, 1.0))
        with Client(collector.url, KEY, Options(buffer_dir=folder)) as client:
            assert client.flush(120)
        assert client.statistics.invalid == client.statistics.rejected == 0
        print(f"{len(promised)} events promised")
        collector.stop()
    counted = admitted(empty)
    assert len(set(counted)) == len(counted)
    assert set(promised) - set(counted) == set()
    # Tracked, but killed before it could say so.
    assert len(counted) <= len(promised) + ROUNDS
    sums = ledger(empty)
    assert (sums.stored, sums.quarantined) == (len(counted), 0)
