"""The example services as processes of their own, through real doors into raw: every event they own, none refused."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import urllib3
from pydantic import SecretStr

from ingestion.catalog import load
from ingestion.doors import kafka as kafka_door
from ingestion.doors import rabbitmq as rabbitmq_door
from tests.faults.state import ledger
from tests.servers.collector import KEY, Collector
from tests.servers.kafka import Kafka
from tests.servers.ports import free_port
from tests.servers.rabbitmq import RabbitMQ
from warehouse.client import Identity, connect
from warehouse.settings import Settings, project_root

_HTTP = urllib3.PoolManager()
_READY_SECONDS = 60.0


def of_the_catalog(*prefixes: str) -> set[str]:
    return {event.name for event in load().events if event.name.partition(".")[0] in prefixes}


def call(method: str, url: str, status: int, body: object = None) -> Any:
    response = _HTTP.request(method, url, json=body) if body is not None else _HTTP.request(method, url)
    assert response.status == status, response.data
    return json.loads(response.data) if response.data and status < 300 else None


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(project_root()), **more}


@contextmanager
def serving(module: str, collector: Collector) -> Iterator[str]:
    """An example service; it has sent all it knows when the block has ended."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=project_root(),
        env=environment(ANALYTICS_URL=collector.url, ANALYTICS_KEY=KEY, PORT=str(port)),
    )
    try:
        deadline = time.monotonic() + _READY_SECONDS
        while True:
            assert process.poll() is None
            assert time.monotonic() < deadline
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def worked(module: str, stdin: bytes = b"", **more: str) -> dict[str, int]:
    """Run an example to its end; its summary."""
    command = [sys.executable, "-m", module]
    done = subprocess.run(
        command, cwd=project_root(), env=environment(**more), input=stdin, capture_output=True, check=True
    )
    summary: dict[str, int] = json.loads(done.stdout)
    return summary


def stored(settings: Settings) -> Counter[str]:
    """Types of the events in raw; nothing was refused on the way."""
    sums = ledger(settings)
    assert sums.quarantined == 0
    rows = connect(Identity.TRANSFORMER, settings).query("SELECT event_type, count() FROM raw.events GROUP BY ALL")
    return Counter(dict(rows.result_rows))


def test_the_auth_service_emits_all_its_events(collector: Collector, empty: Settings) -> None:
    with serving("examples.auth_service", collector) as url:
        ada = {"email": "ada@example.com", "password": "right"}
        call("GET", f"{url}/signup?session=visit&role=client", 200)
        user = call("POST", f"{url}/users", 201, {**ada, "session": "visit"})["user_id"]
        call("POST", f"{url}/users", 409, ada)
        session = call("POST", f"{url}/sessions", 201, ada)["session"]
        call("PUT", f"{url}/users/{user}/plan", 204, {"plan": "pro"})
        call("PUT", f"{url}/users/{user}/plan", 204, {"plan": "free"})
        call("PUT", f"{url}/users/{user}/plan", 204, {"plan": "free"})
        call("DELETE", f"{url}/sessions/{session}", 204)
        for _ in range(4):
            call("POST", f"{url}/sessions", 401, {**ada, "password": "wrong"})
        call("POST", f"{url}/users/{user}/flag", 204, {"outcome": "confirmed"})
        call("POST", f"{url}/sessions", 401, ada)
    collector.stop()
    counts = stored(empty)
    assert counts.pop("api.request") == 14
    assert counts.pop("audit.recorded") == 1
    assert counts == dict.fromkeys(of_the_catalog("user", "signup", "account"), 1)


def test_the_chat_service_emits_all_its_events(collector: Collector, empty: Settings) -> None:
    with serving("examples.chat_service", collector) as url:
        opened = call("POST", f"{url}/conversations", 201, {"user_id": "u1", "title": "Rome"})
        conversation = f"{url}/conversations/{opened['conversation_id']}"
        assert call("POST", f"{conversation}/messages", 200, {"text": "how far is it"}) == {"answer": "how far is it"}
        call("GET", f"{conversation}/export", 200)
        call("DELETE", conversation, 204)
        call("POST", f"{conversation}/messages", 404, {"text": "anybody?"})
    collector.stop()
    assert stored(empty) == dict.fromkeys({*of_the_catalog("chat"), "feature.used"}, 1)
    cost = connect(Identity.TRANSFORMER, empty).query(
        "SELECT properties['tokens'], properties['cost'] FROM raw.events WHERE event_type = 'chat.message_sent'"
    )
    assert cost.result_rows == [("8", "0.0008")]


@pytest.mark.timeout(240)
def test_the_billing_service_emits_all_its_events_once(rabbitmq: RabbitMQ, empty: Settings) -> None:
    settings = empty.model_copy(update={"rabbitmq_url": SecretStr(rabbitmq.url)})
    rabbitmq_door.drain(settings)  # Makes the queue.
    notifications = (project_root() / "examples" / "notifications.ndjson").read_bytes()
    # The provider delivers one of the ten twice, and one is none of ours.
    assert worked("examples.billing_service", notifications, RABBITMQ_URL=rabbitmq.url) == {"sent": 9, "buffered": 0}
    drained = rabbitmq_door.drain(settings)
    assert drained.refused == 0
    types = {*of_the_catalog("billing", "payment", "payout", "financial")}
    assert set(stored(empty)) == types
    assert (ledger(empty).stored, ledger(empty).duplicates) == (8, 1)
    amounts = connect(Identity.TRANSFORMER, empty).query(
        "SELECT event_type, properties['amount'], properties['currency'] FROM raw.events"
        " WHERE event_type IN ('payment.completed', 'payout.processed') ORDER BY event_type"
    )
    assert amounts.result_rows == [("payment.completed", "98000", "JPY"), ("payout.processed", "1200.50", "USD")]


@pytest.mark.timeout(240)
def test_the_shop_emits_all_its_events(kafka: Kafka, empty: Settings) -> None:
    settings = empty.model_copy(update={"kafka_bootstrap_servers": kafka.bootstrap_servers, "kafka_group": "shop"})
    assert worked("examples.shop_service", KAFKA_BOOTSTRAP_SERVERS=kafka.bootstrap_servers) == {
        "sent": 7,
        "buffered": 0,
    }
    drained = kafka_door.drain(settings)
    assert drained.refused == 0
    own = {*of_the_catalog("order", "rating"), "product.viewed", "user.signup"}
    assert stored(empty) == dict.fromkeys({*own, "page.view", "search.performed", "conversion"}, 1)
