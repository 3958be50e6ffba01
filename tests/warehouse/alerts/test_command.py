"""`warehouse alerts` as a user or cron runs it: it starts nothing, and its exit code says whether something fires."""

from __future__ import annotations

from pathlib import Path

from tests.servers.webhook import WebhookServer
from tests.warehouse.conftest import Command
from warehouse.settings import Settings


def test_a_dead_engine_is_found_and_left_alone(warehouse: Command, tmp_path: Path, webhook: WebhookServer) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("rules: {clickhouse_down: {for: 0s}}")
    told = {"ALERT_RULES": str(own), "ALERT_WEBHOOK_URL": webhook.url}
    looked = warehouse("alerts", "--dry-run", **told)
    assert looked.code == 1
    assert "firing   critical ClickHouse does not answer" in looked.stdout
    assert webhook.received == []
    answer = warehouse("alerts", "--json", **told)
    assert answer.code == 1
    [firing] = answer.json["firing"]
    assert (firing["rule"], firing["severity"]) == ("clickhouse_down", "critical")
    assert answer.json["rules"]["clickhouse_down"]["runbook"] == "docs/runbooks.md#clickhouse_down"
    assert warehouse("status", "--json").json["running"] is False
    assert warehouse("alerts", **told).code == 1
    assert len(webhook.received) == 1


def test_all_is_well(warehouse: Command, watched: Settings) -> None:
    answer = warehouse("alerts", WAREHOUSE_HOME=str(watched.home))
    assert answer.code == 0
    assert answer.stdout.startswith("nothing fires; ")
    assert "nobody is told: set ALERT_WEBHOOK_URL" in answer.stdout


def test_channels_can_be_tried(warehouse: Command, webhook: WebhookServer) -> None:
    answer = warehouse("alerts", "--test", "--json", ALERT_WEBHOOK_URL=webhook.url)
    assert (answer.code, answer.json) == (0, {"webhook": "delivered"})
    assert "[test]" in webhook.received[0]
    assert "set ALERT_WEBHOOK_URL" in warehouse("alerts", "--test").stderr
