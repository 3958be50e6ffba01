"""The client and the real collector: what the one says the other understands."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.client import Client, Options
from tests.faults.state import admitted, held, ledger
from tests.servers.collector import KEY, running_collector
from warehouse.settings import Settings


def test_keys_verdicts_and_large_batches(empty: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    options = Options(buffer_dir=tmp_path / "buffer", linger_seconds=0.05, close_seconds=0.5)
    with running_collector(empty, tmp_path / "log") as collector:
        with Client(collector.url, "a-key-that-is-not-known", options) as stranger:
            first = stranger.track("user.signin", "u0")
            assert stranger.flush(1) is False
            assert "answered 401" in str(stranger.statistics.last_error)
        assert stranger.statistics.buffered == 1
        with Client(collector.url, KEY, options) as client:
            ids = [
                client.track("feature.used", f"u{n}", {"feature": "x" * 255, "note": "y" * 900}) for n in range(2_000)
            ]
            bad = client.track("order.created", "u1", {"order_id": "o1"})
            assert client.flush(60)
        collector.stop()
    statistics = client.statistics
    assert (statistics.recovered, statistics.sent, statistics.invalid, statistics.rejected) == (1, 2_002, 1, 0)
    assert f"{bad} of type order.created will be quarantined: missing_field:vendor_id" in caplog.text
    assert admitted(empty) == sorted([str(first), *map(str, ids)])
    assert sum(held(empty).values()) == ledger(empty).quarantined == 1
