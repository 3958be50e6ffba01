"""A real Prometheus with the configuration in deploy/: it scrapes the API and answers what dashboards and rules ask."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
import yaml

from serving_api.app import create_app
from serving_api.auth import Authority, Role
from serving_api.observing.pages import names
from tests.servers.ports import free_port
from tests.serving_api.conftest import SECRET, bearer, serving
from tests.serving_api.published import FIRST_DAY, LAST_DAY
from warehouse.client import Identity, connect
from warehouse.settings import Settings, project_root

DEPLOY = project_root() / "deploy"
CONFIGURATION, RULES = DEPLOY / "prometheus" / "prometheus.yml", DEPLOY / "prometheus" / "rules.yml"
_FILES = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
DASHBOARDS = {file.stem: json.loads(file.read_text("utf-8")) for file in _FILES}
TARGETS = [
    (f"{name}: {panel['title']}", target)
    for name, dashboard in sorted(DASHBOARDS.items())
    for panel in dashboard["panels"]
    for target in panel["targets"]
]
EXPRESSIONS = {where: target["expr"] for where, target in TARGETS if "expr" in target}
QUERIES = {where: target["rawSql"] for where, target in TARGETS if "rawSql" in target}
#: Shares of what comes in, which nothing does here.
QUIET = {"warehouse-pipeline: Refused"}
#: Of Prometheus and of the process itself.
FOREIGN = {"up", "process_cpu_seconds_total", "process_resident_memory_bytes"}
_NAME = re.compile(r"\b(?:warehouse|marketplace)[a-z0-9_]*(?::[a-z0-9_]+)*\b")
_WAIT_SECONDS = 60


def recorded() -> set[str]:
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return {rule["record"] for group in groups for rule in group["rules"] if "record" in rule}


def expressions_of_rules() -> dict[str, str]:
    groups = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return {rule.get("record") or rule["alert"]: rule["expr"] for group in groups for rule in group["rules"]}


class Prometheus:
    """Its HTTP interface."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=10)

    def ready(self) -> bool:
        try:
            return self._client.get("/-/ready").status_code == 200
        except httpx.TransportError:
            return False

    def ask(self, expression: str) -> list[dict[str, Any]]:
        answer = self._client.get("/api/v1/query", params={"query": expression})
        assert answer.status_code == 200, f"{expression}: {answer.text}"
        result: list[dict[str, Any]] = answer.json()["data"]["result"]
        return result


def unanswered(prometheus: Prometheus) -> list[str]:
    """Panels without data."""
    asked = {where: expression for where, expression in EXPRESSIONS.items() if where not in QUIET}
    return [where for where, expression in asked.items() if not prometheus.ask(expression)]


@pytest.fixture(scope="module")
def prometheus(engine: Settings, url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """One that has scraped an API which has answered something; `url` has published something."""
    folder, port, pause = tmp_path_factory.mktemp("prometheus"), free_port(), Event()
    with serving(create_app(engine, Authority(SECRET))) as api:
        configuration = yaml.safe_load(CONFIGURATION.read_text("utf-8"))
        configuration["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        configuration["scrape_configs"][0]["static_configs"][0]["targets"] = [api.removeprefix("http://")]
        del configuration["alerting"]
        (folder / "rules.yml").write_bytes(RULES.read_bytes())
        (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    "prometheus",
                    f"--config.file={folder / 'prometheus.yml'}",
                    f"--storage.tsdb.path={folder / 'data'}",
                    f"--web.listen-address=127.0.0.1:{port}",
                ],
                stdout=log,
                stderr=log,
            )
        try:
            found = Prometheus(f"http://127.0.0.1:{port}")
            for _ in range(_WAIT_SECONDS * 5):
                for path in ("/api/v1/marts/revenue", "/nowhere"):
                    httpx.get(api + path, headers=bearer(Role.ANALYST))
                if found.ready() and not unanswered(found):
                    break
                assert process.poll() is None, (folder / "log").read_text()
                pause.wait(0.2)
            else:
                raise AssertionError(unanswered(found))
            yield found
        finally:
            process.terminate()
            process.wait(30)


def test_configuration_and_rules_are_sound_and_alerts_come_when_they_should() -> None:
    for arguments in (
        ["check", "config", CONFIGURATION],
        ["check", "rules", RULES],
        ["test", "rules", Path(__file__).with_name("prometheus_rules.yml")],
    ):
        said = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False, timeout=60)
        assert said.returncode == 0, said.stdout + said.stderr


def test_every_metric_that_is_named_exists() -> None:
    known = names() | recorded()
    known |= {f"{name}{ending}" for name in names() for ending in ("_bucket", "_count", "_sum")}
    for where, expression in (EXPRESSIONS | expressions_of_rules()).items():
        assert set(_NAME.findall(expression)) - {"warehouse"} <= known, where
        if not _NAME.search(expression.replace('"warehouse-api"', "")):
            assert any(name in expression for name in FOREIGN), where


def test_every_alert_is_tried() -> None:
    tried = Path(__file__).with_name("prometheus_rules.yml").read_text("utf-8")
    alerts = {name for name in expressions_of_rules() if name not in recorded()}
    assert {name for name in alerts if f'alertname="{name}"' not in tried} == set()


def test_the_api_is_scraped(prometheus: Prometheus) -> None:
    assert [sample["value"][1] for sample in prometheus.ask('up{job="warehouse-api"}')] == ["1"]
    assert prometheus.ask("warehouse_generation")
    assert prometheus.ask('warehouse_api_request_seconds_count{status="4xx", route="unmatched"}')


def test_every_expression_has_an_answer(prometheus: Prometheus) -> None:
    assert unanswered(prometheus) == []
    assert {where for where in QUIET if prometheus.ask(EXPRESSIONS[where])} == set()
    for expression in expressions_of_rules().values():
        prometheus.ask(expression)


@pytest.mark.parametrize("where", sorted(QUERIES))
def test_every_query_of_clickhouse_has_an_answer(engine: Settings, url: str, where: str) -> None:
    # As the plugin fills in its macro.
    days = rf"\1 >= toDate('{FIRST_DAY}') AND \1 <= toDate('{LAST_DAY}')"
    sql = re.sub(r"\$__dateFilter\((\w+)\)", days, QUERIES[where])
    assert "$__" not in sql
    rows = connect(Identity.READER, engine, database="marts_g000001").query(sql).result_rows
    assert len(rows) > 1


@pytest.mark.parametrize("name", sorted(DASHBOARDS))
def test_a_dashboard_says_what_it_shows_and_asks_for_its_sources(name: str) -> None:
    dashboard = DASHBOARDS[name]
    assert dashboard["uid"] == name
    assert dashboard["description"]
    variables = {f"${{{variable['name']}}}" for variable in dashboard["templating"]["list"]}
    for panel in dashboard["panels"]:
        assert panel["description"], panel["title"]
        assert {target["datasource"]["uid"] for target in panel["targets"]} <= variables
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
