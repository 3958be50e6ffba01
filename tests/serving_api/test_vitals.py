"""How the stack is doing, for admins: what was measured last, and the rules of alerts with their states."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from tests.serving_api.conftest import SECRET, bearer, serving
from warehouse.client import Identity, connect
from warehouse.settings import Settings

PATH = "/api/v1/admin/analytics/system-vitals"


def test_the_last_measurement_and_the_last_look(admin_client: httpx.Client, engine: Settings) -> None:
    client = connect(Identity.ADMIN, engine)
    for table in ("vitals", "alerts"):
        client.command(f"TRUNCATE TABLE marts.{table}")
    nothing = admin_client.get(PATH)
    assert nothing.status_code == 200
    assert (nothing.json()["measured_at"], nothing.json()["alerts"]) == (None, [])
    now = datetime.now(UTC).replace(microsecond=0)
    before = now.replace(year=now.year - 1) if now.day != 29 else now
    columns = ("measured_at", "topic", "subject", "figure", "value", "detail")
    client.insert("marts.vitals", [(now, "queue", "the door kafka", "waiting", 7.0, "")], column_names=columns)
    client.insert("marts.vitals", [(now, "database", "ClickHouse", "answer_ms", 1.5, "")], column_names=columns)
    looked = ("evaluated_at", "rule", "cause", "state", "severity", "condition", "runbook", "since", "value")
    rows = [
        (now, "disk_low", "/", "firing", "warning", "< 15 for 10m", "docs/runbooks.md#disk_low", before, 9.5),
        (now, "disk_full", "", "ok", "critical", "< 5", "docs/runbooks.md#disk_full", None, None),
    ]
    client.insert("marts.alerts", rows, column_names=looked)
    answer = admin_client.get(PATH)
    assert answer.headers["cache-control"] == "no-store"
    found = answer.json()
    assert found["queues"] == [{"subject": "the door kafka", "figure": "waiting", "value": 7.0, "detail": ""}]
    assert found["database"][0]["value"] == 1.5
    assert [(rule["rule"], rule["state"], rule["condition"]) for rule in found["alerts"]] == [
        ("disk_full", "ok", "< 5"),
        ("disk_low", "firing", "< 15 for 10m"),
    ]
    assert datetime.fromisoformat(found["evaluated_at"]) == now
    # The same for Prometheus, from an API that has not been asked before.
    with serving(create_app(engine, Authority(SECRET))) as address:
        scraped = httpx.get(f"{address}/metrics", headers=bearer(Role.ADMIN)).text
    assert 'warehouse_vital{figure="waiting",subject="the door kafka",topic="queue"} 7.0' in scraped
    assert 'warehouse_alerts_firing{rule="disk_low",severity="warning"} 1.0' in scraped


def test_it_is_for_admins(analyst: httpx.Client) -> None:
    assert analyst.get(PATH).status_code == 403
