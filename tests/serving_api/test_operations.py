"""Status and freshness, the documentation, and the command that serves them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving_api.app import create_app
from serving_api.auth import Authority
from serving_api.problems import KINDS
from tests.servers.ports import free_port
from tests.serving_api import published
from tests.serving_api.conftest import SECRET
from tests.serving_api.published import COMPLETE_THROUGH
from warehouse.settings import Settings, get_settings

GOLDEN = Path(__file__).with_name("openapi.json")


def test_status_names_versions_generation_and_capabilities(url: str) -> None:
    status = httpx.get(f"{url}/status").json()
    assert status["generation"]["generation"] == 1
    assert status["capabilities"]["granularities"] == ["day", "hour", "month", "week"]
    assert "/api/v1/marts/revenue" in status["capabilities"]["endpoints"]
    assert status["clickhouse_version"]


def test_freshness_is_the_age_of_the_last_event_and_of_the_publication(analyst: httpx.Client) -> None:
    answer = analyst.get("/freshness")
    freshness = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    age = (datetime.now(UTC) - COMPLETE_THROUGH).total_seconds()
    assert freshness["age_seconds"] == pytest.approx(age, abs=60)
    assert 0 <= freshness["published_age_seconds"] < 300
    found = {mart["mart"]: (mart["rows"], mart["last_date"]) for mart in freshness["marts"]}
    assert list(found) == published.marts()
    assert found["daily_metrics"] == (121, "2024-04-30")
    assert found["job_success_score"] == (4, "2024-04-30")
    assert found["system_health"][1] == "2024-04-30"
    # A mart without dates has rows all the same.
    assert found["job_categories"] == (2, None)
    for mart, (rows, _) in found.items():
        assert rows == len(published.rows(mart, 1)), mart
    last = {row["door"]: row for row in sorted(published.rows("canary_latency", 1), key=lambda row: row["minute"])}
    assert [door["door"] for door in freshness["doors"]] == sorted(last)
    for door in freshness["doors"]:
        assert all(door[hop] == last[door["door"]][hop] for hop in ("lost", "accepted_ms", "stored_ms", "served_ms"))


def test_openapi_is_as_committed(tmp_path: Path) -> None:
    """After a wanted change: `make accept`. It follows from the files alone, so no engine is needed."""
    settings = get_settings().model_copy(update={"home": tmp_path})
    made = create_app(settings, Authority(SECRET)).openapi()
    text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, "utf-8")
    assert text == GOLDEN.read_text("utf-8")


def test_answers_have_no_defaults_and_all_columns(engine: Settings) -> None:
    document = create_app(engine, Authority(SECRET)).openapi()
    for path, item in document["paths"].items():
        operation = next(iter(item.values()))
        success = next(found for status, found in operation["responses"].items() if status.startswith("2"))
        for content in success.get("content", {}).values():
            schema = content.get("schema", {})
            assert '"default"' not in json.dumps(schema), path
            for described in objects(schema) if "x-source" in operation else ():
                assert described["required"] == list(described["properties"])
                assert described["additionalProperties"] is False


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """The descriptions of objects with members, however deep."""
    if isinstance(schema, list):
        for item in schema:
            yield from objects(item)
    elif isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            yield schema
        for item in schema.values():
            yield from objects(item)


def test_the_documentation_needs_nothing_from_elsewhere(url: str) -> None:
    page = httpx.get(f"{url}/docs").text
    assert "://" not in page
    assert "<script" not in page
    for kind in KINDS:
        assert f"id=problem-{kind.name}" in page
    assert "/api/v1/marts/revenue" in page


def serve(settings: Settings, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "WAREHOUSE_HOME": str(settings.home),
        "WAREHOUSE_ENGINE_DIR": str(settings.engine_dir),
    }
    code = (
        "import typer; from warehouse.cli import serve; from warehouse.cli.output import Output\n"
        "from warehouse.errors import WarehouseError\n"
        "app = typer.Typer(); app.callback()(lambda: None); serve.register(app)\n"
        "try: app()\n"
        "except WarehouseError as error: print(error.message, error.hint); raise SystemExit(1)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, "serve", *arguments],
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_serve_prints_an_address_and_a_token_that_work(engine: Settings, url: str) -> None:
    port = free_port()
    process = serve(engine, "--json", API_PORT=str(port))
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["url"] == f"http://127.0.0.1:{port}"
        answer = httpx.get(
            f"{said['url']}/api/analytics/users/count", headers={"Authorization": f"Bearer {said['token']}"}
        )
        assert answer.status_code == 200
        taken = serve(engine, API_PORT=str(port))
        assert "set API_PORT to a free port" in taken.communicate(timeout=120)[0]
        assert taken.returncode == 1
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)


def test_serve_refuses_what_is_not_safe(engine: Settings) -> None:
    port = str(free_port())
    for arguments, variables, message in (
        (["--host", "0.0.0.0"], {}, "loopback only"),
        ([], {"API_JWT_SECRET": "short"}, "fewer than 32 bytes"),
    ):
        process = serve(engine, *arguments, API_PORT=port, **variables)
        assert message in process.communicate(timeout=120)[0]
        assert process.returncode == 1


def test_serve_with_a_secret_prints_no_token(engine: Settings, url: str) -> None:
    process = serve(engine, "--json", API_PORT=str(free_port()), API_JWT_SECRET=SECRET)
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["token"] is None
        assert httpx.get(f"{said['url']}/health").status_code == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
