"""The vital signs of a running stack, measured and shown."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from dagster_project.probes import Doors, measure_vitals
from warehouse.client import Identity, connect
from warehouse.settings import Settings


@pytest.fixture
def listener() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_everything_is_measured(line: Settings, listener: int) -> None:
    connect(Identity.ADMIN, line).command(
        "INSERT INTO raw.batches (commit_seq, batch_seq, batch_id, source, received, stored, started_at, landed_at)"
        " VALUES (1, 1, 'b', 'kafka', 600, 600, now64(3), now64(3) - 1)"
    )
    measure_vitals(
        line.model_copy(
            update={
                "rabbitmq_url": SecretStr(f"amqp://guest:geheim@127.0.0.1:{listener}/"),
                "kafka_bootstrap_servers": "127.0.0.1:1,[::1]:1",
            }
        ),
        Doors(),
    )
    rows = connect(Identity.READER, line).query("SELECT topic, subject, figure, value, detail FROM marts.vitals")
    found = {(topic, subject, figure): (value, detail) for topic, subject, figure, value, detail in rows.result_rows}
    assert found["throughput", "kafka", "received_per_second"][0] == 2
    assert found["storage", "raw.batches", "rows"][0] == 1
    assert found["storage", "raw.batches", "disk_bytes"][0] > 0
    assert found["database", "ClickHouse", "answer_ms"][0] > 0
    for figure in ("queries", "merges", "memory_bytes", "unfinished_mutations", "most_parts_of_a_partition"):
        assert found["database", "ClickHouse", figure][0] >= 0
    assert found["service", "RabbitMQ", "is_up"] == (1, "")
    assert found["service", "Kafka at 127.0.0.1:1", "is_up"] == (0, "Connection refused")
    assert found["queue", "landing folder", "waiting"][0] == 0
    assert found["queue", "the door collector", "waiting"][0] == 0
    [(free, detail)] = [said for (topic, _, _), said in found.items() if topic == "disk"]
    assert 0 < free < 100
    assert detail.endswith("GiB free")
    assert "geheim" not in str(found)
