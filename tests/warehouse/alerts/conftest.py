"""Fixtures: marts that rules need, channels that are real, and a clock of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from tests.servers.webhook import WebhookServer, running_webhook
from tests.serving_api.published import contract
from warehouse.alerts.evaluate import Outcome, evaluate
from warehouse.alerts.looking import Finding, Look, Probe
from warehouse.alerts.memory import FILE
from warehouse.alerts.rules import RuleBook
from warehouse.client import Identity, connect
from warehouse.settings import Settings

MARTS = ("anomalies", "daily_metrics", "external_services", "system_health")
#: Lately, for tables forget what is old.
START = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=2)
#: Those of Dagster and the doors, with nothing to find; tests of them are in tests/dagster_project.
QUIET = (
    *("dagster_daemon", "failed_lane", "failed_runs", "failed_checks"),
    *("backlog", "unreachable_doors", "landing_folder"),
)


@pytest.fixture
def webhook() -> Iterator[WebhookServer]:
    with running_webhook() as server:
        yield server


@pytest.fixture
def watched(empty: Settings, webhook: WebhookServer) -> Iterator[Settings]:
    """The shared engine, empty, with the marts that rules read and a webhook."""
    admin = connect(Identity.ADMIN, empty)
    for mart in MARTS:
        columns = ", ".join(f"{name} {type_}" for name, type_ in contract(mart).items())
        admin.command(f"CREATE OR REPLACE TABLE marts.{mart} ({columns}) ENGINE = Memory")
    (empty.home / FILE).unlink(missing_ok=True)
    yield empty.model_copy(update={"alert_webhook_url": SecretStr(webhook.url)})
    for mart in MARTS:
        admin.command(f"DROP TABLE marts.{mart}")
    (empty.home / FILE).unlink(missing_ok=True)


@pytest.fixture
def admin(watched: Settings) -> Client:
    return connect(Identity.ADMIN, watched)


class Planted:
    """Probes that find what a test plants, by the name of the probe."""

    def __init__(self) -> None:
        self.found: dict[str, list[Finding]] = {}

    def probes(self) -> dict[str, Probe]:
        return {name: self._probe(name) for name in QUIET}

    def _probe(self, name: str) -> Probe:
        def probe(_look: Look) -> list[Finding]:
            return self.found.get(name, [])

        return probe


@pytest.fixture
def planted() -> Planted:
    return Planted()


@pytest.fixture
def at(planted: Planted) -> Callable[[Settings, float], Outcome]:
    """Evaluates as of a minute after START."""
    books: dict[str, RuleBook] = {}

    def evaluated(settings: Settings, minute: float) -> Outcome:
        book = books.setdefault(str(settings.alert_rules), RuleBook(settings))
        return evaluate(settings, planted.probes(), now=START + timedelta(minutes=minute), book=book)

    return evaluated
