"""Where events wait that have not been sent, in memory and in a folder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.client import Client
from tests.ingestion.client.server import Endpoint, Reply, quick
from warehouse.settings import project_root


def test_a_full_buffer_drops_the_newest_counts_them_and_says_so(
    collector: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    collector.behave = lambda request: Reply(503)
    client = Client(collector.url, "key", quick(buffer_bytes=1_000, min_backoff_seconds=0.05))
    accepted = [event_id for _ in range(50) if (event_id := client.track("page.view")) is not None]
    assert 0 < len(accepted) < 50
    assert client.statistics.dropped == 50 - len(accepted)
    assert "dropped" in caplog.text
    collector.behave = lambda request: None
    assert client.close()
    assert sorted(set(collector.ids)) == sorted(accepted)
    statistics = client.statistics
    assert (statistics.tracked, statistics.sent, statistics.buffered) == (50, len(accepted), 0)


def test_a_folder_that_cannot_be_used_means_memory_and_a_message(
    collector: Endpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    with Client(collector.url, "key", quick(buffer_dir=tmp_path / "file")) as client:
        client.track("page.view")
    assert len(collector.taken) == 1
    assert "memory only" in caplog.text


def test_a_disk_that_takes_only_a_part_of_an_event_loses_none(collector: Endpoint, tmp_path: Path) -> None:
    # The kernel cuts the write that passes the limit, as a full disk does.
    program = (
        "import resource, sys; from ingestion.client import Client, Options;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000));"
        "client = Client(sys.argv[1], 'key', Options(buffer_dir=sys.argv[2], linger_seconds=60.0));"
        "ids = [client.track('page.view', f'u{n}') for n in range(100)]; client.flush(); print(*ids)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, collector.url, str(tmp_path / "buffer")],
        cwd=project_root(),
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.split() == collector.ids
    assert "does not take an event" in said.stderr


def test_a_folder_that_is_removed_loses_nothing_that_comes_after(collector: Endpoint, tmp_path: Path) -> None:
    collector.behave = lambda request: Reply(503, headers={"Retry-After": "2"})
    client = Client(collector.url, "key", quick(buffer_dir=tmp_path, batch_events=1))
    client.track("page.view")
    while client.statistics.last_error is None:
        time.sleep(0.01)
    (own,) = tmp_path.iterdir()
    own.rename(tmp_path.parent / f"{own.name}-away")
    later = client.track("page.view")
    collector.behave = lambda request: None
    assert client.flush(30)
    client.close()
    assert collector.ids == [later]
    assert (client.statistics.sent, client.statistics.dropped) == (1, 1)
